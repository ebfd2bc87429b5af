package dev.sallyport.benchmarks;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.dataplane.limit.KeyPart;
import dev.sallyport.dataplane.limit.Limit;
import dev.sallyport.dataplane.limit.LimitFields;
import dev.sallyport.dataplane.limit.Limits;
import dev.sallyport.extension.limit.MemoryCounters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What three limits (address, caller, route) add to a request; [#exchangeAlone] is what it is without them.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class LimitBenchmark {
    private static final int CALLERS = 1 << 14;

    /// Keys that each limit knows already.
    @Param({"0", "1000000"})
    int known;

    private final Counters counters =
            new MemoryCounters(System::nanoTime, InstantSource.system(), Thread::startVirtualThread);
    private final InetAddress[] addresses = new InetAddress[CALLERS];
    private final Principal[] callers = new Principal[CALLERS];
    private final CanonicalRequest request = new CanonicalRequest(
            Method.GET,
            "https",
            new Authority("api.example.com", -1),
            "/orders/1",
            0,
            null,
            Headers.EMPTY,
            HttpVersion.HTTP_1_1);
    private final ClientConnection connection =
            new ClientConnection(new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711), "public", null, null);
    private final TraceContext trace = new TraceContext(1, 2, 3, 0, false);
    private final LimitFields fields = new LimitFields(true, false);
    private final ResponseHead head = new ResponseHead(200, Headers.EMPTY, HttpVersion.HTTP_1_1);
    private Limits source = new Limits(Phase.SCREEN, List.of(), counters, 1);
    private Limits identity = source;
    private Limits tight = source;
    private int next;

    private Limit limit(String name, KeyPart key, long perSecond) {
        return new Limit(
                name,
                List.of(key),
                List.of(counters.layer(new Measure.Rate(perSecond, 1_000_000_000L, perSecond), null)),
                new Limit.Terms(Set.of(), 1, null, false, null),
                null);
    }

    @Setup
    public void build() throws UnknownHostException {
        Random random = new Random(1);
        byte[] octets = new byte[4];
        for (int i = 0; i < CALLERS; i++) {
            random.nextBytes(octets);
            addresses[i] = InetAddress.getByAddress(octets);
            callers[i] = new Principal("0c9e8a52-7b1d-4d2e-9a55-" + (100_000_000_000L + i), "staff", Set.of());
        }
        source = new Limits(
                Phase.SCREEN, List.of(limit("per-address", new KeyPart.Source(32, 64), 1_000_000)), counters, 1);
        identity = new Limits(
                Phase.METER,
                List.of(
                        limit("per-caller", KeyPart.Caller.ID, 1_000_000),
                        limit("whole-route", new KeyPart.Way(), 1_000_000_000)),
                counters,
                1);
        tight = new Limits(
                Phase.SCREEN,
                List.of(new Limit(
                        "tight",
                        List.of(new KeyPart.Everything()),
                        List.of(counters.layer(new Measure.Rate(1, 3_600_000_000_000L, 1), null)),
                        new Limit.Terms(Set.of(), 1, null, false, null),
                        null)),
                counters,
                1);
        for (int i = 0; i < known; i++) {
            random.nextBytes(octets);
            Exchange exchange = exchange(InetAddress.getByAddress(octets), callers[i & (CALLERS - 1)]);
            source.decide(exchange);
        }
    }

    private Exchange exchange(InetAddress address, Principal caller) {
        Exchange exchange = new Exchange(
                request,
                connection,
                Runnable::run,
                0,
                new Exchange.Origin(address, trace, 1, next, System.nanoTime(), 0));
        exchange.routed("orders", "/orders/{id}", new String[] {"id", "1"});
        exchange.authenticated(caller);
        return exchange;
    }

    private Exchange next() {
        next++;
        return exchange(addresses[next & (CALLERS - 1)], callers[next & (CALLERS - 1)]);
    }

    @Benchmark
    public Exchange exchangeAlone() {
        return next();
    }

    @Benchmark
    public Decision threeLimits() {
        Exchange exchange = next();
        Decision first = source.decide(exchange);
        return first instanceof Decision.Proceed ? identity.decide(exchange) : first;
    }

    @Benchmark
    public Exchange threeLimitsAndFields() {
        Exchange exchange = next();
        source.decide(exchange);
        identity.decide(exchange);
        fields.onResponse(exchange, head);
        return exchange;
    }

    @Benchmark
    public Decision refused() {
        return tight.decide(next());
    }
}
