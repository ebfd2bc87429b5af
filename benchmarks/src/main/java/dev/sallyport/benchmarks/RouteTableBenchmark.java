package dev.sallyport.benchmarks;

import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.snapshot.PathTemplate;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteMatch;
import dev.sallyport.dataplane.snapshot.RouteSearch;
import dev.sallyport.dataplane.snapshot.RouteTable;
import java.util.ArrayList;
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

/// What a route look-up costs with few and with many routes; it has to be the same, and to allocate nothing.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class RouteTableBenchmark {
    private static final int REQUESTS = 256;
    private static final int PATHS_PER_HOST = 100;

    @Param({"10", "1000", "100000"})
    int routes;

    private RouteTable table = RouteTable.of(List.of());
    private final RouteSearch search = new RouteSearch();
    private final CanonicalRequest[] literal = new CanonicalRequest[REQUESTS];
    private final CanonicalRequest[] below = new CanonicalRequest[REQUESTS];
    private final CanonicalRequest[] parameter = new CanonicalRequest[REQUESTS];
    private final CanonicalRequest[] unknown = new CanonicalRequest[REQUESTS];
    private int next;

    /// Hosts with a hundred templates each, a third of every kind.
    @Setup
    public void build() {
        List<Route> all = new ArrayList<>();
        for (int i = 0; i < routes; i++) {
            all.add(route(i));
        }
        table = RouteTable.of(all);
        Random random = new Random(1);
        for (int i = 0; i < REQUESTS; i++) {
            int route = random.nextInt(routes / 3) * 3;
            literal[i] = request(host(route), "/v1/literal" + route + "/items");
            below[i] = request(host(route + 1), "/v1/open" + (route + 1) + "/a/b/c");
            parameter[i] = request(host(route + 2), "/v1/tenant" + i + "/items" + (route + 2) + "/4711");
            unknown[i] = request(host(route), "/v2/literal" + route + "/items");
        }
    }

    private static String host(int route) {
        return "host" + route / PATHS_PER_HOST + ".example.com";
    }

    private static Route route(int i) {
        String path = switch (i % 3) {
            case 0 -> "/v1/literal" + i + "/items";
            case 1 -> "/v1/open" + i + "/**";
            default -> "/v1/{tenant}/items" + i + "/{id}";
        };
        RouteMatch match = new RouteMatch(
                List.of(host(i)), Set.of(Method.GET, Method.POST), PathTemplate.parse(path), List.of(), List.of());
        return new Route("r" + i, match, 0, new AccessRule.Public(), List.of(), List.of(), null);
    }

    private static CanonicalRequest request(String host, String path) {
        return new CanonicalRequest(
                Method.GET, "https", new Authority(host, -1), path, 0, null, Headers.EMPTY, HttpVersion.HTTP_1_1);
    }

    private RouteSearch.Outcome find(CanonicalRequest[] requests, RouteSearch.Outcome expected) {
        table.find(requests[next++ & (REQUESTS - 1)], search);
        RouteSearch.Outcome outcome = search.outcome();
        if (outcome != expected) {
            throw new IllegalStateException(outcome.name());
        }
        return outcome;
    }

    @Benchmark
    public RouteSearch.Outcome literal() {
        return find(literal, RouteSearch.Outcome.FOUND);
    }

    @Benchmark
    public RouteSearch.Outcome open() {
        return find(below, RouteSearch.Outcome.FOUND);
    }

    /// Allocates the names and values of two parameters.
    @Benchmark
    public RouteSearch.Outcome parameters() {
        return find(parameter, RouteSearch.Outcome.FOUND);
    }

    @Benchmark
    public RouteSearch.Outcome unknownPath() {
        return find(unknown, RouteSearch.Outcome.UNKNOWN_PATH);
    }
}
