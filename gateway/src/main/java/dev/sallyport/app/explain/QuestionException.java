package dev.sallyport.app.explain;

/// A question that has no answer, in words for whoever asked.
public final class QuestionException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param message what was asked, and what was expected
    public QuestionException(String message) {
        super(message);
    }
}
