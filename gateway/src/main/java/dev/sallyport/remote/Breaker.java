package dev.sallyport.remote;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Stops asking a server that fails: after some failures in a row nothing is asked for a time, then one question
/// finds out whether it is back. Any thread, no locks.
public final class Breaker {
    private static final long CLOSED = Long.MIN_VALUE;

    private final int failuresToOpen;
    private final long openNanos;
    private final AtomicInteger failures = new AtomicInteger();
    /// Until when nothing is asked, in nanoseconds since this breaker was made.
    private final AtomicLong openUntil = new AtomicLong(CLOSED);

    /// @param failuresToOpen how many in a row
    /// @param openFor        how long nothing is asked then
    public Breaker(int failuresToOpen, Duration openFor) {
        this.failuresToOpen = failuresToOpen;
        this.openNanos = openFor.toNanos();
    }

    /// Whether a question may be asked now; who is told so asks it. Of those who come when the time is over one is.
    public boolean lets(long now) {
        long until = openUntil.get();
        return until == CLOSED || (now - until >= 0 && openUntil.compareAndSet(until, now + openNanos));
    }

    /// Notes an answer; true when the server was given up before.
    public boolean succeeded() {
        failures.set(0);
        return openUntil.getAndSet(CLOSED) != CLOSED;
    }

    /// Notes a failure; true when it is the one that opens the breaker.
    public boolean failed(long now) {
        if (failures.incrementAndGet() < failuresToOpen) {
            return false;
        }
        return openUntil.getAndSet(now + openNanos) == CLOSED;
    }

    /// Whether the server was given up.
    public boolean open() {
        return openUntil.get() != CLOSED;
    }
}
