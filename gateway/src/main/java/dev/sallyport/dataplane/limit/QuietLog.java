package dev.sallyport.dataplane.limit;

import java.util.concurrent.TimeUnit;

/// Which refusals of one limit, or for one reason, are worth a line of the access log: the first few of a second, and
/// a count of the rest
/// with
/// the next line (threat RL-07). Confined to one loop.
public final class QuietLog {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int LINES = 10;

    private long second = Long.MIN_VALUE;
    private int lines;
    private int left;

    /// How many lines were left out before this one, which is to be written; −1 when it is to be left out too.
    public int next(long nanos) {
        long now = Math.floorDiv(nanos, SECOND);
        if (now != second) {
            second = now;
            lines = 0;
        }
        if (lines >= LINES) {
            left++;
            return -1;
        }
        lines++;
        int before = left;
        left = 0;
        return before;
    }
}
