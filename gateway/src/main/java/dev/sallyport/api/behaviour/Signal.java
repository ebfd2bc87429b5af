package dev.sallyport.api.behaviour;

import java.time.Duration;
import java.util.Locale;

/// What callers do that speaks against them.
public enum Signal {
    /// A credential was shown that is not good: wrong, forged, unknown or revoked; not one that is merely past its
    /// time.
    FAILED_AUTHENTICATION(10, Duration.ofMinutes(5), true),
    /// A caller asked for what it may not.
    DENIED(3, Duration.ofMinutes(5), true),
    /// Something was asked for that does not exist, here or at the upstream.
    NOT_FOUND(1, Duration.ofMinutes(2), true),
    /// A request broke the rules of the protocol or of the gateway.
    BAD_REQUEST(2, Duration.ofMinutes(5), true),
    /// A limit refused.
    LIMIT_HIT(0.2, Duration.ofMinutes(1), false),
    /// A token was shown from a network from which it was not shown before.
    NEW_NETWORK_FOR_TOKEN(8, Duration.ofMinutes(15), false),
    /// A token was shown by another client program than before.
    NEW_CLIENT_FOR_TOKEN(4, Duration.ofMinutes(15), false),
    /// An upstream failed on a request while it served others well.
    UPSTREAM_ERROR(1, Duration.ofMinutes(2), false),
    /// An upstream answered 401 or 403.
    UPSTREAM_DENIED(0, Duration.ofMinutes(5), true);

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final double weight;
    private final Duration halfLife;
    private final boolean grave;

    Signal(double weight, Duration halfLife, boolean grave) {
        this.weight = weight;
        this.halfLife = halfLife;
        this.grave = grave;
    }

    /// As configuration and metrics call it.
    public String label() {
        return label;
    }

    /// What it counts where nothing else is configured.
    public double usualWeight() {
        return weight;
    }

    /// After which it counts half, where nothing else is configured.
    public Duration usualHalfLife() {
        return halfLife;
    }

    /// Whether it can make somebody hostile alone: what may well happen to honest callers, many of them behind one
    /// address, cannot.
    public boolean grave() {
        return grave;
    }
}
