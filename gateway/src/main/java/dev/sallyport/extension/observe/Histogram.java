package dev.sallyport.extension.observe;

/// A distribution of times: one thread writes, any thread may read a figure that is a moment old.
final class Histogram {
    /// OpenTelemetry's bounds for HTTP durations in seconds, and finer ones below for what a gateway takes by
    /// itself.
    static final double[] BOUNDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5,
        10
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

    private final Cells cells = new Cells(SUM + 1);

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
