package dev.sallyport.dataplane.protocol;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// A pipeline event that asks connections that nobody uses to make room: those that have been without a request for
/// long enough close, until enough have. Safe for all loops.
public final class Relief {
    private final long unusedFor;
    private final AtomicInteger wanted;
    private final LongAdder closed;

    /// @param unusedFor nanoseconds without a request
    /// @param wanted    how many connections are to close
    /// @param closed    counts them
    public Relief(long unusedFor, int wanted, LongAdder closed) {
        this.unusedFor = unusedFor;
        this.wanted = new AtomicInteger(wanted);
        this.closed = closed;
    }

    /// Whether a connection without a request since `since` is to close; then it counts as closed.
    boolean closes(long since) {
        if (System.nanoTime() - since < unusedFor || wanted.getAndDecrement() <= 0) {
            return false;
        }
        closed.increment();
        return true;
    }
}
