package dev.sallyport.extension.observe.signals;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Has [Signals] take a sample at the end of each slice, on a virtual thread, and tells who wants to know.
@OffLoop("a virtual thread of its own")
public final class Sampler implements AutoCloseable {
    private final Signals signals;
    private final InstantSource clock;
    private final EventLog events;
    private final List<Runnable> hearers = new CopyOnWriteArrayList<>();
    private final Semaphore closing = new Semaphore(0);
    private boolean failed;

    public Sampler(Signals signals, InstantSource clock, EventLog events) {
        this.signals = signals;
        this.clock = clock;
        this.events = events;
    }

    /// Has `hearer` run after each sample, on the sampler's thread, where it should not linger.
    public void hear(Runnable hearer) {
        hearers.add(hearer);
    }

    /// Never again runs `hearer`.
    public void unhear(Runnable hearer) {
        hearers.remove(hearer);
    }

    /// Begins.
    public void start() {
        Thread.ofVirtual().name("signals").start(this::run);
    }

    private void run() {
        try {
            do {
                round();
            } while (!closing.tryAcquire(untilNext(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            // nobody does that; it would be a way to end too
        }
    }

    /// Until just behind the end of the slice.
    private long untilNext() {
        long fine = signals.resolution().fineMillis();
        return fine - clock.millis() % fine + 1;
    }

    private void round() {
        guarded(() -> signals.sample(clock.millis()));
        hearers.forEach(this::guarded);
    }

    /// What breaks once does not end the sampling; the first time is told.
    private void guarded(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            if (!failed) {
                failed = true;
                events.failure(Event.INTERNAL_ERROR, e, "in", "signals");
            }
        }
    }

    @Override
    public void close() {
        closing.release();
    }
}
