package dev.sallyport.extension.authn.server;

import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.extension.authn.jose.pool.Network;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Bounds how many questions are open, in all and for one network of clients, so that tokens made up by one client
/// do not use up what all have (threat OA-14). Any thread.
final class Bulkhead {
    private static final Headers SOON = Headers.of("retry-after", "1");

    /// One network has too many questions open.
    static final Refusal NETWORK_BUSY = Refusal.of(
                    429,
                    "verification-limit",
                    "Too many credentials at once",
                    "Too many credentials of your network are being verified.")
            .with(SOON);

    /// All together have too many.
    static final Refusal BUSY = Refusal.of(
                    503, "verification-busy", "Too busy to verify", "Too many credentials are being verified.")
            .with(SOON);

    private final int most;
    private final int mostPerNetwork;
    private final AtomicInteger inside = new AtomicInteger();
    private final ConcurrentMap<Network, Integer> perNetwork = new ConcurrentHashMap<>();

    Bulkhead(int most, int mostPerNetwork) {
        this.most = most;
        this.mostPerNetwork = mostPerNetwork;
    }

    /// Lets one in; why not, or null. Who was let in leaves again.
    @Nullable
    Refusal enter(Network network) {
        if (inside.incrementAndGet() > most) {
            inside.decrementAndGet();
            return BUSY;
        }
        if (perNetwork.merge(network, 1, Integer::sum) > mostPerNetwork) {
            leave(network);
            return NETWORK_BUSY;
        }
        return null;
    }

    void leave(Network network) {
        perNetwork.computeIfPresent(network, (same, count) -> count == 1 ? null : count - 1);
        inside.decrementAndGet();
    }

    int inside() {
        return inside.get();
    }
}
