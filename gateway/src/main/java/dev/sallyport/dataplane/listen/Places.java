package dev.sallyport.dataplane.listen;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// How many of something there are at once, in all and by network, and how many were refused. Used by all loops.
///
/// The table holds an entry only while places are taken, so it cannot outgrow them. Only the first and the last place
/// of a network touch the table's locks; in between its count is an atomic number, so that loops do not wait for each
/// other.
final class Places {
    private final AtomicInteger taken = new AtomicInteger();
    private final ConcurrentHashMap<Long, AtomicInteger> byNetwork = new ConcurrentHashMap<>();
    private final LongAdder overTotal = new LongAdder();
    private final LongAdder overNetwork = new LongAdder();

    /// Takes a place for `network`; false when there are `most` in all or `mostPerNetwork` of it already.
    boolean take(long network, int most, int mostPerNetwork) {
        if (taken.incrementAndGet() > most) {
            taken.decrementAndGet();
            overTotal.increment();
            return false;
        }
        if (join(network) > mostPerNetwork) {
            giveBack(network);
            overNetwork.increment();
            return false;
        }
        return true;
    }

    /// One more of `network`; how many there are now.
    private int join(long network) {
        while (true) {
            AtomicInteger count = byNetwork.get(network);
            if (count == null) {
                AtomicInteger first = new AtomicInteger(1);
                count = byNetwork.putIfAbsent(network, first);
                if (count == null) {
                    return 1;
                }
            }
            int now = count.get();
            while (now > 0) {
                if (count.compareAndSet(now, now + 1)) {
                    return now + 1;
                }
                now = count.get();
            }
            // it was the last one's, who is about to take it out
            byNetwork.remove(network, count);
        }
    }

    void giveBack(long network) {
        taken.decrementAndGet();
        AtomicInteger count = byNetwork.get(network);
        if (count != null && count.decrementAndGet() == 0) {
            byNetwork.remove(network, count);
        }
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
