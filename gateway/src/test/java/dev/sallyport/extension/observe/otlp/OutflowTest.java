package dev.sallyport.extension.observe.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.Metrics;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.otlp.FakeCollector;
import dev.sallyport.testing.otlp.FakeCollector.Answer;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What offers to a collector never waits, and what does not arrive is counted.
class OutflowTest {
    private static final Outflow.Room SMALL = new Outflow.Room(100, 10, Duration.ofMillis(1));
    private static final Courier.Patience SHORT =
            new Courier.Patience(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(100));
    private static final Courier.Patience LONG =
            new Courier.Patience(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMinutes(1));
    private static final Duration QUICK = Duration.ofMillis(500);
    private static final Resource SOURCE = Origin.resource("1", "a", Map.of("deployment.environment.name", "test"));
    private static final Duration SLOW = Duration.ofSeconds(5);

    private final OtlpFigures figures = new OtlpFigures();
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final EventLog events = new EventLog(told, EventLog.Format.LOGFMT);

    private static FakeCollector collector(CollectorSettings.Protocol protocol) {
        return protocol == CollectorSettings.Protocol.GRPC ? FakeCollector.grpc() : FakeCollector.http();
    }

    private static CollectorSettings settings(CollectorSettings.Protocol protocol, String url) {
        return settings(protocol, url, Map.of(), null, true);
    }

    private static CollectorSettings settings(
            CollectorSettings.Protocol protocol,
            String url,
            Map<String, String> headers,
            @Nullable SSLContext tls,
            boolean gzip) {
        return new CollectorSettings(URI.create(url), protocol, headers, tls, SLOW, gzip);
    }

    private Outflow<LogRecordData> outflow(CollectorSettings settings, Outflow.Room room) {
        return outflow(settings, room, LONG);
    }

    private Outflow<LogRecordData> outflow(CollectorSettings settings, Outflow.Room room, Courier.Patience patience) {
        return Outflow.ofLogs(settings, room, new Outflow.Common(figures, events), patience);
    }

    private static LogRecordData entry(int number) {
        return entry("entry " + number, number);
    }

    private static LogRecordData entry(String body) {
        return entry(body, 0);
    }

    private static LogRecordData entry(String body, int number) {
        return new LogEntry(
                SOURCE,
                number * 1_000_000L,
                Severity.INFO,
                "INFO",
                "http.request",
                body,
                Attributes.builder().put("number", number).build(),
                SpanContext.getInvalid());
    }

    private long counted(Metric metric, String... labels) {
        AtomicLong sum = new AtomicLong();
        figures.collect((stated, value, values) -> {
            if (stated.equals(metric) && List.of(values).equals(List.of(labels))) {
                sum.addAndGet((long) value);
            }
        });
        return sum.get();
    }

    private long dropped(String reason) {
        return counted(Metrics.OTLP_DROPPED, "logs", reason);
    }

    private long exported() {
        return counted(Metrics.OTLP_EXPORTED, "logs");
    }

