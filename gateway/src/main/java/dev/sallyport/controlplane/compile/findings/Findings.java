package dev.sallyport.controlplane.compile.findings;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.Mark;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.Places;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What a compilation finds wrong, beside what reading found.
public final class Findings {
    private static final Mark NOWHERE = Mark.of("");

    private final Places places;
    private final List<ConfigProblem> found;

    public Findings(ConfigDocument document) {
        this.places = document.places();
        this.found = new ArrayList<>(document.problems());
    }

    public void error(String path, String message, String hint) {
        found.add(ConfigProblem.error(at(path), path, places.masked(path, message), places.masked(path, hint)));
    }

    /// Takes a message of the form `value (expected: form)` apart.
    public void error(String path, String messageAndHint) {
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

    /// Something wrong within the text at `path`.
    ///
    /// @param offset characters of the text before the place
    public void error(String path, int offset, String message, String hint) {
        Mark at = places.within(path, offset, NOWHERE);
        // a part of what a reference stands for could not be put back to how it was written
        ConfigProblem problem = places.written(path) == null
                ? ConfigProblem.error(at, path, message, hint)
                : ConfigProblem.error(at, path, "wrong together with what it refers to", "");
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    /// A problem of a file that the configuration names.
    public void add(ConfigProblem problem) {
        found.add(problem);
    }

    public void warning(String path, String message, String hint) {
        found.add(ConfigProblem.warning(at(path), path, message, hint));
    }

    public Mark at(String path) {
        return places.at(path, NOWHERE);
    }

    /// Whether something, right or wrong, is configured at `path`.
    public boolean configured(String path) {
        return places.contains(path);
    }

    /// Whether the map configured at `path` has no entries, not even wrong ones.
    public boolean configuredEmpty(String path) {
        return places.contains(path) && !places.containsBelow(path);
    }

    public boolean hasErrors() {
        return found.stream().anyMatch(ConfigProblem::isError);
    }

    /// Whether something below `path`, or all of it, is wrong.
    public boolean hasErrors(String path) {
        return found.stream()
                .anyMatch(problem -> problem.isError() && problem.path().startsWith(path));
    }

    public int count() {
        return found.size();
    }

    /// In the order of the files.
    public List<ConfigProblem> sorted() {
        return found.stream()
                .sorted(Comparator.comparing(ConfigProblem::at).thenComparing(ConfigProblem::path))
                .toList();
    }
}
