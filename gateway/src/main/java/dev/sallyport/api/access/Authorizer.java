package dev.sallyport.api.access;

import dev.sallyport.api.exchange.Exchange;
import java.util.List;

/// Says whether the caller of an exchange may do what it asks.
///
/// Called on the exchange's event loop after authentication: it must not block. An exception or a failed stage
/// refuses. Where a route takes anonymous callers too, it is asked about those as well: they have no
/// [principal][Exchange#principal()].
public interface Authorizer {
    /// Of [#holdsForSeconds()]: as long as the configuration is the same.
    int UNTIL_CHANGED = Integer.MAX_VALUE;

    Verdict judge(Exchange exchange);

    /// In a few words what it is, for people.
    default String text() {
        return getClass().getSimpleName();
    }

    /// How long what it said holds for an exchange that goes on, in seconds: after that it is asked again, and a denial
    /// ends the exchange. At least 1.
    default int holdsForSeconds() {
        return 30;
    }

    /// What it says, and why; by the same code as [#judge], so that the two cannot differ. Not for the hot path.
    default Explanation explain(Exchange exchange) {
        Verdict verdict = judge(exchange);
        Explanation.Finding finding = switch (verdict) {
            case Verdict.Allow allow -> new Explanation.Finding(allow.rule(), Explanation.Answer.YES, "", List.of());
            case Verdict.Deny deny ->
                new Explanation.Finding(
                        deny.rule(), Explanation.Answer.NO, deny.reason().code(), List.of());
            case Verdict.Prove prove ->
                new Explanation.Finding(
                        prove.rule(), Explanation.Answer.NO, prove.reason().code(), List.of());
            case Verdict.Undecided undecided ->
                new Explanation.Finding(
                        undecided.rule(),
                        Explanation.Answer.UNKNOWN,
                        undecided.reason().code(),
                        List.of());
            case Verdict.Await _ ->
                new Explanation.Finding("asked elsewhere", Explanation.Answer.UNKNOWN, "no answer yet", List.of());
        };
        return new Explanation(verdict, List.of(finding));
    }
}
