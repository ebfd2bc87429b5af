package dev.sallyport.app.explain;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Explanation;
import dev.sallyport.api.access.Explanation.Answer;
import dev.sallyport.api.access.Explanation.Finding;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An authorizer that is asked why together with what, so that the gate decides by the very verdict that is explained.
/// Confined to the exchange's loop.
final class HeardAuthorizer implements Authorizer {
    private final Authorizer own;
    private final @Nullable String unasked;
    private List<Finding> findings = List.of();
    private boolean leftOut;

    /// @param unasked the name of a server that is not asked here: the rest is found out as if it allowed, and
    ///     [#unasked()] says so; null to ask
    HeardAuthorizer(Authorizer own, @Nullable String unasked) {
        this.own = own;
        this.unasked = unasked;
    }

    /// What it looked at; nothing when it was not asked.
    List<Finding> findings() {
        return findings;
    }

    /// The name of the server that would have been asked, null for none.
    @Nullable
    String unasked() {
        return leftOut ? unasked : null;
    }

    @Override
    public Verdict judge(Exchange exchange) {
        if (unasked != null) {
            leftOut = true;
            findings = List.of(
                    new Finding("ask " + unasked, Answer.UNASKED, "asked by a running gateway only", List.of()));
            return new Verdict.Allow("ask " + unasked);
        }
        Explanation explanation = own.explain(exchange);
        findings = explanation.findings();
        return explanation.verdict() instanceof Verdict.Await later
                ? new Verdict.Await(later.verdict().thenApply(this::late))
                : explanation.verdict();
    }

    private Verdict late(Verdict verdict) {
        findings = switch (verdict) {
            case Verdict.Allow allow -> List.of(new Finding(allow.rule(), Answer.YES, "", List.of()));
            case Verdict.Deny deny ->
                List.of(new Finding(deny.rule(), Answer.NO, deny.reason().code(), List.of()));
            case Verdict.Prove prove ->
                List.of(new Finding(prove.rule(), Answer.NO, prove.reason().code(), List.of()));
            case Verdict.Undecided undecided ->
                List.of(new Finding(
                        undecided.rule(), Answer.UNKNOWN, undecided.reason().code(), List.of()));
            case Verdict.Await _ -> findings;
        };
        return verdict;
    }
}
