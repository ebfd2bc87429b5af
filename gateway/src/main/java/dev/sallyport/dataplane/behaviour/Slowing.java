package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.exchange.Attribute;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.dataplane.behaviour.score.Rules;
import java.util.concurrent.CompletionStage;

/// Has requests wait whose source or caller is suspicious, longer the worse it is; once in the life of a request, and
/// not more of them at a time than there are places.
public final class Slowing implements Policy {
    private static final Attribute<Boolean> WAITED = Attribute.of("waited", Boolean.class);

    private final Conducts conducts;
    private final Rules rules;
    private final Phase phase;

    /// @param phase `SCREEN` for the conduct of sources, `METER` for that of callers
    public Slowing(Conducts conducts, Rules rules, Phase phase) {
        this.conducts = conducts;
        this.rules = rules;
        this.phase = phase;
    }

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    public Decision decide(Exchange exchange) {
        long nanos = rules.delay(exchange.conduct());
        if (nanos == 0 || exchange.get(WAITED) != null) {
            return Decision.PROCEED;
        }
        exchange.put(WAITED, true);
        OnLoop own = conducts.on(exchange.loop());
        long key = exchange.clientAddress().hashCode();
        CompletionStage<Boolean> over =
                own.pauses.begin(exchange, nanos, key, rules.delayedAtMost() / conducts.loops().length + 1);
        if (over == null) {
            conducts.figures().undelayed.increment();
            return new Decision.Refuse(own.refusing.tooMany(exchange));
        }
        conducts.figures().delayed.increment();
        return new Decision.Await(over.thenApply(_ -> Decision.PROCEED));
    }

    /// How long `exchange` would wait, for whoever explains.
    public String foretold(Exchange exchange) {
        long nanos = rules.delay(exchange.conduct());
        return nanos == 0 ? "goes on" : "waits " + nanos / 1_000_000 + " ms";
    }
}
