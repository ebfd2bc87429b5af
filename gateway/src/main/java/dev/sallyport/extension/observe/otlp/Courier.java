package dev.sallyport.extension.observe.otlp;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.otlp.OtlpFigures.Figures;
import dev.sallyport.extension.observe.otlp.OtlpFigures.Loss;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Hands messages to one collector, one after the other: tries again with growing pauses, or when the collector says,
/// and gives a message up in the end. That a collector fails is told once, and once that it works again.
@OffLoop("the thread of an outflow")
final class Courier {
    private static final double JITTER = 0.2;

    private final CollectorSettings settings;
    private final Signal signal;
    private final Transport transport;
    private final Patience patience;
    private final Figures figures;
    private final EventLog events;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile long closeBy;
    private boolean failing;
    private boolean rejecting;

    /// How often and how long is tried.
    ///
    /// @param first  pause after a first failure; each further one is twice as long
    /// @param most   no pause is longer, unless the collector asks for it
    /// @param within a message is given up after so long
    record Patience(Duration first, Duration most, Duration within) {
        static final Patience USUAL =
                new Patience(Duration.ofSeconds(1), Duration.ofSeconds(15), Duration.ofMinutes(1));
    }

    Courier(
            CollectorSettings settings,
            Signal signal,
            Transport transport,
            Patience patience,
            Figures figures,
            EventLog events) {
        this.settings = settings;
        this.signal = signal;
        this.transport = transport;
        this.patience = patience;
        this.figures = figures;
        this.events = events;
    }

    static Transport transport(CollectorSettings settings, Signal signal) {
        return switch (settings.protocol()) {
            case HTTP -> new HttpTransport(settings, signal);
            case GRPC -> new GrpcTransport(settings, signal);
        };
    }

    /// Hands over `message`, or counts its `items` as lost.
    void deliver(byte[] message, int items) throws InterruptedException {
        long giveUpAt = System.nanoTime() + patience.within().toNanos();
        Duration pause = patience.first();
        while (true) {
            Duration limit = limit();
            if (!limit.isPositive()) {
                figures.lost(Loss.UNDELIVERED, items);
                return;
            }
            switch (transport.send(message, limit)) {
                case Reply.Taken taken -> {
                    taken(taken, items);
                    return;
                }
                case Reply.Refused refused -> {
                    figures.failedAttempt();
                    figures.lost(Loss.REFUSED, items);
                    failed(refused.why());
                    return;
                }
                case Reply.Later later -> {
                    figures.failedAttempt();
                    failed(later.why());
                    if (!waited(later.after(), pause, giveUpAt)) {
                        figures.lost(Loss.UNDELIVERED, items);
                        return;
                    }
                }
            }
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(patience.most()) > 0 ? patience.most() : twice;
        }
    }

    /// How long an attempt may take: when it is time to stop, not longer than there is.
    private Duration limit() {
        if (!isClosing()) {
            return settings.timeout();
        }
        Duration left = Duration.ofNanos(closeBy - System.nanoTime());
        return left.compareTo(settings.timeout()) < 0 ? left : settings.timeout();
    }

    /// Waits until it may be tried again; false when it shall not be.
    private boolean waited(@Nullable Duration asked, Duration pause, long giveUpAt) throws InterruptedException {
        long nanos = asked == null
                ? (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER))
                : asked.toNanos();
        boolean last = isClosing() || System.nanoTime() - giveUpAt >= 0;
        if (!last || asked != null) {
            // ends early when closing begins: then it is tried once more. Who wants to be left alone is, in
            // any case.
            closing.await(nanos, TimeUnit.NANOSECONDS);
        }
        return !last;
    }

    private void taken(Reply.Taken taken, int items) {
        long rejected = Math.min(taken.rejected(), items);
        figures.delivered(items - rejected);
        figures.lost(Loss.REJECTED, rejected);
        if (failing) {
            failing = false;
            events.event(
                    Event.OTLP_RECOVERED,
                    "signal",
                    signal.label(),
                    "collector",
                    settings.place(),
                    "dropped",
                    figures.lost());
        }
        if (rejected > 0 && !rejecting) {
            events.event(
                    Event.OTLP_REJECTED,
                    "signal",
                    signal.label(),
                    "collector",
                    settings.place(),
                    "rejected",
                    rejected,
                    "cause",
                    taken.why());
        }
        rejecting = rejected > 0;
    }

    private void failed(String why) {
        if (!failing) {
            failing = true;
            events.event(Event.OTLP_FAILING, "signal", signal.label(), "collector", settings.place(), "cause", why);
        }
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    /// Waits so long, or until it is time to stop; whether it is.
    boolean closesWithin(long nanos) throws InterruptedException {
        return closing.await(nanos, TimeUnit.NANOSECONDS);
    }

    /// From now on nothing is tried again, and nothing after `deadline`, of [System#nanoTime()].
    void closeBy(long deadline) {
        closeBy = deadline;
        closing.countDown();
    }
}
