package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Rules;
import org.jspecify.annotations.Nullable;

/// Refuses whoever is hostile before anything else is done for the request: before its route is looked for, its body
/// is read or its credential is judged. Who shows a credential that did well from there is not refused for what others
/// in the same network did.
public final class Screening implements Policy {
    private final Conducts conducts;
    private final Rules rules;
    private final Sources sources;

    public Screening(Conducts conducts, Rules rules) {
        this.conducts = conducts;
        this.rules = rules;
        this.sources = new Sources(conducts, rules);
    }

    @Override
    public Phase phase() {
        return Phase.SCREEN;
    }

    public Rules rules() {
        return rules;
    }

    @Override
    public Decision decide(Exchange exchange) {
        Sighting source = note(exchange);
        if (source.refusedFor() == 0) {
            return Decision.PROCEED;
        }
        if (!source.refused()) {
            conducts.figures().recognised.increment();
            return Decision.PROCEED;
        }
        conducts.figures().refused(Kind.ADDRESS).increment();
        return new Decision.Refuse(conducts.on(exchange.loop()).refusing.refuse(exchange, source.refusedFor()));
    }

    private Sighting note(Exchange exchange) {
        Sighting source = sources.look(exchange);
        if (!source.equals(Sighting.NOTHING)) {
            exchange.put(Sighting.OF, source);
            Level level = source.effective();
            exchange.conduct(rules.conduct(level, source.recognised() ? 0 : source.score()));
        }
        return source;
    }

    /// What it would say of `exchange`, for whoever explains; nothing is counted. The exchange knows its conduct
    /// then.
    public String foretold(Exchange exchange) {
        Sighting source = note(exchange);
        String of = exchange.clientAddress().getHostAddress() + " is "
                + source.level().label() + ", score " + Math.round(source.score());
        if (source.refusedFor() == 0) {
            return of;
        }
        long seconds = Conducts.seconds(source.refusedFor()) + 1;
        return of + (source.banned() ? ", banned" : ", refused") + " for " + seconds + " s"
                + (source.refused() ? "" : ", but shows a credential that did well from there");
    }

    /// Why `exchange`, of which was [foretold][#foretold], would be refused; null when it would not.
    public @Nullable Refusal foreseen(Exchange exchange) {
        Sighting source = exchange.get(Sighting.OF);
        return source != null && source.refused()
                ? conducts.on(exchange.loop()).refusing.refuse(exchange, source.refusedFor())
                : null;
    }
}
