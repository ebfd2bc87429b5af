package dev.sallyport.dataplane.overload;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.traffic.Priority;

/// Who is served first when not all can be: by the priority of the route, and among those of one priority by how far
/// the
/// caller is trusted: those whose conduct is suspicious come after strangers, those who were good for long before
/// others
/// who are known. Ranks are numbers from 0, the first to be refused, so that tables can be made of them.
public final class Rank {
    /// How many there are.
    static final int COUNT = 16;

    private static final int TRUSTS = 4;
    private static final int SUSPECT = 0;
    private static final int ANONYMOUS = 1;
    private static final int KNOWN = 2;
    private static final int HIGHEST = 3;

    private Rank() {}

    /// The rank of a request on a route of this priority, once it was let in.
    @SuppressWarnings("EnumOrdinal") // an index of this process
    static int of(Priority priority, Exchange exchange) {
        return priority.ordinal() * TRUSTS + trust(exchange);
    }

    private static int trust(Exchange exchange) {
        return switch (exchange.conduct().level()) {
            case HOSTILE, SUSPICIOUS -> SUSPECT;
            case NORMAL -> exchange.principal() == null ? ANONYMOUS : KNOWN;
            case TRUSTED -> exchange.principal() == null ? ANONYMOUS : HIGHEST;
        };
    }

    /// The highest rank that a request on a route of this priority can turn out to have.
    @SuppressWarnings("EnumOrdinal") // an index of this process
    static int highest(Priority priority) {
        return priority.ordinal() * TRUSTS + HIGHEST;
    }

    /// Whether it is that of a proven caller in good standing on a route that is not the first to be given up.
    @SuppressWarnings("EnumOrdinal") // an index of this process
    static boolean knownGood(int rank) {
        return rank % TRUSTS >= KNOWN && rank / TRUSTS > Priority.LOW.ordinal();
    }

    /// The lowest rank of proven callers in good standing on critical routes.
    @SuppressWarnings("EnumOrdinal") // an index of this process
    static int knownCritical() {
        return Priority.CRITICAL.ordinal() * TRUSTS + KNOWN;
    }

    /// The place of a rank's priority among priorities.
    static int priority(int rank) {
        return rank / TRUSTS;
    }
}
