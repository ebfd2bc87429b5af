package dev.sallyport.extension.observe;

import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.telemetry.Exemplar;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// A distribution of times: one thread writes, any thread may read a figure that is a moment old.
final class Histogram {
    /// OpenTelemetry's bounds for HTTP durations in seconds, with others between them, so that from a
    /// millisecond to ten
    /// seconds a bucket ends at most two thirds beyond the one before; coarser ones below and above.
    static final double[] BOUNDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0015, 0.0025, 0.0035, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.035, 0.05, 0.075,
        0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1, 1.5, 2.5, 3.5, 5, 7.5, 10, 30, 60
    };

    private static final long[] BOUNDS_NANOS = new long[BOUNDS.length];

    /// The first bucket that a number of nanoseconds with so many leading zero bits can be in.
    private static final byte[] FIRST = new byte[65];

    static {
        for (int i = 0; i < BOUNDS.length; i++) {
            BOUNDS_NANOS[i] = Math.round(BOUNDS[i] * 1e9);
        }
        for (int zeros = 0; zeros <= 64; zeros++) {
            long smallest = zeros == 64 ? 0 : 1L << (63 - zeros);
            FIRST[zeros] = (byte) (zeros == 0 ? BOUNDS.length : search(0, smallest));
        }
    }

    private static final int SUM = BOUNDS.length + 1;

    private static final long EXEMPLAR_EVERY_MILLIS = 1000;

    private final Cells cells = new Cells(SUM + 1);

    /// Of buckets that a sampled request fell in; none until there was one.
    private volatile @Nullable AtomicReferenceArray<@Nullable Exemplar> exemplars;

    private static int search(int from, long nanos) {
        int bucket = from;
        while (bucket < BOUNDS.length && nanos > BOUNDS_NANOS[bucket]) {
            bucket++;
        }
        return bucket;
    }

    /// The bucket that `nanos`, not negative, falls in.
    static int bucket(long nanos) {
        return search(FIRST[Long.numberOfLeadingZeros(nanos)], nanos);
    }

    void add(long nanos) {
        long positive = Math.max(0, nanos);
        cells.add(bucket(positive), 1);
        cells.add(SUM, positive);
    }

    /// Takes note of a sampled request that took `nanos`, as span `spanId`; at most one a second and bucket.
    void example(TraceContext trace, long spanId, long nanos, long epochMillis) {
        AtomicReferenceArray<@Nullable Exemplar> known = exemplars;
        if (known == null) {
            known = new AtomicReferenceArray<>(BOUNDS.length + 1);
            exemplars = known;
        }
        long positive = Math.max(0, nanos);
        int bucket = bucket(positive);
        Exemplar before = known.getPlain(bucket);
        if (before == null || epochMillis - before.epochMillis() >= EXEMPLAR_EVERY_MILLIS) {
            known.setRelease(
                    bucket, new Exemplar(trace.traceIdHigh(), trace.traceIdLow(), spanId, positive / 1e9, epochMillis));
        }
    }

    /// Puts the examples of each bucket into `into` that are newer than what is there.
    void addExemplars(@Nullable Exemplar[] into) {
        AtomicReferenceArray<@Nullable Exemplar> known = exemplars;
        if (known != null) {
            for (int i = 0; i < into.length; i++) {
                Exemplar mine = known.getAcquire(i);
                Exemplar other = into[i];
                if (mine != null && (other == null || other.epochMillis() < mine.epochMillis())) {
                    into[i] = mine;
                }
            }
        }
    }

    /// Adds the counts of each bucket to `counts`.
    void addCounts(long[] counts) {
        for (int i = 0; i <= BOUNDS.length; i++) {
            counts[i] += cells.get(i);
        }
    }

    /// The sum of all values in nanoseconds.
    long sumNanos() {
        return cells.get(SUM);
    }
}
