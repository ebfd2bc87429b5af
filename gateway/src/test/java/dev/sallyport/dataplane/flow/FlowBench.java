package dev.sallyport.dataplane.flow;

import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.exchange.ResponsePolicy;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.traffic.Endpoint;
import dev.sallyport.api.traffic.Priority;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.admit.AdmissionGate;
import dev.sallyport.dataplane.forward.EndpointState;
import dev.sallyport.dataplane.forward.Forwarder;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.forward.UpstreamSettings;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.overload.Bounds;
import dev.sallyport.dataplane.overload.GatewayLoad;
import dev.sallyport.dataplane.overload.LoadGate;
import dev.sallyport.dataplane.overload.LoopLoad;
import dev.sallyport.dataplane.snapshot.CurrentSnapshot;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot;
import dev.sallyport.dataplane.snapshot.PathTemplate;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteMatch;
import dev.sallyport.dataplane.snapshot.RouteTable;
import dev.sallyport.testing.Eventually;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One exchange between a scripted client and a scripted upstream, on a loop that the test drives.
final class FlowBench {
    private static final UpstreamSettings SETTINGS = new UpstreamSettings(
            "orders",
            UpstreamSettings.Protocol.HTTP_1_1,
            null,
            new UpstreamSettings.Timeouts(
                    TimeUnit.SECONDS.toNanos(1),
                    TimeUnit.SECONDS.toNanos(1),
                    TimeUnit.SECONDS.toNanos(1),
                    TimeUnit.MINUTES.toNanos(1)),
            new UpstreamSettings.Pool(8, 8, TimeUnit.MINUTES.toNanos(1), TimeUnit.MINUTES.toNanos(1)),
            8192);

    final ScriptedClient client = new ScriptedClient();
    final ScriptedUpstream upstream = new ScriptedUpstream();
    final List<Exchange> recorded = new ArrayList<>();
    final List<Throwable> bugs = new ArrayList<>();
    private final List<Policy> policies = new ArrayList<>();
    private final List<ResponsePolicy> responsePolicies = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private AccessRule access = new AccessRule.Public();
    private Revocations revocations = Revocations.NONE;
    private long decisionNanos = Long.MAX_VALUE;
    final GatewayLoad load = new GatewayLoad();
    private boolean forwarding = true;
    private UpstreamSettings settings = SETTINGS;
    private Method method = Method.GET;
    private String path = "/orders/7";
    private Headers headers = Headers.of("host", "gateway.test");
    private long bodyLength;
    private Priority priority = Priority.NORMAL;
    private @Nullable Upstream orders;
    private @Nullable CurrentSnapshot current;
    private @Nullable Flows flows;
    private @Nullable ExchangeFlow flow;

    FlowBench policy(Phase phase, Function<Exchange, Decision> decide) {
        policies.add(new Policy() {
            @Override
            public Phase phase() {
                return phase;
            }

            @Override
            public Decision decide(Exchange exchange) {
                return decide.apply(exchange);
            }
        });
        return this;
    }

    FlowBench responsePolicy(ResponsePolicy policy) {
        responsePolicies.add(policy);
        return this;
    }

    FlowBench access(AccessRule rule) {
        access = rule;
        return this;
    }

    FlowBench withoutUpstream() {
        forwarding = false;
        return this;
    }

    FlowBench totalTimeout(long nanos) {
        UpstreamSettings.Timeouts old = SETTINGS.timeouts();
        settings = new UpstreamSettings(
                SETTINGS.name(),
                SETTINGS.protocol(),
                null,
                new UpstreamSettings.Timeouts(old.connect(), old.responseHead(), old.idle(), nanos),
                SETTINGS.pool(),
                SETTINGS.maxHead(),
                settings.concurrency());
        return this;
    }

    /// Bounds the requests the upstream has at once.
    FlowBench concurrency(Bounds bounds) {
        settings = new UpstreamSettings(
                settings.name(),
                settings.protocol(),
                null,
                settings.timeouts(),
                settings.pool(),
                settings.maxHead(),
                bounds);
        return this;
    }

    /// Shares the upstream of `other`.
    FlowBench behind(FlowBench other) {
        orders = other.orders;
        return this;
    }

    /// What bounds the requests of the upstream.
    LoadGate gate() {
        Upstream shared = orders;
        LoadGate gate = shared == null ? null : shared.load();
        if (gate == null) {
            throw new AssertionError("not started, or without bounds");
        }
        return gate;
    }

    FlowBench priority(Priority of) {
        priority = of;
        return this;
    }

