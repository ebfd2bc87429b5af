package dev.sallyport.api.expression;

/// An expression has no value for this exchange, such as one about a claim that the caller does not have. Without
/// stack trace: it is a matter of what was asked, not of the code.
public final class EvaluationException extends Exception {
    private static final long serialVersionUID = 1;

    /// @param message which part has no value, and why; without values a caller may have sent
    public EvaluationException(String message) {
        super(message, null, false, false);
    }
}
