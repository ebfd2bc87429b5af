package dev.sallyport.api.expression;

import dev.sallyport.api.exchange.Exchange;
import java.util.Set;

/// A question about an exchange whose answer is a text or a whole number. Immutable; asked on event loops, any number
/// of
/// them at once, without waiting.
public interface Value {
    /// The text that it is.
    ///
    /// @throws EvaluationException when there is no answer, or it is no text
    String text(Exchange exchange) throws EvaluationException;

    /// The whole number that it is.
    ///
    /// @throws EvaluationException when there is no answer, or it is no number
    long number(Exchange exchange) throws EvaluationException;

    /// As written.
    String written();

    /// Whether it asks about the caller, so that there is no answer before the caller is known.
    boolean asksCaller();

    /// The path parameters without which it has no value.
    default Set<String> pathParameters() {
        return Set.of();
    }
}
