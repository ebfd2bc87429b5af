package dev.sallyport.controlplane.config.read;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.Mark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is wrong, up to a bound that a person can still read.
final class Problems {
    private static final int MOST = 200;

    private final List<ConfigProblem> found = new ArrayList<>();

    void error(Mark at, String path, String message, String hint) {
        if (found.size() < MOST) {
            found.add(ConfigProblem.error(at, path, message, hint));
        }
    }

    void add(ConfigProblem problem) {
        error(problem.at(), problem.path(), problem.message(), problem.hint());
    }

    /// Takes a message of the form `value (expected: form)` apart.
    void error(Mark at, String path, String messageAndHint) {
        int expected = messageAndHint.indexOf(" (expected: ");
        int open = expected > 0 ? expected : messageAndHint.lastIndexOf(" (");
        if (open > 0 && messageAndHint.endsWith(")")) {
            error(
                    at,
                    path,
                    messageAndHint.substring(0, open),
                    messageAndHint.substring(open + 2, messageAndHint.length() - 1));
        } else {
            error(at, path, messageAndHint, "");
        }
    }

    int count() {
        return found.size();
    }

    boolean full() {
        return found.size() >= MOST;
    }

    /// In the order of the files.
    List<ConfigProblem> sorted() {
        return found.stream()
                .sorted(Comparator.comparing(ConfigProblem::at).thenComparing(ConfigProblem::path))
                .toList();
    }
}
