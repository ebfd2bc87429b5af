package dev.sallyport.dataplane.behaviour;

import java.util.HashMap;
import java.util.Map;

/// Whether upstreams serve well as a whole, as far as one loop sees: only then is an error the doing of who asked.
/// Confined to the loop.
final class UpstreamHealth {
    private static final int MOST_UPSTREAMS = 1024;
    private static final double ENOUGH = 50;
    private static final double FORGET = 2000;
    private static final double WELL = 0.1;

    private final Map<String, Count> counts = new HashMap<>();

    private static final class Count {
        private double all;
        private double failed;
    }

    /// Notes requests that `upstream` served.
    void served(String upstream, int count) {
        count(upstream).all += count;
    }

    /// Notes a request on which it failed; whether it serves others well.
    boolean failed(String upstream) {
        Count count = count(upstream);
        count.all++;
        count.failed++;
        return count.all >= ENOUGH && count.failed < WELL * count.all;
    }

    private Count count(String upstream) {
        Count count = counts.get(upstream);
        if (count == null) {
            if (counts.size() >= MOST_UPSTREAMS) {
                counts.clear();
            }
            count = new Count();
            counts.put(upstream, count);
        }
        if (count.all > FORGET) {
            count.all /= 2;
            count.failed /= 2;
        }
        return count;
    }
}
