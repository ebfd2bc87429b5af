package dev.sallyport.dataplane.forward;

import dev.sallyport.api.traffic.LoadBalancer;
import dev.sallyport.api.traffic.Priority;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.overload.Bounds;
import dev.sallyport.dataplane.overload.LoadGate;
import dev.sallyport.dataplane.overload.Signal;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A group of endpoints that serve the same; survives reloads that leave its configuration as it was.
public final class Upstream implements MetricSource {
    private static final double NANOS = 1e9;

    private final UpstreamSettings settings;
    private final LoadBalancer.Factory balancing;
    private final UpstreamConnector connector;
    private final @Nullable LoadGate load;
    private final AtomicReferenceArray<@Nullable WorkerPools> pools;
    private volatile EndpointSet current;
    private volatile boolean retired;

    /// The endpoints in use with the balancer made for them; replaced as a whole.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record EndpointSet(EndpointState[] endpoints, LoadBalancer balancer) {}

    /// The pools of one worker, in no order; a copy is made for each new endpoint. Written by the worker's loop
    /// only.
    private record WorkerPools(Worker worker, List<EndpointPool> pools) {}

    /// @param endpoints not empty
    /// @param workers   how many loops there are
    public Upstream(
            UpstreamSettings settings,
            List<EndpointState> endpoints,
            LoadBalancer.Factory balancing,
            UpstreamConnector connector,
            int workers) {
        this.settings = settings;
        this.balancing = balancing;
        this.connector = connector;
        Bounds concurrency = settings.concurrency();
        this.load = concurrency == null ? null : new LoadGate(concurrency, workers);
        this.pools = new AtomicReferenceArray<>(workers);
        EndpointState[] states = endpoints.toArray(EndpointState[]::new);
        this.current = new EndpointSet(states, balancing.create(states));
    }

    public String name() {
        return settings.name();
    }

    public UpstreamSettings settings() {
        return settings;
    }

    /// Bounds the requests it has at once; null when as many may come as like.
    public @Nullable LoadGate load() {
        return load;
    }

    EndpointSet current() {
        return current;
    }

    /// The endpoints in use now.
    public List<EndpointState> endpoints() {
        return List.of(current.endpoints);
    }

    /// The pool of `worker` for `endpoint`; on the worker's loop only.
    EndpointPool pool(Worker worker, EndpointState endpoint) {
        WorkerPools mine = pools.get(worker.number());
        if (mine != null) {
            List<EndpointPool> all = mine.pools;
            for (int i = 0; i < all.size(); i++) {
                EndpointPool pool = all.get(i);
                if (pool.endpoint() == endpoint) {
                    return pool;
                }
            }
        }
        EndpointPool added = new EndpointPool(worker, endpoint, settings, connector);
        if (retired) {
            added.retire();
        }
        EndpointPool[] all =
                mine == null ? new EndpointPool[1] : mine.pools.toArray(new EndpointPool[mine.pools.size() + 1]);
        all[all.length - 1] = added;
        pools.set(worker.number(), new WorkerPools(worker, List.of(all)));
        return added;
    }

    /// Replaces the endpoints, as discovery found them; states of endpoints that stay must be the same objects.
    /// From any
    /// thread. Connections to endpoints that went take no more requests.
    public void replaceEndpoints(List<EndpointState> endpoints) {
        EndpointState[] states = endpoints.toArray(EndpointState[]::new);
        current = new EndpointSet(states, balancing.create(states));
        forEachWorker(mine -> mine.worker.execute(() -> dropPools(mine.worker)));
    }

    private void dropPools(Worker worker) {
        WorkerPools mine = pools.get(worker.number());
        if (mine == null) {
            return;
        }
        List<EndpointState> kept = Arrays.asList(current.endpoints);
        for (EndpointPool pool : mine.pools) {
            if (!kept.contains(pool.endpoint())) {
                pool.retire();
            }
        }
        pools.set(
                worker.number(),
                new WorkerPools(
                        worker,
                        mine.pools.stream()
                                .filter(pool -> kept.contains(pool.endpoint()))
                                .toList()));
    }

    /// Takes no more requests; connections close as they become idle. From any thread.
    public void retire() {
        retired = true;
        forEachWorker(mine -> mine.worker.execute(() -> {
            WorkerPools now = pools.get(mine.worker.number());
            if (now != null) {
                now.pools.forEach(EndpointPool::retire);
            }
        }));
    }

    private void forEachWorker(Consumer<WorkerPools> action) {
        for (int i = 0; i < pools.length(); i++) {
            WorkerPools mine = pools.get(i);
            if (mine != null) {
                action.accept(mine);
            }
        }
    }

    private void collect(MetricSink sink, LoadGate gate) {
        sink.value(Metrics.UPSTREAM_CONCURRENCY_LIMIT, gate.limit(), name());
        sink.value(Metrics.UPSTREAM_CONCURRENCY_USED, gate.taken(), name());
        sink.value(Metrics.UPSTREAM_TYPICAL_LATENCY, gate.typicalNanos() / NANOS, name());
        for (Priority priority : Priority.values()) {
            String word = priority.name().toLowerCase(Locale.ROOT);
            long full = gate.refused(priority, LoadGate.FULL);
            long above = gate.refused(priority, LoadGate.ABOVE_SHARE);
            sink.value(Metrics.UPSTREAM_CONCURRENCY_REFUSED, full, name(), word, Signal.CONCURRENCY.word());
            sink.value(Metrics.UPSTREAM_CONCURRENCY_REFUSED, above, name(), word, Signal.FAIR_SHARE.word());
        }
    }

    @Override
    public void collect(MetricSink sink) {
        if (load != null) {
            collect(sink, load);
        }
        for (EndpointState endpoint : current.endpoints) {
            int open = 0;
            int idle = 0;
            for (int i = 0; i < pools.length(); i++) {
                WorkerPools mine = pools.get(i);
                if (mine == null) {
                    continue;
                }
                for (EndpointPool pool : mine.pools) {
                    if (pool.endpoint() == endpoint) {
                        open += pool.open();
                        idle += pool.idle();
                    }
                }
            }
            String address = endpoint.address();
            sink.value(Metrics.UPSTREAM_CONNECTIONS, open, name(), address, "open");
            sink.value(Metrics.UPSTREAM_CONNECTIONS, idle, name(), address, "idle");
            sink.value(Metrics.UPSTREAM_IN_FLIGHT, endpoint.inFlight(), name(), address);
            sink.value(Metrics.UPSTREAM_CONNECT_FAILURES, (double) endpoint.connectFailures(), name(), address);
        }
    }
}
