package dev.sallyport.extension.observe.trace;

/// So many a second of one event loop; confined to it.
final class Allowance {
    private static final long SECOND_NANOS = 1_000_000_000;

    private final int perSecond;
    private long begunAt;
    private int left;

    Allowance(int perSecond, long now) {
        this.perSecond = perSecond;
        this.begunAt = now;
        this.left = perSecond;
    }

    boolean take(long now) {
        if (now - begunAt >= SECOND_NANOS) {
            begunAt = now;
            left = perSecond;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
