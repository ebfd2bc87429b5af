package dev.sallyport.dataplane.listen;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// How many of something there are at once, in all and by network, and how many were refused. Used by all loops.
///
/// The table holds an entry only while places are taken, so it cannot outgrow them.
final class Places {
    private final AtomicInteger taken = new AtomicInteger();
    private final ConcurrentHashMap<Long, Integer> byNetwork = new ConcurrentHashMap<>();
    private final LongAdder overTotal = new LongAdder();
    private final LongAdder overNetwork = new LongAdder();

    /// Takes a place for `network`; false when there are `most` in all or `mostPerNetwork` of it already.
    boolean take(long network, int most, int mostPerNetwork) {
        if (taken.incrementAndGet() > most) {
            taken.decrementAndGet();
            overTotal.increment();
            return false;
        }
        int count = byNetwork.merge(network, 1, Integer::sum);
        if (count > mostPerNetwork) {
            giveBack(network);
            overNetwork.increment();
            return false;
        }
        return true;
    }

    void giveBack(long network) {
        taken.decrementAndGet();
        byNetwork.computeIfPresent(network, (same, count) -> count == 1 ? null : count - 1);
    }

    int taken() {
        return taken.get();
    }

    /// How many were refused because there were too many in all.
    long overTotal() {
        return overTotal.sum();
    }

    /// How many were refused because there were too many of their network.
    long overNetwork() {
        return overNetwork.sum();
    }
}
