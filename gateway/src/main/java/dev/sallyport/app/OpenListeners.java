package dev.sallyport.app;

import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.app.overload.PressureWatch;
import dev.sallyport.dataplane.admit.AdmissionGate;
import dev.sallyport.dataplane.flow.Flows;
import dev.sallyport.dataplane.listen.Listener;
import dev.sallyport.dataplane.loop.Workers;
import dev.sallyport.dataplane.overload.GatewayLoad;
import dev.sallyport.dataplane.protocol.Drain;
import dev.sallyport.dataplane.snapshot.CurrentSnapshot;
import dev.sallyport.dataplane.snapshot.ListenerSettings;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The listeners in use, and how they become others: new ports are bound before anything changes, unchanged ones
/// keep their connections, old ones drain. Changed by one thread at a time.
final class OpenListeners implements MetricSource, PressureWatch.Room {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final Workers workers;
    private final Recorder recorder;
    private final AdmissionGate gate;
    private final GatewayLoad load;
    private final EventLog log;
    private final Duration retireWithin;
    private final List<Listener> leaving = new CopyOnWriteArrayList<>();
    private volatile List<Listener> open = List.of();
    private volatile List<Flows> flows = List.of();

    /// A listener with the settings that it is to have.
    private record Place(Listener listener, ListenerSettings settings, boolean added) {}

    /// @param retireWithin how long connections of a listener that is no longer configured may last
    OpenListeners(
            Workers workers,
            Recorder recorder,
            AdmissionGate gate,
            GatewayLoad load,
            EventLog log,
            Duration retireWithin) {
        this.load = load;
        this.gate = gate;
        this.workers = workers;
        this.recorder = recorder;
        this.log = log;
        this.retireWithin = retireWithin;
    }

    /// Other listeners, those that are new already bound.
    private final class Change implements Step {
        private final List<Place> places = new ArrayList<>();

        /// Makes them the listeners in use; what is not among them drains.
        @Override
        public void use() {
            List<Listener> before = open;
            open = places.stream().map(Place::listener).toList();
            for (Place place : places) {
                if (place.added) {
                    log.event(
                            Event.LISTENER_BOUND,
                            "listener",
                            place.settings.name(),
                            "address",
                            place.listener.address().getAddress().getHostAddress(),
                            "port",
                            place.listener.address().getPort());
                } else {
                    update(place.listener, place.settings);
                }
            }
            for (Listener listener : before) {
                if (!open.contains(listener)) {
                    retire(listener);
                }
            }
        }

        /// Gives up; what was bound for it is closed.
        @Override
        public void abandon() {
            places.stream().filter(Place::added).forEach(place -> place.listener.stopAccepting());
        }
    }

    /// Binds what is new among `wanted`.
    ///
    /// @throws IOException a port cannot be bound, and nothing was changed; the message names the listener
    Step prepare(List<ListenerSettings> wanted, CurrentSnapshot snapshot) throws IOException {
        List<Listener> available = new ArrayList<>(open);
        Change change = new Change();
        List<Flows> serving = flows(snapshot);
        try {
            for (ListenerSettings settings : wanted) {
                Listener same = take(available, settings);
                boolean added = same == null;
                Listener listener = same == null ? Listener.open(workers, serving, settings) : same;
                change.places.add(new Place(listener, settings, added));
            }
            return change;
        } catch (IOException e) {
            change.abandon();
            throw e;
        }
    }

    /// What all listeners share, one per worker; it begins with the first snapshot.
    private List<Flows> flows(CurrentSnapshot snapshot) {
        if (flows.isEmpty()) {
            flows = workers.all().stream()
                    .map(worker -> new Flows(worker, snapshot, recorder, gate, load))
                    .toList();
        }
        return flows;
    }

    @Override
    public boolean crowded() {
        return open.stream().anyMatch(Listener::crowded);
    }

    @Override
    public void relieve(Duration unusedFor, boolean everywhere) {
        for (Listener listener : open) {
            if (everywhere || listener.crowded()) {
                listener.relieve(unusedFor.toNanos());
            }
        }
    }

    /// Looks again at all callers whose exchanges go on; from any thread.
    void recheckCallers() {
        List<Flows> all = flows;
        all.forEach(flow -> flow.worker().execute(flow::recheck));
    }

    /// The listener that goes on as `settings`: by address, so that one that only changed its name keeps its port.
    private static @Nullable Listener take(List<Listener> available, ListenerSettings settings) {
        for (Listener listener : available) {
            ListenerSettings old = listener.settings();
            boolean same = old.bind().equals(settings.bind())
                    && (settings.bind().getPort() != 0 || old.name().equals(settings.name()));
            if (same) {
                available.remove(listener);
                return listener;
            }
        }
        return null;
    }

    private static void update(Listener listener, ListenerSettings next) {
        ListenerSettings old = listener.settings();
        if (old.equals(next)) {
            return;
        }
        listener.update(next);
        // connections keep what they began with, but not for long where it is about whom to trust
        if ((old.tls() == null) != (next.tls() == null) || !old.trustedProxies().equals(next.trustedProxies())) {
            listener.drain(Drain.BEGIN);
        }
    }

    private void retire(Listener listener) {
        leaving.add(listener);
        listener.stopAccepting();
        Thread.ofVirtual().name("retire-listener").start(() -> {
            drain(List.of(listener), retireWithin);
            leaving.remove(listener);
            log.event(Event.LISTENER_CLOSED, "listener", listener.settings().name());
        });
    }

    /// Where each listener listens, by its name.
    Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> addresses = new TreeMap<>();
        for (Listener listener : open) {
            addresses.put(listener.settings().name(), listener.address());
        }
        return addresses;
    }

    /// Stops accepting everywhere, and ends all connections: gently until `deadline` has passed, then at once.
    /// Whether the gentle way was enough.
    boolean close(Duration deadline) {
        List<Listener> all = new ArrayList<>(open);
        all.forEach(Listener::stopAccepting);
        all.addAll(leaving);
        return drain(all, deadline);
    }

    private static boolean drain(List<Listener> listeners, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        while (connections(listeners) > 0 && System.nanoTime() - deadline < 0) {
            // again and again: a connection may have been under way to its loop when its port was closed
            listeners.forEach(listener -> listener.drain(Drain.BEGIN));
            pause();
        }
        boolean gentle = connections(listeners) == 0;
        if (!gentle) {
            listeners.forEach(listener -> listener.drain(Drain.NOW));
        }
        return gentle;
    }

    private static int connections(List<Listener> listeners) {
        return listeners.stream().mapToInt(Listener::connections).sum();
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void collect(MetricSink sink) {
        flows.forEach(flow -> flow.collect(sink));
        open.forEach(listener -> listener.collect(sink));
    }
}
