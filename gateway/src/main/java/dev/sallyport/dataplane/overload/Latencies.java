package dev.sallyport.dataplane.overload;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// How long calls took, as counts in buckets an eighth of an octave wide. Each loop writes counts of its own; who
/// reads has the difference to what it read before.
final class Latencies {
    private static final int SUB_BITS = 3;
    private static final int SMALLEST_BITS = 14;
    private static final int BUCKETS = (37 - SMALLEST_BITS) << SUB_BITS;

    private final AtomicIntegerArray[] loops;
    private final int[][] seen;
    private final int[] sum = new int[BUCKETS];
    private int count;

    /// @param loops how many event loops there are
    Latencies(int loops) {
        this.loops = new AtomicIntegerArray[loops];
        this.seen = new int[loops][BUCKETS];
        for (int i = 0; i < loops; i++) {
            this.loops[i] = new AtomicIntegerArray(BUCKETS);
        }
    }

    /// Counts a call; on loop number `loop`.
    void add(int loop, long nanos) {
        AtomicIntegerArray mine = loops[loop];
        int bucket = bucket(nanos);
        // one writer: no read-modify-write is needed
        mine.setOpaque(bucket, mine.getPlain(bucket) + 1);
    }

    private static int bucket(long nanos) {
        long value = Math.max(nanos, 1L << SMALLEST_BITS);
        int top = 63 - Long.numberOfLeadingZeros(value);
        int sub = (int) (value >>> (top - SUB_BITS)) & ((1 << SUB_BITS) - 1);
        return Math.min(((top - SMALLEST_BITS) << SUB_BITS) + sub, BUCKETS - 1);
    }

    /// The middle of a bucket, in nanoseconds.
    private static long middle(int bucket) {
        int top = (bucket >> SUB_BITS) + SMALLEST_BITS;
        long width = 1L << (top - SUB_BITS);
        return (1L << top) + (bucket & ((1 << SUB_BITS) - 1)) * width + width / 2;
    }

    /// Takes in what was added since the last time; by one thread at a time.
    void gather() {
        for (int loop = 0; loop < loops.length; loop++) {
            for (int i = 0; i < BUCKETS; i++) {
                int now = loops[loop].getOpaque(i);
                int more = now - seen[loop][i];
                seen[loop][i] = now;
                sum[i] += more;
                count += more;
            }
        }
    }

    /// How many calls were gathered since they were last forgotten.
    int count() {
        return count;
    }

    /// What half of them took no longer than, in nanoseconds; 0 for none.
    long median() {
        int half = (count + 1) / 2;
        for (int i = 0, below = 0; i < BUCKETS; i++) {
            below += sum[i];
            if (below >= half && below > 0) {
                return middle(i);
            }
        }
        return 0;
    }

    /// Forgets what was gathered.
    void forget() {
        Arrays.fill(sum, 0);
        count = 0;
    }
}