    /// Lets so many tenths of seconds pass for the load of the gateway, and none after that.
    FlowBench tenths(int count) {
        LoopLoad loop = flows().load();
        long now = System.nanoTime();
        for (int i = 0; i < count; i++) {
            loop.began(now + TimeUnit.MILLISECONDS.toNanos(100L * i));
            loop.ended();
        }
        return this;
    }

    FlowBench request(Method asked, String target, String... namesAndValues) {
        method = asked;
        path = target;
        headers = Headers.of(namesAndValues);
        return this;
    }

    FlowBench bodyLength(long length) {
        bodyLength = length;
        return this;
    }

    /// Decisions have no time; without this they may take as long as they like.
    FlowBench impatient() {
        decisionNanos = 1;
        return this;
    }

    FlowBench revocations(Revocations of) {
        revocations = of;
        return this;
    }

    /// Runs the exchange as far as it goes by itself.
    FlowBench run() {
        Flows all = flows();
        CanonicalRequest request = new CanonicalRequest(
                method, "http", new Authority("gateway.test", -1), path, 0, null, headers, HttpVersion.HTTP_1_1);
        ClientConnection connection = new ClientConnection(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711), "public", null, null);
        ExchangeFlow started = new ExchangeFlow(all, client, request, connection, bodyLength);
        flow = started;
        started.start();
        turn();
        return this;
    }

    private Flows flows() {
        Flows made = flows;
        if (made == null) {
            Worker worker = new Worker(0, channel.eventLoop());
            worker.start();
            CurrentSnapshot first = new CurrentSnapshot(snapshot("test", "orders"));
            current = first;
            made = new Flows(worker, first, new ListRecorder(), new AdmissionGate(revocations), load, decisionNanos);
            flows = made;
        }
        return made;
    }

    /// Puts another configuration into use, whose one route is called `name` and has this rule, and has all
    /// exchanges be
    /// looked at again.
    void reload(String name, AccessRule rule) {
        access = rule;
        CurrentSnapshot used = current;
        if (used == null) {
            throw new AssertionError("not started");
        }
        used.replace(snapshot("test-2", name));
        recheck();
    }

    /// The same without any route.
    void reloadWithoutRoutes() {
        CurrentSnapshot used = current;
        if (used == null) {
            throw new AssertionError("not started");
        }
        used.replace(new GatewaySnapshot("test-3", RouteTable.of(List.of()), "bench"));
        recheck();
    }

    private GatewaySnapshot snapshot(String version, String name) {
        EndpointState endpoint =
                new EndpointState("127.0.0.1:9", new InetSocketAddress(InetAddress.getLoopbackAddress(), 9), 1);
        Upstream made = orders;
        if (made == null) {
            made = new Upstream(settings, List.of(endpoint), FlowBench::firstOf, upstream, 1);
            orders = made;
        }
        Route route = new Route(
                name,
                new RouteMatch(List.of(), Set.of(), PathTemplate.parse("/orders/{id}"), List.of(), List.of()),
                0,
                access,
                List.copyOf(policies),
                List.copyOf(responsePolicies),
                forwarding ? new Forwarder(made, "bench") : null,
                false,
                priority);
        return new GatewaySnapshot(version, RouteTable.of(List.of(route)), "bench");
    }

    private static dev.sallyport.api.traffic.LoadBalancer firstOf(Endpoint[] endpoints) {
        return (exchange, excluded) -> (excluded & 1) == 0 ? 0 : -1;
    }

    /// Has all callers be looked at again, as when somebody knows that something was revoked.
    void recheck() {
        Flows all = flows;
        if (all == null) {
            throw new AssertionError("not started");
        }
        all.recheck();
    }

    ExchangeFlow flow() {
        ExchangeFlow started = flow;
        if (started == null) {
            throw new AssertionError("not started");
        }
        return started;
    }

    /// Lets the loop do what is queued.
    void turn() {
        channel.runPendingTasks();
    }

    /// Lets time pass on the loop until the exchange is recorded.
    void awaitRecorded() {
        Eventually.until("the exchange is recorded", () -> {
            channel.advanceTimeBy(20, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            channel.runPendingTasks();
            return !recorded.isEmpty();
        });
    }

    /// The exchange; fails unless it was recorded exactly once.
    Exchange record() {
        if (recorded.size() != 1) {
            throw new AssertionError("recorded " + recorded.size() + " times, client saw " + client.events());
        }
        return recorded.getFirst();
    }

    private final class ListRecorder implements Recorder {
        @Override
        public void record(Exchange exchange) {
            recorded.add(exchange);
        }

        @Override
        public void recordFault(ClientConnection connection, RequestFault fault) {
            throw new AssertionError("no head is parsed here");
        }

        @Override
        public void recordBug(Exchange exchange, Throwable bug) {
            bugs.add(bug);
        }
    }
}
