package dev.sallyport.api.expression;

/// Compiles expressions, checking their types. Any thread; not for event loops.
public interface Expressions {
    /// A condition.
    ///
    /// @throws ExpressionException when `text` is none
    Condition condition(String text) throws ExpressionException;

    /// Something that has a text for each exchange.
    ///
    /// @throws ExpressionException when `text` is none
    Value text(String text) throws ExpressionException;

    /// Something that has a whole number for each exchange.
    ///
    /// @throws ExpressionException when `text` is none
    Value number(String text) throws ExpressionException;
}
