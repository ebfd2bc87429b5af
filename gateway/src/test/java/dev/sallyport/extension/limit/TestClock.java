package dev.sallyport.extension.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// Time that stands until it is moved: nanoseconds that never go back, and a calendar that may.
final class TestClock {
    private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
    private volatile Instant now = Instant.parse("2026-03-28T12:00:00Z");

    long nanos() {
        return nanos.get();
    }

    Instant now() {
        return now;
    }

    /// Lets both go on.
    void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
        now = now.plus(by);
    }

    /// Sets the calendar; the other does not care.
    void set(String instant) {
        now = Instant.parse(instant);
    }

    MemoryCounters counters() {
        return counters(1L << 30);
    }

    MemoryCounters counters(long octets) {
        return new MemoryCounters(this::nanos, this::now, Runnable::run, octets);
    }
}
