package dev.sallyport.controlplane.compile;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.Mark;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.Places;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What a compilation finds wrong, beside what reading found.
final class Findings {
    private static final Mark NOWHERE = Mark.of("");

    private final Places places;
    private final List<ConfigProblem> found;

    Findings(ConfigDocument document) {
        this.places = document.places();
        this.found = new ArrayList<>(document.problems());
    }

    void error(String path, String message, String hint) {
        found.add(ConfigProblem.error(at(path), path, places.masked(path, message), places.masked(path, hint)));
    }

    /// Takes a message of the form `value (expected: form)` apart.
    void error(String path, String messageAndHint) {
        int open = messageAndHint.indexOf(" (expected: ");
        if (open > 0 && messageAndHint.endsWith(")")) {
            error(
                    path,
                    messageAndHint.substring(0, open),
                    messageAndHint.substring(open + 2, messageAndHint.length() - 1));
        } else {
            error(path, messageAndHint, "");
        }
    }

    /// A problem of a file that the configuration names.
    void add(ConfigProblem problem) {
        found.add(problem);
    }

    void warning(String path, String message, String hint) {
        found.add(ConfigProblem.warning(at(path), path, message, hint));
    }

    Mark at(String path) {
        return places.at(path, NOWHERE);
    }

    /// Whether something, right or wrong, is configured at `path`.
    boolean configured(String path) {
        return places.contains(path);
    }

    /// Whether the map configured at `path` has no entries, not even wrong ones.
    boolean configuredEmpty(String path) {
        return places.contains(path) && !places.containsBelow(path);
    }

    boolean hasErrors() {
        return found.stream().anyMatch(ConfigProblem::isError);
    }

    int count() {
        return found.size();
    }

    /// In the order of the files.
    List<ConfigProblem> sorted() {
        return found.stream()
                .sorted(Comparator.comparing(ConfigProblem::at).thenComparing(ConfigProblem::path))
                .toList();
    }
}
