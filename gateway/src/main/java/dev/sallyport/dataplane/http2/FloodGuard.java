package dev.sallyport.dataplane.http2;

/// What a peer may cost that brings no work forward (threats DO-04, DO-05, DO-07, DO-08): two budgets that refill
/// with time and with useful frames.
final class FloodGuard {
    static final int CONTROL_BURST = 1_000;
    static final int CONTROL_PER_SECOND = 100;
    static final int CONTROL_PER_USEFUL_FRAME = 8;
    static final int RESET_BURST = 200;
    static final int RESETS_PER_SECOND = 7;

    private static final long SECOND = 1_000_000_000L;

    private int control = CONTROL_BURST;
    private int resets = RESET_BURST;
    private boolean halfReset;
    private long refilledAt;

    FloodGuard(long now) {
        refilledAt = now;
    }

    /// A frame that may be legitimate but brings nothing forward; false when there were too many.
    boolean control(int cost) {
        control -= cost;
        return control >= 0;
    }

    /// A frame that carries a request, a response or a part of one, in either direction.
    void useful() {
        control = Math.min(CONTROL_BURST, control + CONTROL_PER_USEFUL_FRAME);
    }

    /// A stream ended before its time, by the peer or because of it; false when there were too many.
    boolean reset() {
        return --resets >= 0;
    }

    /// An exchange came to its regular end; two of them pay for one reset.
    void completed() {
        halfReset = !halfReset;
        if (!halfReset && resets < RESET_BURST) {
            resets++;
        }
    }

    void refill(long now) {
        long seconds = (now - refilledAt) / SECOND;
        if (seconds > 0) {
            refilledAt += seconds * SECOND;
            control = (int) Math.min(CONTROL_BURST, control + seconds * CONTROL_PER_SECOND);
            resets = (int) Math.min(RESET_BURST, resets + seconds * RESETS_PER_SECOND);
        }
    }
}
