package dev.sallyport.benchmarks;

import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestReader;
import dev.sallyport.api.http.RequestTarget;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to read request targets, and whole requests with a host seen before.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class RequestTargetBenchmark {
    private final byte[] plain = bytes("/api/v1/customers/4711/orders");
    private final byte[] query = bytes("/api/v1/customers/4711/orders?page=2&size=50");
    private final byte[] rewritten = bytes("/api/v1/./customers/%34711/%6frders/%c3%a4/../lines");
    private final byte[] hostile = bytes("/a/..".repeat(1_600));
    private final Headers headers =
            Headers.of("Host", "api.example.com:443", "User-Agent", "benchmark", "Accept", "application/json");
    private final RequestTarget target = new RequestTarget();
    private final RequestReader reader = new RequestReader();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private String parse(byte[] bytes) {
        return target.parse(Method.GET, bytes, 0, bytes.length) == null ? target.path() : "";
    }

    /// Allocates the path.
    @Benchmark
    public String plain() {
        return parse(plain);
    }

    /// Allocates path and query.
    @Benchmark
    public String query() {
        return parse(query);
    }

    @Benchmark
    public String rewritten() {
        return parse(rewritten);
    }

    /// Eight thousand octets of dot segments.
    @Benchmark
    public String hostile() {
        return parse(hostile);
    }

    /// Allocates path, query and request.
    @Benchmark
    public CanonicalRequest wholeRequest() {
        if (reader.read("https", HttpVersion.HTTP_1_1, Method.GET, query, 0, query.length, null, headers) != null) {
            throw new IllegalStateException("refused");
        }
        return reader.request();
    }
}
