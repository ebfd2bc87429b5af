package dev.sallyport.extension.observe.source;

import dev.sallyport.api.identity.Principal;
import org.jspecify.annotations.Nullable;

/// What one source did.
///
/// How many different accounts, credentials or paths it tried is told by how many of 64 bits they set: about right up
/// to a hundred, and that is many.
final class SourceCount {
    private static final int BITS = 64;

    final long network;
    final @Nullable String caller;
    final String authenticator;
    final int[] counts = new int[Conduct.values().length];
    long accounts;
    long paths;
    long requestHigh;
    long requestLow;

    SourceCount(long network, @Nullable Principal caller) {
        this.network = network;
        this.caller = caller == null ? null : caller.id();
        this.authenticator = caller == null ? "" : caller.authenticator();
    }

    boolean is(long otherNetwork, @Nullable Principal other) {
        return network == otherNetwork
                && (other == null
                        ? caller == null
                        : other.id().equals(caller) && other.authenticator().equals(authenticator));
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    void add(Conduct conduct, long high, long low) {
        counts[conduct.ordinal()]++;
        requestHigh = high;
        requestLow = low;
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    int get(Conduct conduct) {
        return counts[conduct.ordinal()];
    }

    /// The bit that stands for something with such a hash.
    static long bit(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x85ebca6b;
        mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
        return 1L << ((mixed ^ mixed >>> 16) & 63);
    }

    /// How many different things set these bits, about.
    static int different(long bits) {
        int unset = BITS - Long.bitCount(bits);
        return (int) Math.round(-BITS * Math.log((unset == 0 ? 0.5 : unset) / BITS));
    }
}
