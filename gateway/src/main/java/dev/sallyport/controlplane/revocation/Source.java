package dev.sallyport.controlplane.revocation;

import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// One place where revocations are kept; while it cannot be read, what was last read of it counts.
final class Source {
    private static final long BUSY_SECONDS = 10;
    /// Longer than any configuration lets what is known count.
    private static final long UNKNOWN_NANOS = TimeUnit.DAYS.toNanos(365);

    private final String name;
    private final Reading reading;
    private final EventLog log;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile List<Revocation> last = List.of();
    private volatile long goodAt;
    private volatile boolean failing;

    /// How it is read; may block.
    @FunctionalInterface
    interface Reading {
        /// Everything that it holds.
        ///
        /// @throws IOException it cannot be read, or not understood; the message says why
        List<Revocation> read() throws IOException;
    }

    /// A source that was never read.
    Source(String name, Reading reading, EventLog log, LongSupplier nanoTime) {
        this.name = name;
        this.reading = reading;
        this.log = log;
        this.nanoTime = nanoTime;
    }

    String name() {
        return name;
    }

    /// What was last read.
    List<Revocation> last() {
        return last;
    }

    /// Nanoseconds since it was last read.
    long age() {
        return nanoTime.getAsLong() - goodAt;
    }

    /// Reads it.
    ///
    /// @throws IOException it cannot be read; what was read before still counts
    void read() throws IOException {
        if (!locked()) {
            throw new IOException(name + ": still being read since " + BUSY_SECONDS + " s");
        }
        try {
            long begun = nanoTime.getAsLong();
            last = List.copyOf(reading.read());
            goodAt = begun;
        } finally {
            lock.unlock();
        }
    }

    private boolean locked() throws IOException {
        try {
            return lock.tryLock(BUSY_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Reads it for the first time; when shared state cannot be asked, nothing of it counts as known until it can.
    ///
    /// @throws IOException it cannot be read for another reason
    void begin() throws IOException {
        try {
            read();
        } catch (StateUnreachable e) {
            goodAt = nanoTime.getAsLong() - UNKNOWN_NANOS;
            failing = true;
            log.event(Event.REVOCATION_UNREADABLE, "source", name, "problem", String.valueOf(e.getMessage()));
        }
    }

    /// Reads it; a failure is told once, and so is its end.
    void refresh() {
        try {
            read();
            if (failing) {
                failing = false;
                log.event(Event.REVOCATION_READABLE, "source", name, "entries", last.size());
            }
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                failing = true;
                log.event(Event.REVOCATION_UNREADABLE, "source", name, "problem", String.valueOf(e.getMessage()));
            }
        }
    }
}
