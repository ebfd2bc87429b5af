package dev.sallyport.extension.observe.notify;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.alert.Notification;
import dev.sallyport.extension.observe.alert.Severity;
import dev.sallyport.extension.observe.notify.Delivery.Tried;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// What waits for one notifier, and the thread that hands it over: in order, each up to five times with growing
/// pauses. What comes while too much waits is lost, and counted.
@OffLoop("a virtual thread of its own")
final class Outbox implements MetricSource, AutoCloseable {
    private static final int ROOM = 100;
    private static final int ATTEMPTS = 5;
    private static final long FIRST_PAUSE_MILLIS = 1_000;

    private final String name;
    private final Notifier notifier;
    private final Severity least;
    private final EventLog events;
    private final long firstPauseMillis;
    private final BlockingQueue<Notification> waiting = new ArrayBlockingQueue<>(ROOM);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Thread thread;
    private boolean failing;

    /// @param name unlike those of other outboxes
    Outbox(String name, Notifier notifier, Severity least, EventLog events) {
        this(name, notifier, least, events, FIRST_PAUSE_MILLIS);
    }

    Outbox(String name, Notifier notifier, Severity least, EventLog events, long firstPauseMillis) {
        this.name = name;
        this.notifier = notifier;
        this.least = least;
        this.events = events;
        this.firstPauseMillis = firstPauseMillis;
        this.thread = Thread.ofVirtual().name("notify " + name).start(this::run);
    }

    void offer(Notification notification) {
        if (notification.severity().compareTo(least) >= 0 && !waiting.offer(notification)) {
            dropped.increment();
        }
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                deliver(waiting.take());
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void deliver(Notification notification) throws InterruptedException {
        long pause = firstPauseMillis;
        for (int attempt = 1; ; attempt++) {
            try {
                notifier.deliver(notification);
                recovered();
                delivered.increment();
                return;
            } catch (NotDelivered e) {
                if (e.lasting() || attempt == ATTEMPTS) {
                    lost(String.valueOf(e.getMessage()));
                    return;
                }
            } catch (RuntimeException e) {
                lost(e.getClass().getSimpleName());
                return;
            }
            if (closing.await(pause, TimeUnit.MILLISECONDS)) {
                return;
            }
            pause *= 2;
        }
    }

    private void lost(String why) {
        if (!failing) {
            failing = true;
            events.event(Event.NOTIFIER_FAILING, "notifier", name, "cause", why);
        }
        failed.increment();
    }

    private void recovered() {
        if (failing) {
            failing = false;
            events.event(Event.NOTIFIER_RECOVERED, "notifier", name);
        }
    }

    /// Hands it over once, now, past what waits.
    Tried attempt(Notification notification) {
        try {
            return new Tried(name, true, notifier.deliver(notification));
        } catch (NotDelivered e) {
            return new Tried(name, false, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return new Tried(name, false, e.getClass().getSimpleName());
        }
    }

    @Override
    public void collect(MetricSink sink) {
        sink.value(Metrics.NOTIFICATIONS, delivered.sum(), name, "delivered");
        sink.value(Metrics.NOTIFICATIONS, failed.sum(), name, "failed");
        sink.value(Metrics.NOTIFICATIONS, dropped.sum(), name, "dropped");
        sink.value(Metrics.NOTIFICATIONS_WAITING, waiting.size(), name);
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        notifier.close();
    }
}
