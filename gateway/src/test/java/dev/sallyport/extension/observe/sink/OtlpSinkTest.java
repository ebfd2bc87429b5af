package dev.sallyport.extension.observe.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.extension.observe.otlp.CollectorSettings;
import dev.sallyport.extension.observe.otlp.Origin;
import dev.sallyport.extension.observe.otlp.OtlpFigures;
import dev.sallyport.extension.observe.otlp.Outflow;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.otlp.FakeCollector;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OtlpSinkTest {
    private static final String LINE = "{\"timestamp\":\"2026-11-25T04:00:00.007Z\",\"severity\":\"WARN\","
            + "\"http.request.method\":\"GET\",\"url.path\":\"/a\\u0000\",\"http.response.status_code\":403,"
            + "\"trace_id\":\"0000000000000001000000000000000a\",\"span_id\":\"000000000000000b\",\"gateway.duration_ms\":1.5,"
            + "\"gateway.reason\":\"role-missing\",\"user.roles\":[\"a\",\"b\"],"
            + "\"gateway.limits\":[{\"limit\":\"x\",\"remaining\":3,\"of\":9}],"
            + "\"gateway.request.body\":{\"type\":\"text/plain\",\"text\":\"hi\",\"truncated\":true}}\n";

    private static OtlpSink sink(FakeCollector collector, Outflow.Room room) {
        CollectorSettings settings = new CollectorSettings(
                URI.create(collector.url()),
                CollectorSettings.Protocol.HTTP,
                Map.of(),
                null,
                Duration.ofSeconds(5),
                true);
        Outflow.Common common = new Outflow.Common(
                new OtlpFigures(), new EventLog(new ByteArrayOutputStream(), EventLog.Format.LOGFMT));
        return new OtlpSink(Outflow.ofLogs(settings, room, common), room.queue(), Origin.resource("1", "gw", Map.of()));
    }

    private static ByteBuffer lines(String lines) {
        return ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aLineBecomesARecordAndItsFieldsAttributes() throws IOException {
        try (FakeCollector collector = FakeCollector.http();
                OtlpSink sink = sink(collector, new Outflow.Room(100, 10, Duration.ofMillis(1)))) {
            ByteBuffer lines = lines(LINE + "no line of ours\n" + LINE.replace("WARN", "ERROR"));
            sink.write(lines);
            assertThat(lines.hasRemaining()).isFalse();
            assertThat(sink.lost()).isEqualTo(1);
            Eventually.until("both came", () -> collector.logs().size() == 2);
            LogRecord record = collector.logs().getFirst();
            assertThat(record.getTimeUnixNano())
                    .isEqualTo(Instant.parse("2026-11-25T04:00:00.007Z").toEpochMilli() * 1_000_000);
            assertThat(record.getSeverityNumberValue()).isEqualTo(13);
            assertThat(collector.logs().getLast().getSeverityNumberValue()).isEqualTo(17);
            assertThat(record.getBody().getStringValue()).isEqualTo("GET /a\0 403 role-missing");
            assertThat(record.getTraceId().toByteArray()).hasSize(16).endsWith(0x0a);
            assertThat(record.getSpanId().toByteArray()).hasSize(8).endsWith(0x0b);
            assertThat(FakeCollector.attributes(record.getAttributesList()))
                    .containsEntry("http.response.status_code", "403")
                    .containsEntry("gateway.duration_ms", "1.5")
                    .containsEntry("user.roles", "[a, b]")
                    .containsEntry("gateway.limits", "[limit=x remaining=3 of=9]")
                    .containsEntry("gateway.request.body.type", "text/plain")
                    .containsEntry("gateway.request.body.text", "hi")
                    .containsEntry("gateway.request.body.truncated", "true")
                    .doesNotContainKeys("timestamp", "severity", "trace_id", "span_id");
            assertThat(collector.resource()).containsEntry("service.name", "sallyport");
        }
    }

    @Test
    void LG_08_whatACollectorDoesNotTakeWaitsWhereItIsMade() {
        try (FakeCollector collector = FakeCollector.http()) {
            collector.answer(_ -> FakeCollector.Answer.BUSY);
            OtlpSink sink = sink(collector, new Outflow.Room(5, 5, Duration.ofMillis(1)));
            ByteBuffer lines = lines(LINE.repeat(100));
            assertThatThrownBy(() -> {
                        while (lines.hasRemaining()) {
                            sink.write(lines);
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessage("the collector does not keep up");
            assertThat(lines.position() % LINE.length()).isZero();
            assertThat(lines.remaining()).isGreaterThanOrEqualTo(80 * LINE.length());
            assertThat(sink.lost()).isZero();
        }
    }
}
