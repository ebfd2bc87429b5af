package dev.sallyport.api.expression;

import java.util.List;

/// A text that is no expression, or not one of the wanted type; says all that is wrong with it.
public final class ExpressionException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    public ExpressionException(List<Problem> problems) {
        super(problems.toString());
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    /// One thing that is wrong.
    ///
    /// @param offset  characters of the text before the place
    /// @param message what is wrong there
    /// @param hint    what would be right, or empty
    public record Problem(int offset, String message, String hint) {}
}
