package dev.sallyport.controlplane.posture;

import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.Mark;
import dev.sallyport.controlplane.config.read.Places;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How a configuration stands: what was found in it, and what of that is ignored on purpose.
///
/// @param findings what counts, the most severe first, then in the order of the file
/// @param ignored  what does not, with who said so
public record Posture(List<Finding> findings, List<Ignored> ignored) {
    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::severity)
            .reversed()
            .thenComparing(Finding::at)
            .thenComparing(Finding::path)
            .thenComparing(finding -> finding.rule().id());

    public Posture {
        findings = findings.stream().sorted(ORDER).toList();
        ignored = List.copyOf(ignored);
    }

    /// A finding that does not count, and why.
    public record Ignored(Finding finding, String reason) {}

    /// Everything that `rules` find.
    public static Posture of(Compiled compiled, List<Rule> rules) {
        Subject subject = new Subject(compiled);
        Places places = compiled.document().places();
        Mark nowhere = compiled.document().places().at("version", Mark.of(""));
        List<Finding> found = new ArrayList<>();
        for (Rule rule : rules) {
            rule.check()
                    .look(
                            subject,
                            (path, what) ->
                                    found.add(new Finding(rule, places.at(path, Mark.of(nowhere.file())), path, what)));
        }
        return new Posture(found, List.of());
    }

    /// The same with what `list` ignores taken out; entries that are of no use or out of date are findings themselves.
    ///
    /// @param places where the list's entries stand
    /// @param file   where they stand otherwise
    /// @param today  the date by which entries end
    public Posture without(IgnoreList list, Places places, String file, LocalDate today) {
        List<Finding> counting = new ArrayList<>(findings);
        List<Ignored> set = new ArrayList<>(ignored);
        List<Finding> aboutTheList = new ArrayList<>();
        for (int i = 0; i < list.ignore().size(); i++) {
            IgnoreList.Entry entry = list.ignore().get(i);
            List<Finding> matching = findings.stream().filter(entry::isFor).toList();
            String path = "ignore[" + i + "]";
            Mark at = places.at(path, Mark.of(file));
            String what = entry.id() + " at " + entry.path();
            if (matching.isEmpty()) {
                aboutTheList.add(new Finding(Rules.UNUSED_IGNORE, at, path, what + " is not found"));
            } else if (entry.expired(today)) {
                aboutTheList.add(new Finding(Rules.EXPIRED_IGNORE, at, path, what + ", until " + entry.until()));
            } else {
                for (Finding one : matching) {
                    if (counting.remove(one)) {
                        set.add(new Ignored(one, entry.reason()));
                    }
                }
            }
        }
        counting.addAll(aboutTheList);
        return new Posture(counting, set);
    }

    /// Whether something of at least `severity` counts.
    public boolean hasAtLeast(Severity severity) {
        return findings.stream().anyMatch(finding -> finding.severity().compareTo(severity) >= 0);
    }
}
