package dev.sallyport.extension.observe.notify;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.alert.Notification;
import dev.sallyport.extension.observe.alert.Severity;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Hands notifications to every notifier that wants them. Handing over never waits.
@OffLoop("the sampler's thread and admin threads")
public final class Delivery implements Consumer<Notification>, MetricSource, AutoCloseable {
    private final EventLog events;
    private volatile List<Outbox> outboxes = List.of();

    /// A notifier, and how grave an alert must be for it.
    public record Wanted(Notifier notifier, Severity least) {}

    /// How a notifier took a trial.
    public record Tried(String notifier, boolean delivered, String answer) {}

    public Delivery(EventLog events) {
        this.events = events;
    }

    /// Notifies by these from now on; what waits for the ones before is given up.
    public synchronized void replace(List<Wanted> next) {
        List<Outbox> before = outboxes;
        List<Outbox> all = new ArrayList<>();
        Map<String, Integer> times = new HashMap<>();
        for (Wanted wanted : next) {
            String name = wanted.notifier().name();
            int time = times.merge(name, 1, Integer::sum);
            // several at one place must be told apart
            all.add(new Outbox(time == 1 ? name : name + " #" + time, wanted.notifier(), wanted.least(), events));
        }
        outboxes = List.copyOf(all);
        before.forEach(Outbox::close);
    }

    @Override
    public void accept(Notification notification) {
        outboxes.forEach(outbox -> outbox.offer(notification));
    }

    /// Tells every notifier, once and at the same time, and waits for what they answer.
    public List<Tried> test(Notification notification) {
        List<CompletableFuture<Tried>> trials = new ArrayList<>();
        for (Outbox outbox : outboxes) {
            trials.add(CompletableFuture.supplyAsync(() -> outbox.attempt(notification), Thread::startVirtualThread));
        }
        return trials.stream().map(CompletableFuture::join).toList();
    }

    @Override
    public void collect(MetricSink sink) {
        outboxes.forEach(outbox -> outbox.collect(sink));
    }

    @Override
    public void close() {
        replace(List.of());
    }
}
