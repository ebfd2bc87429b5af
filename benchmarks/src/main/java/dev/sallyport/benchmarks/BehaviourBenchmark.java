package dev.sallyport.benchmarks;

import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.dataplane.behaviour.Conducts;
import dev.sallyport.dataplane.behaviour.Observation;
import dev.sallyport.dataplane.behaviour.Screening;
import dev.sallyport.dataplane.behaviour.Standing;
import dev.sallyport.dataplane.behaviour.score.Rules;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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

/// What watching conduct adds to a request of a quiet caller, from the first look at its source to its record;
/// [#exchangeAlone] is what it is without that.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class BehaviourBenchmark {
    private static final int CALLERS = 1 << 9;
    private static final Refusal FAILED = Refusal.of(401, "token-signature", "", "");

    /// Addresses that did wrong.
    @Param({"0", "1", "100000"})
    int offenders;

    private final Conducts conducts = Conducts.blank();
    private final Rules rules = rules();
    private final Screening screening = new Screening(conducts, rules);
    private final Standing standing = new Standing(conducts, rules);
    private final Observation observation = new Observation(conducts);
    private final InetAddress[] addresses = new InetAddress[CALLERS];
    private final ClientConnection[] connections = new ClientConnection[CALLERS];
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
    private final TraceContext trace = new TraceContext(1, 2, 3, 0, false);
    private int next;

    private static Rules rules() {
        Map<Signal, Rules.Weight> weights = new EnumMap<>(Signal.class);
        for (Signal signal : Signal.values()) {
            weights.put(
                    signal,
                    new Rules.Weight(signal.usualWeight(), signal.usualHalfLife().toNanos()));
        }
        return new Rules(
                weights,
                new Rules.Levels(
                        new Rules.Terms(30, 250, 0, null),
                        new Rules.Terms(100, 100, 0, null),
                        TimeUnit.MINUTES.toNanos(5),
                        null),
                new Rules.Networks(32, 64, 24, 48, 8),
                new Rules.Guesses(30, 0, 0),
                new Rules.Siege(0.5, 100, 0),
                new Rules.Capacity(1000, List.of("authorization")));
    }

    @Setup
    public void build() throws UnknownHostException {
        conducts.use(rules);
        Random random = new Random(1);
        byte[] octets = new byte[4];
        for (int i = 0; i < offenders; i++) {
            random.nextBytes(octets);
            Exchange exchange = exchange(InetAddress.getByAddress(octets), new ClientConnection(
                    new InetSocketAddress(InetAddress.getByAddress(octets), 1), "public", null, null));
            exchange.refused(FAILED);
            observation.record(exchange);
        }
        for (int i = 0; i < CALLERS; i++) {
            random.nextBytes(octets);
            addresses[i] = InetAddress.getByAddress(octets);
            connections[i] = new ClientConnection(new InetSocketAddress(addresses[i], 4711), "public", null, null);
            callers[i] = new Principal("0c9e8a52-7b1d-4d2e-9a55-" + (100_000_000_000L + i), "staff", Set.of());
        }
    }

    private Exchange exchange(InetAddress address, ClientConnection connection) {
        Exchange exchange = new Exchange(
                request,
                connection,
                Runnable::run,
                0,
                new Exchange.Origin(address, trace, 1, next, System.nanoTime(), 0));
        exchange.routed("orders", "/orders/{id}", new String[] {"id", "1"});
        return exchange;
    }

    private Exchange next() {
        next++;
        int i = next & (CALLERS - 1);
        return exchange(addresses[i], connections[i]);
    }

    @Benchmark
    public Exchange exchangeAlone() {
        return next();
    }

    @Benchmark
    public Decision screened() {
        return screening.decide(next());
    }

    @Benchmark
    public Verdict judged() {
        Exchange exchange = next();
        exchange.authenticated(callers[next & (CALLERS - 1)]);
        return standing.judge(exchange);
    }

    @Benchmark
    public Exchange all() {
        Exchange exchange = next();
        screening.decide(exchange);
        exchange.authenticated(callers[next & (CALLERS - 1)]);
        standing.judge(exchange);
        exchange.admitted("authenticated", exchange.principal());
        exchange.status(200);
        observation.record(exchange);
        return exchange;
    }
}
