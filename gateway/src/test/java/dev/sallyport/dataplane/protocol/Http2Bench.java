package dev.sallyport.dataplane.protocol;

import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.admit.AdmissionGate;
import dev.sallyport.dataplane.flow.Flows;
import dev.sallyport.dataplane.forward.EndpointState;
import dev.sallyport.dataplane.forward.Forwarder;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.forward.UpstreamSettings;
import dev.sallyport.dataplane.listen.Listener;
import dev.sallyport.dataplane.loop.Transport;
import dev.sallyport.dataplane.loop.Workers;
import dev.sallyport.dataplane.overload.GatewayLoad;
import dev.sallyport.dataplane.snapshot.CurrentSnapshot;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot;
import dev.sallyport.dataplane.snapshot.ListenerSettings;
import dev.sallyport.dataplane.snapshot.PathTemplate;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteMatch;
import dev.sallyport.dataplane.snapshot.RouteTable;
import dev.sallyport.dataplane.upstream.Connector;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.Http2Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One listener, one route, one upstream on loopback sockets, without configuration: what HTTP/2 is tried on.
public final class Http2Bench implements AutoCloseable {
    /// Short enough for a test to wait for.
    public static final long SHORT = TimeUnit.MILLISECONDS.toNanos(300);

    private static final long LONG = TimeUnit.SECONDS.toNanos(20);
    /// Limits no test runs into by accident.
    public static final ListenerSettings.Limits LIMITS =
            new ListenerSettings.Limits(8192, 50, 1 << 24, LONG, 1024, LONG, 1000, 1000, 1000, 1000, 10);

    private final Workers workers;
    private final Listener listener;
    private final Upstream upstream;
    private final List<Exchange> records = new CopyOnWriteArrayList<>();
    private final List<RequestFault> faults = new CopyOnWriteArrayList<>();
    private final List<Throwable> bugs = new CopyOnWriteArrayList<>();

    private Http2Bench(ListenerSettings.Limits limits, UpstreamSettings settings, int upstreamPort) throws IOException {
        workers = Workers.start(Transport.preferred(), 1);
        InetSocketAddress endpoint = new InetSocketAddress(InetAddress.getLoopbackAddress(), upstreamPort);
        this.upstream = new Upstream(
                settings,
                List.of(new EndpointState("127.0.0.1:" + upstreamPort, endpoint, 1)),
                endpoints -> (exchange, excluded) -> (excluded & 1) == 0 ? 0 : -1,
                new Connector(workers.transport()),
                1);
        Route route = new Route(
                "all",
                new RouteMatch(List.of(), Set.of(), PathTemplate.parse("/**"), List.of(), List.of()),
                0,
                new AccessRule.Public(),
                List.of(),
                List.of(),
                new Forwarder(upstream, "bench"));
        CurrentSnapshot snapshot =
                new CurrentSnapshot(new GatewaySnapshot("1", RouteTable.of(List.of(route)), "bench"));
        listener = Listener.open(
                workers,
                List.of(new Flows(
                        workers.all().getFirst(),
                        snapshot,
                        new Notes(),
                        new AdmissionGate(Revocations.NONE),
                        new GatewayLoad())),
                new ListenerSettings(
                        new ClientConnection.Listener("bench", List.of(), null),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Set.of(ListenerSettings.Protocol.HTTP_1_1, ListenerSettings.Protocol.HTTP_2),
                        null,
                        limits));
    }

    /// A gateway in front of an HTTP/1.1 upstream.
    public static Http2Bench toHttp1(int upstreamPort) throws IOException {
        return toHttp1(upstreamPort, LIMITS);
    }

    public static Http2Bench toHttp1(int upstreamPort, ListenerSettings.Limits limits) throws IOException {
        return new Http2Bench(limits, upstream(UpstreamSettings.Protocol.HTTP_1_1, LONG), upstreamPort);
    }

