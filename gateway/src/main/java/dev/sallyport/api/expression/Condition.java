package dev.sallyport.api.expression;

import dev.sallyport.api.exchange.Exchange;
import java.util.List;
import java.util.Set;

/// A yes-or-no question about an exchange. Immutable; asked on event loops, any number of them at once, without
/// waiting.
public interface Condition {
    /// Whether it holds.
    ///
    /// @throws EvaluationException when there is no answer: whoever asks must refuse
    boolean holds(Exchange exchange) throws EvaluationException;

    /// As written.
    String text();

    /// The path parameters without which it has no value, so that a route without them can be told when it is loaded;
    /// without those whose presence it asks for.
    default Set<String> pathParameters() {
        return Set.of();
    }

    /// What its parts were worth, in the order they are written; for explanations, not for the hot path.
    List<Part> parts(Exchange exchange);

    /// A part of a condition.
    ///
    /// @param text  as written
    /// @param value as text, or why it has none
    record Part(String text, String value) {}
}
