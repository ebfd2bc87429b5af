package dev.sallyport.dataplane.limit;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Charge.State;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.limit.Measure;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The limits of a route that are judged in one phase, all of them or none. A refusal by limits of identity gives back
/// what those of the source took; anything else that becomes of the request costs what it costs (threat RL-14).
public final class Limits implements Policy {
    private static final Decision UNDECIDED = new Decision.Refuse(LimitRefusals.UNDECIDED);

    /// Requests of a second and loop that are noted one by one; of more than these, one in so many is.
    private static final int NOTED = 256;

    private static final int SAMPLED = 16;

    private final Phase phase;
    private final Limit[] limits;
    private final Counters counters;
    private final LimitRefusals[] refusals;
    private final OnLoop[] loops;
    private final int layers;

    /// What is kept for one loop.
    private static final class OnLoop {
        private final Counters counters;
        private final QuietLog[] logs;
        private @Nullable KeyHash hash;
        private long second;
        private int noted;

        OnLoop(Counters counters, int limits) {
            this.counters = counters;
            logs = new QuietLog[limits];
            for (int i = 0; i < limits; i++) {
                logs[i] = new QuietLog();
            }
        }

        /// Made with the first request: what keys are hashed with is not known before there is a store.
        private KeyHash hash() {
            KeyHash known = hash;
            if (known == null) {
                known = new KeyHash(counters.secret());
                hash = known;
            }
            return known;
        }
    }

    /// @param phase `SCREEN` for limits by the source, else `METER`
    /// @param loops how many event loops there are
    public Limits(Phase phase, List<Limit> limits, Counters counters, int loops) {
        this.phase = phase;
        this.limits = limits.toArray(Limit[]::new);
        this.counters = counters;
        this.refusals =
                limits.stream().map(limit -> new LimitRefusals(limit.name())).toArray(LimitRefusals[]::new);
        this.loops = new OnLoop[loops];
        for (int i = 0; i < loops; i++) {
            this.loops[i] = new OnLoop(counters, this.limits.length);
        }
        this.layers = limits.stream().mapToInt(limit -> limit.layers().size()).sum();
    }

    @Override
    public Phase phase() {
        return phase;
    }

    /// Its limits, in the order of the route's list.
    public List<Limit> limits() {
        return List.of(limits);
    }

    @Override
    public Decision decide(Exchange exchange) {
        Method method = exchange.request().method();
        Metering metering = Metering.of(exchange, counters, layers + 2);
        Charge charge = metering.charge();
        int from = charge.size();
        KeyHash hash = loops[exchange.loop()].hash();
        for (Limit limit : limits) {
            if (limit.counts(method)) {
                long cost = limit.cost(exchange);
                if (cost == Limit.UNKNOWN) {
                    if (limit.trial()) {
                        // one that is on trial harms nobody
                        continue;
                    }
                    return UNDECIDED;
                }
                limit.hash(exchange, hash);
                metering.add(
                        limit, hash.high(), hash.low(), cost, exchange.conduct().limitFactor());
            }
        }
        if (charge.size() == from) {
            return Decision.PROCEED;
        }
        CompletionStage<?> later = counters.take(charge, from);
        return later == null
                ? judged(exchange, metering, from)
                : new Decision.Await(later.thenApplyAsync(_ -> judged(exchange, metering, from), exchange::execute));
    }

    /// What it would count `exchange` by, for whoever explains; nothing is counted.
    public String foretold(Exchange exchange) {
        StringBuilder text = new StringBuilder();
        for (Limit limit : limits) {
            if (limit.counts(exchange.request().method())) {
                long cost = limit.cost(exchange);
                text.append(text.isEmpty() ? "counts in " : "; ")
                        .append(limit.name())
                        .append(limit.trial() ? " (shadow)" : "")
                        .append(" by ")
                        .append(limit.keyText(exchange));
                if (cost == Limit.UNKNOWN) {
                    text.append(", refused: nobody can tell its cost");
                } else if (cost != 1) {
                    text.append(", costs ").append(cost);
                }
            }
        }
        return text.isEmpty() ? "none for this method" : text.toString();
    }

    private Decision judged(Exchange exchange, Metering metering, int from) {
        Charge charge = metering.charge();
        int refusedBy = -1;
        boolean unknown = false;
        for (int i = from; i < charge.size(); i++) {
            State state = charge.state(i);
            unknown |= state == State.UNKNOWN;
            if (state == State.REFUSED && (refusedBy < 0 || charge.retryNanos(i) > charge.retryNanos(refusedBy))) {
                refusedBy = i;
            } else if (state == State.WOULD_REFUSE) {
                exchange.shadowLimited(metering.limit(i).name());
            } else if (state == State.TAKEN && charge.layer(i).measure() instanceof Measure.Concurrent) {
                metering.endWith(exchange);
            }
        }
        figures(exchange, metering, from);
        if (refusedBy < 0 && !unknown) {
            return Decision.PROCEED;
        }
        // the source is not charged for what its callers were not given
        counters.giveBack(charge, 0, from);
        if (refusedBy < 0) {
            return UNDECIDED;
        }
        Limit limit = metering.limit(refusedBy);
        exchange.limited(limit.name());
        int index = index(limit);
        int leftOut = loops[exchange.loop()].logs[index].next(System.nanoTime());
        if (leftOut < 0) {
            exchange.leaveOut();
        } else {
            exchange.leftOutBefore(leftOut);
        }
        return new Decision.Refuse(refusals[index].of(charge, refusedBy));
    }

    private int index(Limit limit) {
        int index = 0;
        while (!limits[index].equals(limit)) {
            index++;
        }
        return index;
    }

    /// Counts once for each limit, however many layers it has.
    private void figures(Exchange exchange, Metering metering, int from) {
        Charge charge = metering.charge();
        int weight = weight(exchange);
        for (int i = from; i < charge.size(); ) {
            Limit limit = metering.limit(i);
            int first = i;
            boolean refused = false;
            boolean would = false;
            boolean taken = false;
            int share = 0;
            for (; i < charge.size() && metering.limit(i).equals(limit); i++) {
                State state = charge.state(i);
                refused |= state == State.REFUSED;
                would |= state == State.WOULD_REFUSE;
                taken |= state == State.TAKEN;
                long most = charge.layer(i).measure().most();
                share = Math.max(share, (int) ((most - charge.remaining(i)) * LimitFigures.WHOLE / most));
            }
            LimitFigures figures = limit.figures();
            if (refused) {
                figures.countRefused();
            } else if (would) {
                figures.countShadowed();
            } else if (taken) {
                figures.countAllowed();
            }
            figures.edge(share, exchange.startedAt());
            if (weight > 0 && (refused || would || taken)) {
                limit.top().note(charge.low(first), weight, refused || would, () -> limit.keyText(exchange));
            }
        }
    }

    /// How many requests this one stands for among the keys that ask most; 0 for none.
    private int weight(Exchange exchange) {
        OnLoop loop = loops[exchange.loop()];
        long second = exchange.startedAt() >> 30;
        if (second != loop.second) {
            loop.second = second;
            loop.noted = 0;
        }
        if (loop.noted < NOTED) {
            loop.noted++;
            return 1;
        }
        return (exchange.requestIdLow() & (SAMPLED - 1)) == 0 ? SAMPLED : 0;
    }
}
