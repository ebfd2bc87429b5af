package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.Method;
import java.util.Comparator;
import java.util.Set;

/// A route's place among routes with the same hosts and template, and the methods it serves as bits.
record RouteRank(String name, RouteMatch match) {
    private static final int EVERY = bits(Set.of(Method.values())) & ~(bit(Method.TRACE) | bit(Method.CONNECT));

    /// First the route that is tried first: with methods, more headers, more query conditions, fewer methods, by
    /// name.
    static final Comparator<RouteRank> ORDER = Comparator.comparing(
                    (RouteRank rank) -> rank.match.methods().isEmpty())
            .thenComparingInt(rank -> -rank.match.headers().size())
            .thenComparingInt(rank -> -rank.match.query().size())
            .thenComparingInt(rank -> Integer.bitCount(rank.served()))
            .thenComparing(RouteRank::name);

    /// The methods that the route is configured for.
    int declared() {
        return match.methods().isEmpty() ? EVERY : bits(match.methods());
    }

    /// The methods that the route serves: HEAD too where it has GET.
    int served() {
        int declared = declared();
        return (declared & bit(Method.GET)) == 0 ? declared : declared | bit(Method.HEAD);
    }

    /// Whether the route was given HEAD by name; it is then tried before routes that have it because of GET.
    boolean namesHead() {
        return !match.methods().isEmpty() && (declared() & bit(Method.HEAD)) != 0;
    }

    /// The methods this route takes from a `later` one for the same hosts and template, if its conditions hold.
    int takes(RouteRank later) {
        return later.namesHead() && !namesHead() ? served() & ~bit(Method.HEAD) : served();
    }

    @SuppressWarnings("EnumOrdinal") // never stored or sent
    static int bit(Method method) {
        return 1 << method.ordinal();
    }

    private static int bits(Set<Method> methods) {
        int bits = 0;
        for (Method method : methods) {
            bits |= bit(method);
        }
        return bits;
    }
}
