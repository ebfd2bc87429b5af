package dev.sallyport.app;

import dev.sallyport.controlplane.config.ConfigProblem;
import java.util.List;

/// A gateway could not start; the message says why, in words for its user.
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    StartException(String message, Throwable cause) {
        super(message, cause);
        this.problems = List.of();
    }

    StartException(List<ConfigProblem> problems) {
        super(problems.size() == 1 ? problems.getFirst().toString() : "the configuration is not usable");
        this.problems = List.copyOf(problems);
    }

    /// What is wrong with the configuration; empty when it is something else.
    public List<ConfigProblem> problems() {
        return problems;
    }
}
