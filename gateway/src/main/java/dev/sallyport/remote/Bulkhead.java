package dev.sallyport.remote;

import dev.sallyport.api.exchange.Refusal;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Bounds how many questions are open, in all and for one network of clients, so that what one client makes up
/// does not use up what all have (threat OA-14). Any thread.
final class Bulkhead {
    private final int most;
    private final int mostPerNetwork;
    private final Wording wording;
    private final AtomicInteger inside = new AtomicInteger();
    private final ConcurrentMap<Network, Integer> perNetwork = new ConcurrentHashMap<>();

    Bulkhead(int most, int mostPerNetwork, Wording wording) {
        this.wording = wording;
        this.most = most;
        this.mostPerNetwork = mostPerNetwork;
    }

    /// Lets one in; why not, or null. Who was let in leaves again.
    @Nullable
    Refusal enter(Network network) {
        if (inside.incrementAndGet() > most) {
            inside.decrementAndGet();
            return wording.busy();
        }
        if (perNetwork.merge(network, 1, Integer::sum) > mostPerNetwork) {
            leave(network);
            return wording.networkBusy();
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
