package dev.sallyport.api.expression;

import dev.sallyport.api.exchange.Exchange;
import java.util.List;

/// A yes-or-no question about an exchange. Immutable; asked on event loops, any number of them at once, without
/// waiting.
public interface Condition {
    /// Whether it holds.
    ///
    /// @throws EvaluationException when there is no answer: whoever asks must refuse
    boolean holds(Exchange exchange) throws EvaluationException;

    /// As written.
    String text();

    /// What its parts were worth, in the order they are written; for explanations, not for the hot path.
    List<Part> parts(Exchange exchange);

    /// A part of a condition.
    ///
    /// @param text  as written
    /// @param value as text, or why it has none
    record Part(String text, String value) {}
}
