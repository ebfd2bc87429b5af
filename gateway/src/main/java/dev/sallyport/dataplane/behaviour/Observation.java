package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.dataplane.behaviour.score.Rules;
import dev.sallyport.dataplane.limit.Network;
import org.jspecify.annotations.Nullable;

/// Takes note of what finished requests tell of those behind them. What a proven caller does is its own doing, and
/// nobody else's; what nobody has proven to have done is that of the network it came from (threats RL-15, AK-06).
public final class Observation implements Recorder {
    /// One in so many requests that went well is counted, for all of them.
    private static final int SAMPLED = 16;

    private final Conducts conducts;
    private volatile @Nullable Judged judged;

    /// Rules with what goes by them.
    private record Judged(Rules rules, Standing standing) {}

    public Observation(Conducts conducts) {
        this.conducts = conducts;
    }

    private @Nullable Judged judged() {
        Rules rules = conducts.rules();
        if (rules == null) {
            return null;
        }
        Judged known = judged;
        if (known == null || !known.rules.equals(rules)) {
            known = new Judged(rules, new Standing(conducts, rules));
            judged = known;
        }
        return known;
    }

    @Override
    public void record(Exchange exchange) {
        Judged by = judged();
        if (by == null) {
            return;
        }
        Signal signal = Signals.of(exchange);
        if (signal == null) {
            well(exchange, by);
        } else {
            ill(exchange, signal, by.rules);
        }
    }

    private void well(Exchange exchange, Judged by) {
        boolean counted = (exchange.requestIdLow() & (SAMPLED - 1)) == 0;
        Principal caller = exchange.principal();
        boolean let = !exchange.admittedBy().isEmpty() && exchange.failure() == null && exchange.refusal() == null;
        if (counted && !exchange.upstream().isEmpty()) {
            conducts.on(exchange.loop()).health.served(exchange.upstream(), SAMPLED);
        }
        if (caller != null && let) {
            if (counted) {
                conducts.siege().proven(SAMPLED, conducts.now());
            }
            by.standing.didWell(exchange, caller);
        }
    }

    private void ill(Exchange exchange, Signal signal, Rules rules) {
        OnLoop own = conducts.on(exchange.loop());
        if (signal == Signal.UPSTREAM_ERROR && !own.health.failed(exchange.upstream())) {
            // it fails for everybody
            return;
        }
        Network network = Network.of(exchange.clientAddress());
        if (signal == Signal.FAILED_AUTHENTICATION && conducts.recognises(exchange, rules, network, own)) {
            // it was good, and is not any more: that is no guess
            return;
        }
        conducts.figures().signal(signal).increment();
        Principal caller = exchange.principal();
        if (caller != null && isProven(exchange)) {
            conducts.blameCaller(caller, signal, rules, own);
        } else {
            exchange.connection().didWell(false);
            conducts.blameSource(network, signal, rules, own);
        }
    }

    /// Whether the caller is beyond doubt: its credential was good, and not taken back.
    private static boolean isProven(Exchange exchange) {
        return !exchange.admittedBy().isEmpty() || !exchange.deniedBy().isEmpty();
    }

    /// A connection through which many come is nobody's.
    @Override
    public void recordFault(ClientConnection connection, RequestFault fault) {
        Judged by = judged();
        Signal signal = Signals.of(fault);
        if (by == null || signal == null || connection.trusts(connection.peer().getAddress())) {
            return;
        }
        conducts.figures().signal(signal).increment();
        connection.didWell(false);
        // faults do not say which loop they happened on
        conducts.blameSource(Network.of(connection.peer().getAddress()), signal, by.rules, conducts.scratch());
    }

    @Override
    public void recordBug(Exchange exchange, Throwable bug) {}
}
