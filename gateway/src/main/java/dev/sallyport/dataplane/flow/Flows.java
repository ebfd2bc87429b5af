package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestReader;
import dev.sallyport.dataplane.admit.AdmissionGate;
import dev.sallyport.dataplane.http1.RequestParser;
import dev.sallyport.dataplane.loop.Deadline;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.overload.GatewayLoad;
import dev.sallyport.dataplane.overload.LoopLoad;
import dev.sallyport.dataplane.snapshot.CurrentSnapshot;
import dev.sallyport.dataplane.snapshot.RouteSearch;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What all exchanges of one worker share. Confined to the worker's loop.
public final class Flows implements MetricSource {
    private static final long DECISION_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Worker worker;
    private final CurrentSnapshot snapshot;
    private final Recorder recorder;
    private final long decisionNanos;
    private final RequestReader reader = new RequestReader();
    private @Nullable RequestParser parser;
    private final RouteSearch search = new RouteSearch();
    private final ArrayDeque<FlowDeadline> spareDeadlines = new ArrayDeque<>();
    private final AdmissionGate gate;
    private final AccessWatch accessWatch;
    private final GatewayLoad gatewayLoad;
    private final LoopLoad load;

    /// @param load what watches over this loop's load with that of others
    public Flows(Worker worker, CurrentSnapshot snapshot, Recorder recorder, AdmissionGate gate, GatewayLoad load) {
        this(worker, snapshot, recorder, gate, load, DECISION_NANOS);
    }

    Flows(
            Worker worker,
            CurrentSnapshot snapshot,
            Recorder recorder,
            AdmissionGate gate,
            GatewayLoad load,
            long decisionNanos) {
        this.gatewayLoad = load;
        this.load = load.watch(worker);
        this.gate = gate;
        this.worker = worker;
        this.accessWatch = new AccessWatch(worker);
        this.snapshot = snapshot;
        this.recorder = recorder;
        this.decisionNanos = decisionNanos;
    }

    public Worker worker() {
        return worker;
    }

    public CurrentSnapshot snapshot() {
        return snapshot;
    }

    public Recorder recorder() {
        return recorder;
    }

    /// Scratch for reading one request head.
    public RequestReader reader() {
        return reader;
    }

    AdmissionGate gate() {
        return gate;
    }

    AccessWatch accessWatch() {
        return accessWatch;
    }

    /// Ends what goes on for callers whose credential was revoked or has expired, or who may not any more. On the
    /// loop; by itself every
    /// second, and at once where somebody knows of a change.
    public void recheck() {
        accessWatch.recheck();
    }

    /// What this loop has to do.
    LoopLoad load() {
        return load;
    }

    /// What all loops have to do together.
    public GatewayLoad gatewayLoad() {
        return gatewayLoad;
    }

    /// How many requests are being served now, and refused because that is too many; from any thread.
    @Override
    public void collect(MetricSink sink) {
        load.collect(sink);
    }

    /// How long a policy or the gate may take to decide, in nanoseconds.
    long decisionNanos() {
        return decisionNanos;
    }

    /// The parser of HTTP/1.1 request heads with these limits.
    public RequestParser parser(int maxHead, int maxFields) {
        RequestParser current = parser;
        if (current == null || current.maxHead() != maxHead || current.maxFields() != maxFields) {
            current = new RequestParser(maxHead, maxFields);
            parser = current;
        }
        return current;
    }

    RouteSearch search() {
        return search;
    }

    /// A deadline of an exchange. They are used again and again because one that only ever moves later costs
    /// nothing to set ([dev.sallyport.dataplane.loop.Deadlines]).
    static final class FlowDeadline extends Deadline {
        private @Nullable ExchangeFlow flow;

        @Override
        protected void passed() {
            ExchangeFlow late = flow;
            if (late != null) {
                late.onDeadline();
            }
        }
    }

    /// Has `flow` told when `nanos` have passed.
    ///
    /// @param mine the flow's deadline so far, or null
    /// @return the flow's deadline from now on, to be [given back][#giveBack]
    @Nullable
    FlowDeadline limit(ExchangeFlow flow, @Nullable FlowDeadline mine, long nanos) {
        if (mine == null && nanos == Long.MAX_VALUE) {
            return null;
        }
        FlowDeadline deadline = mine == null ? spareDeadlines.pollLast() : mine;
        if (deadline == null) {
            deadline = new FlowDeadline();
        }
        deadline.flow = flow;
        worker.deadlines().set(deadline, System.nanoTime(), nanos);
        return deadline;
    }

    void giveBack(FlowDeadline deadline) {
        worker.deadlines().clear(deadline);
        deadline.flow = null;
        spareDeadlines.addLast(deadline);
    }
}
