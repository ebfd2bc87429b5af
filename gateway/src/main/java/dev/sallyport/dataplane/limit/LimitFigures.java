package dev.sallyport.dataplane.limit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What one limit has said of requests. Safe for all threads.
public final class LimitFigures {
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int SHARE_BITS = 10;

    /// The whole of an allowance, in the parts that shares are told in.
    static final int WHOLE = 1000;

    private final LongAdder allowed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder shadowed = new LongAdder();

    /// Two minutes' numbers, each above the largest share seen in it.
    private final AtomicLong[] edges = {new AtomicLong(), new AtomicLong()};

    void countAllowed() {
        allowed.increment();
    }

    void countRefused() {
        refused.increment();
    }

    void countShadowed() {
        shadowed.increment();
    }

    public long allowed() {
        return allowed.sum();
    }

    public long refused() {
        return refused.sum();
    }

    /// What it would have refused if it were not on trial.
    public long shadowed() {
        return shadowed.sum();
    }

    /// Notes that a key has used up `share` thousandths of what it may have.
    void edge(int share, long nanos) {
        long minute = Math.max(0, nanos / WINDOW_NANOS);
        long candidate = (minute << SHARE_BITS) | share;
        AtomicLong edge = edges[(int) (minute & 1)];
        // hardly ever written: only what is more than before
        if (candidate > edge.get()) {
            edge.accumulateAndGet(candidate, Math::max);
        }
    }

    /// The largest part of its allowance, 0 to 1, that any key had used up in this minute or the last.
    public double nearestToTheEdge() {
        long minute = Math.max(0, System.nanoTime() / WINDOW_NANOS);
        int share = 0;
        for (AtomicLong edge : edges) {
            long seen = edge.get();
            if (seen >>> SHARE_BITS >= minute - 1) {
                share = Math.max(share, (int) (seen & ((1 << SHARE_BITS) - 1)));
            }
        }
        return share / (double) WHOLE;
    }
}
