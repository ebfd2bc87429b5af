package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.otlp.FakeCollector;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A collector is told the figures that a scraper gets.
class MetricReportsIT {
    private static String yaml(FakeCollector collector) {
        return """
                version: 1
                listeners: { public: { bind: "127.0.0.1:0" } }
                routes: { local: { match: { path: /local }, access: public, respond: { body: up } } }
                observe: { access-log: { to: "off" }, metrics: { otlp: "%s", every: 1s } }
                """.formatted(collector.url());
    }

    /// Series as Prometheus names them.
    private static Map<String, Double> told(List<Metric> metrics) {
        Map<String, Double> series = new TreeMap<>();
        for (Metric metric : metrics) {
            String name = metric.getName().replace('.', '_')
                    + switch (metric.getUnit()) {
                        case "s" -> "_seconds";
                        case "By" -> "_bytes";
                        default -> "";
                    };
            for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
                series.put(
                        name + "_total" + labels(FakeCollector.attributes(point.getAttributesList())),
                        point.getAsDouble());
            }
            for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
                String labels = labels(FakeCollector.attributes(point.getAttributesList()));
                series.put(name + "_count" + labels, (double) point.getCount());
                series.put(name + "_sum" + labels, point.getSum());
            }
        }
        return series;
    }

    private static String labels(Map<String, String> attributes) {
        return attributes.isEmpty()
                ? ""
                : attributes.entrySet().stream()
                        .map(entry -> entry.getKey().replace('.', '_') + "=\"" + entry.getValue() + "\"")
                        .sorted()
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static Map<String, Double> scraped(TestGateway gateway) throws IOException {
        Map<String, Double> series = new TreeMap<>();
        gateway.metrics().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            String key = line.substring(0, space);
            int brace = key.indexOf('{');
            if (brace >= 0) {
                String inside = key.substring(brace + 1, key.length() - 1);
                key = key.substring(0, brace)
                        + new TreeSet<>(List.of(inside.split("(?<=\"),")))
                                .stream().collect(Collectors.joining(",", "{", "}"));
            }
            series.put(key, Double.parseDouble(line.substring(space + 1)));
        });
        return series;
    }

    @Test
    void aCollectorIsToldWhatAScraperGets() throws IOException {
        try (FakeCollector collector = FakeCollector.http();
                TestGateway gateway = TestGateway.start(yaml(collector))) {
            try (RawClient client = RawClient.connect(gateway.port())) {
                for (int i = 0; i < 7; i++) {
                    client.exchange("GET " + (i == 6 ? "/nowhere" : "/local") + " HTTP/1.1\r\nHost: a\r\n\r\n");
                }
            }
            Eventually.until("both agree on requests", () -> {
                Map<String, Double> told = told(collector.metrics());
                return told.entrySet().stream()
                                .filter(entry ->
                                        entry.getKey().startsWith("http_server_request_duration_seconds_count"))
                                .mapToDouble(Map.Entry::getValue)
                                .sum()
                        == 7;
            });
            List<Metric> metrics = collector.metrics();
            Map<String, Double> told = told(metrics);
            Map<String, Double> scraped = scraped(gateway);
            assertThat(told.keySet().stream()
                            .filter(name -> !name.startsWith("sallyport_otlp") && !name.startsWith("jvm_gc")))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(scraped).containsKey(name));
            assertThat(told.entrySet().stream()
                            .filter(entry -> entry.getKey().startsWith("http_")
                                    || entry.getKey().startsWith("sallyport_requests")
                                    || entry.getKey().startsWith("sallyport_refusals")))
                    .hasSizeGreaterThan(4)
                    .allSatisfy(entry -> assertThat(scraped).containsEntry(entry.getKey(), entry.getValue()));
            assertThat(metrics.stream().filter(Metric::hasSum)).isNotEmpty().allSatisfy(metric -> {
                assertThat(metric.getSum().getIsMonotonic()).isTrue();
                assertThat(metric.getSum().getAggregationTemporality())
                        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
                assertThat(metric.getSum().getDataPoints(0).getStartTimeUnixNano())
                        .isPositive();
            });
            assertThat(metrics.stream().map(Metric::getName)).contains("http.server.active_requests");
        }
    }

    @Test
    void figuresNameASampledRequestThatATraceTellsOf() throws IOException {
        try (FakeCollector collector = FakeCollector.http();
                TestGateway gateway = TestGateway.start(yaml(collector)
                        .replace(
                                "every: 1s }",
                                "every: 1s }, traces: { otlp: \"" + collector.url() + "\", sample: 100% }"))) {
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.exchange("GET /local HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            Exemplar exemplar = Eventually.present(
                    "an exemplar",
                    () -> collector.metrics().stream()
                            .filter(metric -> metric.getName().equals("http.server.request.duration"))
                            .flatMap(metric -> metric.getHistogram().getDataPointsList().stream())
                            .flatMap(point -> point.getExemplarsList().stream())
                            .findFirst()
                            .orElse(null));
            Eventually.until(
                    "its span",
                    () -> collector.spans().stream()
                            .anyMatch(span -> span.getSpanId().equals(exemplar.getSpanId())
                                    && span.getTraceId().equals(exemplar.getTraceId())
                                    && span.getKind() == Span.SpanKind.SPAN_KIND_SERVER));
        }
    }

    @Test
    void theLastFiguresAreToldInTheEnd() throws IOException {
        try (FakeCollector collector = FakeCollector.grpc()) {
            String yaml = yaml(collector)
                    .replace(
                            "otlp: \"" + collector.url() + "\", every: 1s",
                            "otlp: { endpoint: \"" + collector.url() + "\", protocol: grpc }, every: 1h");
            try (TestGateway gateway = TestGateway.start(yaml);
                    RawClient client = RawClient.connect(gateway.port())) {
                client.exchange("GET /local HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            assertThat(collector.reports()).isPositive();
            assertThat(told(collector.metrics()))
                    .containsKey("sallyport_requests_total{listener=\"public\",network_protocol_version=\"1.1\"}");
        }
    }
}
