package dev.sallyport.controlplane.config.behaviour;

import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// What speaks against callers.
@Doc("What speaks against callers.")
public record SignalsConfig(
        @Doc(
                "A credential that is not good: wrong, forged, unknown. Not one that is past its time, nor one that was good before. "
                        + "Usually 10, half after 5m.")
        @Default("{}")
        SignalConfig failedAuthentication,

        @Doc("Asking for what one may not (403). Usually 3, half after 5m.") @Default("{}")
        SignalConfig denied,

        @Doc("Asking for what does not exist, here or at the upstream. Usually 1, half after 2m.") @Default("{}")
        SignalConfig notFound,

        @Doc("Requests that break the rules of the protocol, of a route or of a listener. Usually 2, half after 5m.")
        @Default("{}")
        SignalConfig badRequest,

        @Doc("Being refused by a limit. Usually 0.2, half after 1m.") @Default("{}")
        SignalConfig limitHit,

        @Doc(
                "A token, not bound to its sender, from a network it was not shown from before. Usually 8, half after 15m.")
        @Default("{}")
        SignalConfig newNetworkForToken,

        @Doc("A token, not bound to its sender, from another client program. Usually 4, half after 15m.") @Default("{}")
        SignalConfig newClientForToken,

        @Doc("An upstream failing on a request while it serves others well. Usually 1, half after 2m.") @Default("{}")
        SignalConfig upstreamError,

        @Doc("401 and 403 from upstreams. Usually 0, half after 5m.") @Default("{}")
        SignalConfig upstreamDenied) {
    /// What each signal counts.
    public Map<Signal, Weight> weights() {
        Map<Signal, Weight> weights = new EnumMap<>(Signal.class);
        for (Signal signal : Signal.values()) {
            SignalConfig config = of(signal);
            weights.put(signal, new Weight(config.weightOf(signal), config.halfLifeOf(signal)));
        }
        return weights;
    }

    /// What one signal counts.
    public record Weight(double weight, Duration halfLife) {}

    private SignalConfig of(Signal signal) {
        return switch (signal) {
            case FAILED_AUTHENTICATION -> failedAuthentication;
            case DENIED -> denied;
            case NOT_FOUND -> notFound;
            case BAD_REQUEST -> badRequest;
            case LIMIT_HIT -> limitHit;
            case NEW_NETWORK_FOR_TOKEN -> newNetworkForToken;
            case NEW_CLIENT_FOR_TOKEN -> newClientForToken;
            case UPSTREAM_ERROR -> upstreamError;
            case UPSTREAM_DENIED -> upstreamDenied;
        };
    }
}
