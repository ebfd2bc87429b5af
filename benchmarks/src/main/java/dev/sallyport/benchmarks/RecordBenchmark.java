package dev.sallyport.benchmarks;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.extension.observe.Recorders;
import dev.sallyport.extension.observe.RequestMetrics;
import dev.sallyport.extension.observe.log.AccessLog;
import dev.sallyport.extension.observe.log.AccessLogSettings;
import dev.sallyport.extension.observe.log.LineEncoder;
import dev.sallyport.extension.observe.log.Sampling;
import dev.sallyport.extension.observe.sink.LogFile;
import dev.sallyport.extension.observe.sink.LogSink;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.JsonLine;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to record a request: on the event loop (`metrics`, `handOver`, `sampleOut`), and on the thread that
/// writes the access
/// log (`encode`, `encodeAndWrite`).
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordBenchmark {
    private static final int EXCHANGES = 64;
    private static final int BATCH = 4096;
    private static final int BUFFER = 64 * 1024;

    /// Finished exchanges of eight routes with the header fields of a browser.
    private static Exchange[] exchanges() {
        ClientConnection connection = new ClientConnection(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 54321), "public", "TLSv1.3", null);
        Exchange[] exchanges = new Exchange[EXCHANGES];
        for (int i = 0; i < EXCHANGES; i++) {
            Headers headers = Headers.of(
                    "Host",
                    "shop.example.com",
                    "User-Agent",
                    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                    "Accept",
                    "*/*");
            CanonicalRequest request = new CanonicalRequest(
                    i % 4 == 0 ? Method.POST : Method.GET,
                    "https",
                    new Authority("shop.example.com", -1),
                    "/orders/" + i + "/lines/first",
                    0,
                    i % 2 == 0 ? "page=2&sort=price" : null,
                    headers,
                    HttpVersion.HTTP_1_1);
            long start = System.nanoTime();
            Exchange.Origin origin = new Exchange.Origin(
                    InetAddress.getLoopbackAddress(),
                    new TraceContext(start, start * 31, i, 0, true),
                    start * 17,
                    i,
                    start,
                    System.currentTimeMillis() + i);
            Exchange exchange = new Exchange(request, connection, Runnable::run, 0, origin);
            exchange.configVersion("3f2a9c1b");
            exchange.routed("orders-" + i % 8, "/orders/{id}/lines/{line}", new String[0]);
            exchange.admitted("public", null);
            exchange.attempted("orders", "127.0.0.1:9001", System.nanoTime());
            exchange.forwardedAt(start + 20_000);
            exchange.responded(200, start + 300_000);
            exchange.status(i % 16 == 0 ? 404 : 200);
            exchange.addResponseBytes(200);
            exchange.endedAt(start + 320_000 + i * 10_000L);
            exchanges[i] = exchange;
        }
        return exchanges;
    }

    /// The event loop's part of the metrics.
    @State(Scope.Thread)
    public static class Counting {
        final Exchange[] exchanges = exchanges();
        final Recorders metrics = new Recorders(List.of(new RequestMetrics(1)));
        int next;
    }

    @Benchmark
    public void metrics(Counting state) {
        state.metrics.record(state.exchanges[state.next++ & EXCHANGES - 1]);
    }

    /// The event loop's part of the access log, with a writing thread that keeps up.
    @State(Scope.Thread)
    public static class HandingOver {
        final Exchange[] exchanges = exchanges();
        final AccessLog log = new AccessLog(
                AccessLogSettings.DEFAULT,
                LogSink.to(OutputStream.nullOutputStream()),
                1,
                new EventLog(OutputStream.nullOutputStream(), EventLog.Format.JSON));
        long recorded;

        @Setup(Level.Invocation)
        public void catchUp() {
            double[] seen = new double[1];
            do {
                LockSupport.parkNanos(100_000);
                seen[0] = 0;
                log.collect((Metric metric, double value, String... labels) -> {
                    if (metric.equals(Metrics.ACCESS_LOG_LINES) || metric.equals(Metrics.ACCESS_LOG_DROPPED)) {
                        seen[0] += value;
                    }
                });
            } while (seen[0] < recorded);
            recorded += BATCH;
        }

        @TearDown
        public void close() {
            log.collect(new MetricSink() {
                @Override
                public void value(Metric metric, double value, String... labels) {
                    if (metric.equals(Metrics.ACCESS_LOG_DROPPED) && value > 0) {
                        throw new IllegalStateException("dropped: " + value + " (expected: none)");
                    }
                }
            });
            log.close();
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void handOver(HandingOver state) {
        for (int i = 0; i < BATCH; i++) {
            state.log.record(state.exchanges[i & EXCHANGES - 1]);
        }
    }

    /// The event loop's part for requests that have no line because of sampling.
    @State(Scope.Thread)
    public static class LeavingOut {
        final Exchange[] exchanges = exchanges();
        final AccessLog log = new AccessLog(
                AccessLogSettings.DEFAULT,
                new Sampling(0, List.of()),
                Map.of("stdout", LogSink.to(OutputStream.nullOutputStream())),
                1,
                new EventLog(OutputStream.nullOutputStream(), EventLog.Format.JSON));

        @TearDown
        public void close() {
            log.close();
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void sampleOut(LeavingOut state) {
        for (int i = 0; i < BATCH; i++) {
            state.log.record(state.exchanges[i & EXCHANGES - 1]);
        }
    }

    /// The writing thread's part.
    @State(Scope.Thread)
    public static class Writing {
        @Param({"OTEL", "ECS"})
        public AccessLogSettings.Format format = AccessLogSettings.Format.OTEL;

        final Exchange[] exchanges = exchanges();
        final JsonLine lines = new JsonLine(BUFFER + 16 * 1024);
        LineEncoder encoder = new LineEncoder(AccessLogSettings.DEFAULT);
        Path folder = Path.of("");
        LogSink sink = LogSink.to(OutputStream.nullOutputStream());
        int next;

        @Setup
        public void open() throws IOException {
            encoder = new LineEncoder(new AccessLogSettings(format, List.of(), List.of(), List.of(), 16));
            folder = Files.createTempDirectory("record-benchmark");
            sink = new LogFile(folder.resolve("access.jsonl"), 64L * 1024 * 1024, 0);
        }

        @TearDown
        public void delete() throws IOException {
            sink.close();
            Files.deleteIfExists(folder.resolve("access.jsonl"));
            Files.delete(folder);
        }

        void encode() {
            encoder.encode(exchanges[next++ & EXCHANGES - 1], lines);
        }
    }

    @Benchmark
    public int encode(Writing state) {
        if (state.lines.length() >= BUFFER) {
            state.lines.truncate(0);
        }
        state.encode();
        return state.lines.length();
    }

    @Benchmark
    public int encodeAndWrite(Writing state) throws IOException {
        if (state.lines.length() >= BUFFER) {
            state.sink.write(ByteBuffer.wrap(state.lines.bytes(), 0, state.lines.length()));
            state.lines.truncate(0);
        }
        state.encode();
        return state.lines.length();
    }
}
