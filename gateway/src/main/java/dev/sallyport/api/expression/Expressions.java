package dev.sallyport.api.expression;

/// Compiles expressions, checking their types. Any thread; not for event loops.
public interface Expressions {
    /// A condition.
    ///
    /// @throws ExpressionException when `text` is none
    Condition condition(String text) throws ExpressionException;
}
