package dev.sallyport.dataplane.behaviour.score;

import java.util.Locale;

/// What conduct is told apart by.
public enum Kind {
    /// One address; of IPv6 what one subscriber has.
    ADDRESS,
    /// The network that addresses are in, which tells of many that act together.
    NETWORK,
    /// A proven caller. Only its own requests change what is thought of it.
    CALLER,
    /// Whom a credential that failed claimed to be: guesses at it are slowed down, it is never thought worse of.
    ACCOUNT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /// As operators and metrics call it.
    public String label() {
        return label;
    }
}
