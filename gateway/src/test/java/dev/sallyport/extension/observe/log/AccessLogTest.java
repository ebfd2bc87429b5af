package dev.sallyport.extension.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.BodyTap;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.json.JsonPaths;
import dev.sallyport.extension.observe.payload.Captures;
import dev.sallyport.extension.observe.sink.LogSink;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.Json;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.Metrics;
import dev.sallyport.testing.Eventually;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    private final ByteArrayOutputStream eventBytes = new ByteArrayOutputStream();
    private final EventLog events = new EventLog(eventBytes, EventLog.Format.LOGFMT);
    private final MemorySink sink = new MemorySink();

    /// Keeps what it is given; fails or blocks when told to.
    private static final class MemorySink implements LogSink {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final AtomicBoolean failing = new AtomicBoolean();
        final AtomicBoolean closed = new AtomicBoolean();

        /// What one write may take when it fails.
        volatile int takes;

        volatile Semaphore gate = new Semaphore(Integer.MAX_VALUE);
        final CountDownLatch blocked = new CountDownLatch(1);

        @Override
        public void write(ByteBuffer lines) throws IOException {
            if (gate.availablePermits() == 0) {
                blocked.countDown();
            }
            gate.acquireUninterruptibly();
            if (failing.get()) {
                take(lines, Math.min(takes, lines.remaining()));
                throw new IOException("No space left on device");
            }
            take(lines, lines.remaining());
        }

        private synchronized void take(ByteBuffer lines, int count) {
            byte[] taken = new byte[count];
            lines.get(taken);
            bytes.writeBytes(taken);
        }

        synchronized byte[] written() {
            return bytes.toByteArray();
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }

    private AccessLog log(int loops, int capacity) {
        AccessLogSettings settings =
                new AccessLogSettings(AccessLogSettings.Format.OTEL, List.of(), List.of(), List.of(), capacity);
        return new AccessLog(settings, sink, loops, events);
    }

    private static Exchange exchange(int loop, int number) {
        return Exchanges.request().loop(loop).path("/" + number).ended("r", "/{n}", 200);
    }

    private static Map<String, Double> figures(AccessLog log) {
        Map<String, Double> figures = new HashMap<>();
        log.collect((Metric metric, double value, String... labels) ->
                figures.put(metric.name() + String.join(",", labels).replaceFirst("^stdout,?", ""), value));
        return figures;
    }

    private static double figure(AccessLog log, Metric metric) {
        return figures(log).getOrDefault(metric.name(), -1.0);
    }

    private static double dropped(AccessLog log) {
        return figures(log).getOrDefault(Metrics.ACCESS_LOG_DROPPED.name() + "queue-full", -1.0);
    }

    @Test
    void writesSoonWithoutBeingClosed() {
        try (AccessLog log = log(1, 64)) {
            log.record(exchange(0, 1));
            Eventually.until("a line is written", () -> sink.written().length > 0);
            assertThat(Json.lines(sink.written())).hasSize(1);
        }
    }

    @Test
    void writesAllLoopsAndAllKinds() {
        AccessLog log = log(3, 4096);
        for (int i = 0; i < 3000; i++) {
            log.record(exchange(i % 3, i));
        }
        log.recordFault(Exchanges.connection("public"), RequestFault.CHUNK);
        log.close();
        List<Map<String, Object>> lines = Json.lines(sink.written());
        assertThat(lines).hasSize(3001);
        assertThat(lines.stream().map(line -> line.get("url.path")).distinct()).hasSize(3001);
        assertThat(lines).anySatisfy(line -> assertThat(line).containsEntry("gateway.reason", "chunk-invalid"));
        assertThat(figures(log)).containsEntry(Metrics.ACCESS_LOG_LINES.name(), 3001.0);
        assertThat(dropped(log)).isZero();
        assertThat(sink.closed).isTrue();
    }

    @Test
    void LG_08_aBlockedDestinationNeverBlocksALoop() throws InterruptedException {
        sink.gate = new Semaphore(0);
        AccessLog log = log(1, 16);
        log.record(exchange(0, 0));
        assertThat(sink.blocked.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 1; i <= 100; i++) {
            log.record(exchange(0, i));
        }
        assertThat(dropped(log)).isEqualTo(84);
        sink.gate.release(1000);
        log.close();
        assertThat(Json.lines(sink.written())).hasSize(17);
    }

    @Test
    void LG_08_closeGivesUpOnABlockedDestination() throws InterruptedException {
        sink.gate = new Semaphore(0);
        AccessLog log = log(1, 16);
        log.record(exchange(0, 0));
        assertThat(sink.blocked.await(10, TimeUnit.SECONDS)).isTrue();
        long began = System.nanoTime();
        log.close(Duration.ofMillis(50));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        sink.gate.release(1000);
    }

    @Test
    void LG_08_closeGivesUpOnAFullDisk() {
        sink.failing.set(true);
        AccessLog log = log(1, 16);
        log.record(exchange(0, 0));
        log.close(Duration.ofMillis(300));
        Eventually.until("the sink is closed", sink.closed::get);
        assertThat(sink.written()).isEmpty();
    }

    @Test
    void LG_08_FA_06_aFullDiskIsCountedAndTriedAgainWithoutCuttingALine() {
        sink.failing.set(true);
        sink.takes = 10;
        AccessLog log = log(1, 64);
        log.record(exchange(0, 1));
        Eventually.until(
                "it is told", () -> eventBytes.toString(StandardCharsets.UTF_8).endsWith("\n"));
        log.record(exchange(0, 2));
        assertThat(figure(log, Metrics.ACCESS_LOG_WRITE_ERRORS)).isPositive();
        assertThat(eventBytes.toString(StandardCharsets.UTF_8))
                .contains("event=access_log.failing")
                .contains("No space left on device");
        sink.failing.set(false);
        Eventually.until("both lines are written", () -> figure(log, Metrics.ACCESS_LOG_LINES) == 2);
        assertThat(Json.lines(sink.written()))
                .extracting(line -> line.get("url.path"))
                .containsExactly("/1", "/2");
        assertThat(eventBytes.toString(StandardCharsets.UTF_8)).contains("event=access_log.recovered");
        log.close();
    }

    @Test
    void LG_08_whileTheDiskIsFullTheOldestLinesStayAndTheRestIsCounted() {
        sink.failing.set(true);
        AccessLog log = log(1, 16);
        int recorded = 2000;
        for (int i = 0; i < recorded; i++) {
            log.record(exchange(0, i));
        }
        Eventually.until("an attempt failed", () -> figure(log, Metrics.ACCESS_LOG_WRITE_ERRORS) >= 1);
        sink.failing.set(false);
        log.close();
        double dropped = dropped(log);
        assertThat(dropped).isPositive();
        assertThat(Json.lines(sink.written())).hasSize(recorded - (int) dropped);
    }

    @Test
    void aBugOfOursCostsOneLineOnly() {
        AccessLog log = log(1, 64);
        log.record(Exchanges.request().path(hostile()).ended("r", "/", 200));
        log.record(exchange(0, 1));
        log.close();
        assertThat(Json.lines(sink.written())).hasSize(1);
        assertThat(figures(log)).containsEntry(Metrics.ACCESS_LOG_DROPPED.name() + "unencodable", 1.0);
        assertThat(eventBytes.toString(StandardCharsets.UTF_8)).contains("event=internal.error");
    }

    @SuppressWarnings("NullAway") // what a bug would leave there
    private static String hostile() {
        return null;
    }

    private AccessLog sampled(double part) {
        AccessLogSettings settings =
                new AccessLogSettings(AccessLogSettings.Format.OTEL, List.of(), List.of(), List.of(), 64);
        return new AccessLog(settings, new Sampling(part, List.of()), Map.of("stdout", sink), 1, events);
    }

    @Test
    void LG_06_whatSamplingLeavesOutIsCountedInTheMetricsAndInTheNextLine() {
        AccessLog log = sampled(0);
        for (int i = 0; i < 3; i++) {
            log.record(exchange(0, i));
        }
        log.record(Exchanges.request().path("/wrong").ended("r", "/{n}", 500));
        log.record(exchange(0, 4));
        log.record(Exchanges.request().path("/wrong").ended("r", "/{n}", 404));
        log.record(Exchanges.request().path("/wrong").ended("r", "/{n}", 404));
        log.close();
        List<Map<String, Object>> lines = Json.lines(sink.written());
        assertThat(lines).hasSize(3).allSatisfy(line -> assertThat(line).containsEntry("url.path", "/wrong"));
        assertThat(lines).extracting(line -> line.get("gateway.sampled_out")).containsExactly(3L, 1L, null);
        assertThat(figure(log, Metrics.ACCESS_LOG_SAMPLED_OUT)).isEqualTo(4);
    }

    @Test
    void LG_08_aHungDestinationHoldsUpNoOther() throws InterruptedException {
        MemorySink hung = new MemorySink();
        hung.gate = new Semaphore(0);
        AccessLogSettings settings =
                new AccessLogSettings(AccessLogSettings.Format.OTEL, List.of(), List.of(), List.of(), 16);
        AccessLog log = new AccessLog(settings, Sampling.ALL, Map.of("stdout", sink, "syslog", hung), 1, events);
        log.record(exchange(0, 0));
        assertThat(hung.blocked.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 1; i <= 100; i++) {
            int number = i;
            log.record(exchange(0, number));
            Eventually.until(
                    "the other has it", () -> Json.lines(sink.written()).size() == number + 1);
        }
        assertThat(dropped(log)).isZero();
        assertThat(figures(log)).containsEntry(Metrics.ACCESS_LOG_DROPPED.name() + "syslog,queue-full", 84.0);
        log.close(Duration.ofMillis(100));
        assertThat(sink.closed).isTrue();
        hung.gate.release(1000);
    }

    @Test
    void LG_08_aFailingDestinationIsToldOnceByName() {
        MemorySink broken = new MemorySink();
        broken.failing.set(true);
        AccessLogSettings settings =
                new AccessLogSettings(AccessLogSettings.Format.OTEL, List.of(), List.of(), List.of(), 16);
        AccessLog log = new AccessLog(settings, Sampling.ALL, Map.of("stdout", sink, "file", broken), 1, events);
        log.record(exchange(0, 0));
        Eventually.until(
                "it was tried several times",
                () -> figures(log).getOrDefault(Metrics.ACCESS_LOG_WRITE_ERRORS.name() + "file", 0.0) >= 3);
        assertThat(eventBytes.toString(StandardCharsets.UTF_8).lines())
                .hasSize(1)
                .allMatch(line -> line.contains("event=access_log.failing") && line.contains("to=file"));
        log.close(Duration.ofMillis(100));
    }

    private static BodyTap tap(Exchange exchange) {
        return Objects.requireNonNull(exchange.tap());
    }

    @Test
    void bodiesAreForgottenOnceEveryDestinationHasThem() {
        Captures captures = new Captures();
        captures.use(100, 1000);
        MemorySink other = new MemorySink();
        AccessLogSettings settings = new AccessLogSettings(
                AccessLogSettings.Format.OTEL, List.of(), List.of(), List.of(), List.of(), JsonPaths.NONE, true, 2);
        other.gate = new Semaphore(0);
        AccessLog log = new AccessLog(settings, Sampling.ALL, Map.of("stdout", sink, "file", other), 1, events);
        for (int i = 0; i < 10; i++) {
            Exchange exchange = Exchanges.request()
                    .header("Content-Type", "text/plain")
                    .path("/" + i)
                    .ended("r", "/", 200);
            captures.decide(exchange);
            tap(exchange).onRequestBody(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
            log.record(exchange);
            tap(exchange).onRecorded();
            int number = i + 1;
            Eventually.until("one has it", () -> Json.lines(sink.written()).size() == number);
        }
        // two in the queue of the other at most, and what it is about to write is encoded
        assertThat(captures.held()).isBetween(100L, 200L);
        assertThat(Json.lines(sink.written()))
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("gateway.request.body", Map.of("type", "text/plain", "text", "hello")));
        other.gate.release(1000);
        log.close();
        Eventually.until("nothing is held", () -> captures.held() == 0);
    }
}