    private String told() {
        return told.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOfferedArrivesInOrderWithItsSource(CollectorSettings.Protocol protocol) {
        try (FakeCollector collector = collector(protocol);
                Outflow<LogRecordData> flow = outflow(
                        settings(protocol, collector.url(), Map.of("x-api-key", "of the collector"), null, true),
                        SMALL)) {
            for (int i = 0; i < 35; i++) {
                assertThat(flow.offer(entry(i))).isTrue();
            }
            Eventually.until("all arrive", () -> collector.logs().size() == 35);
            assertThat(collector.logs().get(34).getBody().getStringValue()).isEqualTo("entry 34");
            assertThat(collector.logs().get(34).getTimeUnixNano()).isEqualTo(34_000_000L);
            assertThat(collector.logs().get(34).getEventName()).isEqualTo("http.request");
            assertThat(collector.calls()).isGreaterThanOrEqualTo(4);
            assertThat(collector.resource())
                    .containsEntry("service.name", "sallyport")
                    .containsEntry("deployment.environment.name", "test");
            assertThat(collector.fields().getFirst()).containsEntry("x-api-key", "of the collector");
            Eventually.until("all are counted", () -> exported() == 35);
            assertThat(told()).isEmpty();
        }
    }

    @Test
    void messagesStayBelowWhatCollectorsTake() {
        CollectorSettings.Protocol protocol = CollectorSettings.Protocol.HTTP;
        Outflow.Room together = new Outflow.Room(100, 8, Duration.ofMinutes(1));
        try (FakeCollector collector = collector(protocol);
                Outflow<LogRecordData> flow =
                        outflow(settings(protocol, collector.url(), Map.of(), null, false), together)) {
            for (int i = 0; i < 8; i++) {
                flow.offer(entry("%d%s".formatted(i, "x".repeat(1024 * 1024))));
            }
            Eventually.until("all are counted", () -> exported() == 8);
            assertThat(collector.logs())
                    .extracting(entry -> entry.getBody().getStringValue().charAt(0))
                    .containsExactly('0', '1', '2', '3', '4', '5', '6', '7');
            assertThat(collector.messages())
                    .hasSize(4)
                    .allSatisfy(message -> assertThat(message.length).isLessThan(Outflow.MOST_OCTETS));
        }
    }

    @Test
    void messagesAreCompressedOnlyIfAsked() {
        for (boolean gzip : new boolean[] {true, false}) {
            try (FakeCollector collector = FakeCollector.http();
                    Outflow<LogRecordData> flow = outflow(
                            settings(CollectorSettings.Protocol.HTTP, collector.url(), Map.of(), null, gzip), SMALL)) {
                flow.offer(entry(1));
                Eventually.until("it arrives", () -> collector.logs().size() == 1);
                assertThat(collector.fields().getFirst().containsKey("content-encoding"))
                        .isEqualTo(gzip);
                assertThat(collector.fields().getFirst()).containsEntry(":path", "/v1/logs");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBusyCollectorIsAskedAgainUntilItTakes(CollectorSettings.Protocol protocol) {
        try (FakeCollector collector = collector(protocol);
                Outflow<LogRecordData> flow = outflow(settings(protocol, collector.url()), SMALL)) {
            collector.answer(call -> call < 2 ? Answer.BUSY : Answer.TAKEN);
            flow.offer(entry(1));
            Eventually.until("it arrives", () -> collector.logs().size() == 1);
            Eventually.until("it is counted", () -> exported() == 1);
            assertThat(counted(Metrics.OTLP_FAILURES, "logs")).isEqualTo(2);
            Eventually.until("recovery is told", () -> told().contains("event=otlp.recovered"));
            assertThat(told().split("event=otlp.failing", -1)).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void LG_08_aCollectorThatIsAwayCostsEntriesThatAreCounted(CollectorSettings.Protocol protocol) {
        FakeCollector gone = collector(protocol);
        int port = gone.port();
        gone.close();
        try (Outflow<LogRecordData> flow = outflow(
                settings(protocol, "http://127.0.0.1:" + port), new Outflow.Room(5, 5, Duration.ofMillis(1)), SHORT)) {
            for (int i = 0; i < 1000; i++) {
                flow.offer(entry(i));
            }
            Eventually.until("a batch is given up", () -> dropped("undelivered") > 0);
            assertThat(dropped("queue-full")).isGreaterThan(900);
            assertThat(told().split("event=otlp.failing", -1)).hasSize(2);
            try (FakeCollector back = FakeCollector.at(protocol == CollectorSettings.Protocol.GRPC, port)) {
                Eventually.until("what is offered now arrives", () -> {
                    flow.offer(entry(2000));
                    return !back.logs().isEmpty();
                });
                Eventually.until("recovery is told", () -> told().contains("event=otlp.recovered"));
            }
        }
        Eventually.until(
                "all are accounted for", () -> exported() + dropped("queue-full") + dropped("undelivered") >= 1001);
    }

    @ParameterizedTest
    @EnumSource
    void LG_08_aCollectorThatHangsIsGivenUp(CollectorSettings.Protocol protocol) {
        try (FakeCollector collector = collector(protocol);
                Outflow<LogRecordData> flow = outflow(
                        new CollectorSettings(URI.create(collector.url()), protocol, Map.of(), null, QUICK, true),
                        SMALL)) {
            collector.answer(call -> call == 0 ? Answer.SILENCE : Answer.TAKEN);
            long before = System.nanoTime();
            flow.offer(entry(1));
            assertThat(System.nanoTime() - before).isLessThan(QUICK.toNanos());
            Eventually.until("the next attempt is taken", () -> collector.logs().size() == 1);
            assertThat(told()).contains("event=otlp.failing");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatACollectorRefusesIsNotSentAgain(CollectorSettings.Protocol protocol) {
        try (FakeCollector collector = collector(protocol);
                Outflow<LogRecordData> flow = outflow(settings(protocol, collector.url()), SMALL)) {
            collector.answer(call -> call == 0 ? Answer.BAD : Answer.TAKEN);
            flow.offer(entry(1));
            Eventually.until("it is refused", () -> dropped("refused") == 1);
            flow.offer(entry(2));
            Eventually.until("the next arrives", () -> collector.logs().size() == 1);
            assertThat(collector.logs().getFirst().getBody().getStringValue()).isEqualTo("entry 2");
            assertThat(collector.calls()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatACollectorDoesNotWantOfABatchIsCounted(CollectorSettings.Protocol protocol) {
        try (FakeCollector collector = collector(protocol);
                Outflow<LogRecordData> flow =
                        outflow(settings(protocol, collector.url()), new Outflow.Room(100, 4, QUICK))) {
            collector.answer(_ -> Answer.partly(3, "too\nold"));
            for (int i = 0; i < 4; i++) {
                flow.offer(entry(i));
            }
            Eventually.until("three are rejected", () -> dropped("rejected") == 3);
            assertThat(exported()).isEqualTo(1);
            Eventually.until("it is told", () -> told().contains("event=otlp.rejected"));
            assertThat(told()).contains("rejected=3").doesNotContain("too\nold");
            assertThat(collector.calls()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCollectorIsLeftAloneForAsLongAsItAsks(CollectorSettings.Protocol protocol) {
        try (FakeCollector collector = collector(protocol);
                Outflow<LogRecordData> flow = outflow(settings(protocol, collector.url()), SMALL)) {
            collector.answer(call -> call == 0 ? Answer.later(1) : Answer.TAKEN);
            flow.offer(entry(1));
            Eventually.until("it is asked", () -> collector.calls() == 1);
            long asked = System.nanoTime();
            Eventually.until("it arrives", () -> collector.logs().size() == 1);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThan(Duration.ofMillis(700));
        }
    }

    @Test
    void closingHandsOverWhatWaits() {
        try (FakeCollector collector = FakeCollector.http()) {
            Outflow<LogRecordData> flow = outflow(
                    settings(CollectorSettings.Protocol.HTTP, collector.url()),
                    new Outflow.Room(100, 100, Duration.ofHours(1)));
            for (int i = 0; i < 20; i++) {
                flow.offer(entry(i));
            }
            flow.close(Eventually.DEADLINE);
            assertThat(collector.logs()).hasSize(20);
            assertThat(flow.offer(entry(1))).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingKeepsItsDeadlineWhenTheCollectorHangs(CollectorSettings.Protocol protocol) {
        try (FakeCollector collector = collector(protocol)) {
            collector.answer(_ -> Answer.SILENCE);
            CollectorSettings patient = new CollectorSettings(
                    URI.create(collector.url()), protocol, Map.of(), null, Duration.ofHours(1), false);
            Outflow<LogRecordData> flow = outflow(patient, SMALL);
            for (int i = 0; i < 20; i++) {
                flow.offer(entry(i));
            }
            Eventually.until("it is asked", () -> collector.calls() > 0);
            long before = System.nanoTime();
            flow.close(Duration.ofMillis(200));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
            Eventually.until("all are counted", () -> dropped("undelivered") == 20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyACollectorThatProvesItsNameGetsAnything(CollectorSettings.Protocol protocol) {
        TestCertificates ours = TestCertificates.authority("ours");
        TestCertificates others = TestCertificates.authority("others");
        boolean grpc = protocol == CollectorSettings.Protocol.GRPC;
        try (FakeCollector good = FakeCollector.secure(grpc, ours.context(ours.server("localhost", "127.0.0.1")));
                FakeCollector bad = FakeCollector.secure(grpc, others.context(others.server("127.0.0.1")));
                FakeCollector misnamed =
                        FakeCollector.secure(grpc, ours.context(ours.server("collector.example.com")))) {
            SSLContext trust = ours.context(null);
            for (FakeCollector collector : List.of(bad, misnamed, good)) {
                try (Outflow<LogRecordData> flow = outflow(
                        settings(
                                protocol,
                                "https://127.0.0.1:" + collector.port(),
                                Map.of("authorization", "canary-7f3a"),
                                trust,
                                true),
                        SMALL,
                        SHORT)) {
                    flow.offer(entry(1));
                    Eventually.until("its fate is known", () -> exported() + dropped("undelivered") > 0);
                    if (collector == good) {
                        Eventually.until("it arrives", () -> good.logs().size() == 1);
                    } else {
                        assertThat(collector.calls()).isZero();
                        assertThat(exported()).isZero();
                    }
                }
            }
            assertThat(told()).contains("event=otlp.failing").doesNotContain("canary-7f3a");
        }
    }
}