    /// A gateway in front of an HTTP/2 upstream.
    public static Http2Bench toHttp2(int upstreamPort) throws IOException {
        return new Http2Bench(LIMITS, upstream(UpstreamSettings.Protocol.HTTP_2, LONG), upstreamPort);
    }

    /// A gateway that waits for its HTTP/2 upstream no longer than [#SHORT].
    public static Http2Bench impatient(int upstreamPort) throws IOException {
        return new Http2Bench(LIMITS, upstream(UpstreamSettings.Protocol.HTTP_2, SHORT), upstreamPort);
    }

    private static UpstreamSettings upstream(UpstreamSettings.Protocol protocol, long patience) {
        return new UpstreamSettings(
                "up",
                protocol,
                null,
                new UpstreamSettings.Timeouts(LONG, patience, patience, LONG),
                new UpstreamSettings.Pool(64, 1000, LONG, LONG * 100),
                8192);
    }

    private final class Notes implements Recorder {
        @Override
        public void record(Exchange exchange) {
            records.add(exchange);
        }

        @Override
        public void recordFault(ClientConnection connection, RequestFault fault) {
            faults.add(fault);
        }

        @Override
        public void recordBug(Exchange exchange, Throwable bug) {
            bugs.add(bug);
        }
    }

    public int port() {
        return listener.address().getPort();
    }

    public Http2Peer connect(int... settings) throws IOException {
        return Http2Peer.connect(port(), settings);
    }

    public void drain(Drain how) {
        listener.drain(how);
    }

    /// How many calls the upstream is at work on, as the gateway sees it.
    public int upstreamWork() {
        return upstream.endpoints().stream().mapToInt(EndpointState::inFlight).sum();
    }

    public List<Exchange> records() {
        return records;
    }

    /// Waits for the record of the next exchange to end.
    public Exchange record(int index) {
        return Eventually.present("record " + index, () -> records.size() > index ? records.get(index) : null);
    }

    public List<RequestFault> faults() {
        return faults;
    }

    public List<Throwable> bugs() {
        return bugs;
    }

    /// What the loop's HTTP/2 counters say of `metric` with these labels, after the loop's.
    public double count(Metric metric, String... labels) {
        AtomicReference<@Nullable Double> found = new AtomicReference<>();
        workers.all().getFirst().http2().collect((each, value, values) -> {
            if (each.equals(metric) && List.of(values).subList(1, values.length).equals(List.of(labels))) {
                found.set(value);
            }
        });
        Double value = found.get();
        return value == null ? Double.NaN : value;
    }

    /// Limits that differ in one respect.
    public static ListenerSettings.Limits limits(UnaryOperator<LimitsEdit> edit) {
        return edit.apply(new LimitsEdit(
                        LIMITS.head(),
                        LIMITS.body(),
                        LIMITS.headTimeout(),
                        LIMITS.bodyMinRate(),
                        LIMITS.idleTimeout(),
                        LIMITS.streamsPerConnection()))
                .limits();
    }

    /// The limits that tests change.
    public record LimitsEdit(int head, long body, long headTimeout, long bodyMinRate, long idleTimeout, int streams) {
        ListenerSettings.Limits limits() {
            return new ListenerSettings.Limits(
                    head,
                    LIMITS.fields(),
                    body,
                    headTimeout,
                    bodyMinRate,
                    idleTimeout,
                    1000,
                    1000,
                    1000,
                    1000,
                    streams);
        }

        public LimitsEdit withBody(long octets) {
            return new LimitsEdit(head, octets, headTimeout, bodyMinRate, idleTimeout, streams);
        }

        public LimitsEdit withHeadTimeout(long nanos) {
            return new LimitsEdit(head, body, nanos, bodyMinRate, idleTimeout, streams);
        }

        public LimitsEdit withIdleTimeout(long nanos) {
            return new LimitsEdit(head, body, headTimeout, bodyMinRate, nanos, streams);
        }
    }

    @Override
    public void close() {
        listener.drain(Drain.NOW);
        listener.stopAccepting();
        workers.close();
    }
}
