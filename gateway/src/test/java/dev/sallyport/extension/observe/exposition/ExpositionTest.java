package dev.sallyport.extension.observe.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.extension.observe.RequestMetrics;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExpositionTest {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\\\n]|\\\\[\\\\\"n])*\"(,(?=[a-z]))?)*})? (\\S+)");

    private final ByteArrayOutputStream eventBytes = new ByteArrayOutputStream();
    private final EventLog events = new EventLog(eventBytes, EventLog.Format.LOGFMT);

    private String text(MetricSource... sources) {
        return new String(new Exposition(List.of(sources), events).render(null).body(), StandardCharsets.UTF_8);
    }

    /// States every metric there is.
    private static final MetricSource EVERYTHING = sink -> {
        for (Metric metric : Metrics.all()) {
            String[] labels =
                    metric.labels().stream().map(label -> "v\"\\\n" + label).toArray(String[]::new);
            if (metric.kind() == Metric.Kind.HISTOGRAM) {
                sink.histogram(metric, new double[] {0.5, 1}, new long[] {3, 2, 1}, 4.5, labels);
            } else {
                sink.value(metric, 1, labels);
            }
        }
    };

    @Test
    void everyLineIsValidAndEveryFamilyIsDescribedOnce() {
        Set<String> families = new HashSet<>();
        Set<String> samples = new HashSet<>();
        for (String line : text(EVERYTHING, new JvmMetrics()).split("\n", -1)) {
            if (line.startsWith("# TYPE ")) {
                assertThat(families.add(line)).as(line).isTrue();
            } else if (!line.startsWith("# HELP ") && !line.isEmpty()) {
                assertThat(line).matches(SAMPLE);
                assertThat(samples.add(line.substring(0, line.lastIndexOf(' '))))
                        .as(line)
                        .isTrue();
            }
        }
        assertThat(families).hasSize(Metrics.all().size());
    }

    @Test
    void namesFollowTheRules() {
        for (Metric metric : Metrics.all()) {
            String name = Exposition.prometheusName(metric);
            assertThat(name).matches(NAME).doesNotEndWith("_total").doesNotEndWith("_info");
            assertThat(metric.labels())
                    .allMatch(label -> NAME.matcher(label.replace('.', '_')).matches());
            assertThat(metric.help()).isNotEmpty().doesNotContain("\n").doesNotEndWith(".");
        }
        assertThat(Metrics.all()).extracting(Metric::name).doesNotHaveDuplicates();
    }

    @Test
    void writesPrometheusTextByDefault() {
        Exposition.Rendered rendered = new Exposition(List.of(EVERYTHING), events).render("text/html,*/*;q=0.8");
        assertThat(rendered.contentType()).startsWith("text/plain; version=0.0.4");
        assertThat(new String(rendered.body(), StandardCharsets.UTF_8))
                .contains("# TYPE http_server_request_duration_seconds histogram\n")
                .contains("sallyport_config_info{version=")
                .contains("sallyport_request_body_bytes_total{gateway_route=")
                .doesNotContain("# EOF");
    }

    @Test
    void writesOpenMetricsWhenAsked() {
        Exposition.Rendered rendered =
                new Exposition(List.of(EVERYTHING), events).render("application/openmetrics-text; version=1.0.0");
        assertThat(rendered.contentType()).startsWith("application/openmetrics-text");
        assertThat(new String(rendered.body(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
    }

    @Test
    void histogramsAreCumulative() {
        RequestMetrics metrics = new RequestMetrics(1);
        metrics.record(Exchanges.request().ended("r", "/x/{id}", 200));
        assertThat(text(metrics))
                .contains("http_server_request_duration_seconds_bucket{gateway_route=\"r\",http_request_method=\"GET\","
                        + "http_response_status_code=\"200\",http_route=\"/x/{id}\",le=\"0.001\"} 0\n")
                .contains("http_route=\"/x/{id}\",le=\"0.0025\"} 1\n")
                .contains("http_route=\"/x/{id}\",le=\"+Inf\"} 1\n")
                .contains("http_server_request_duration_seconds_count{gateway_route=\"r\","
                        + "http_request_method=\"GET\",http_response_status_code=\"200\",http_route=\"/x/{id}\"} 1\n");
    }

    @Test
    void bucketsNameASampledRequestOnlyInOpenMetrics() {
        RequestMetrics metrics = new RequestMetrics(1);
        metrics.record(Exchanges.request()
                .trace(new TraceContext(0xaL, 0xbL, 0xcL, 0, true))
                .ended("r", "/x/{id}", 200));
        metrics.record(Exchanges.request()
                .trace(new TraceContext(0xdL, 0xeL, 0xfL, 0, false))
                .ended("r", "/x/{id}", 201));
        String open = new String(
                new Exposition(List.of(metrics), events)
                        .render("application/openmetrics-text; version=1.0.0")
                        .body(),
                StandardCharsets.UTF_8);
        assertThat(open.lines().filter(line -> line.contains("# {")))
                .hasSize(1)
                .allSatisfy(line -> assertThat(line)
                        .contains("http_response_status_code=\"200\"", "le=\"0.0015\"")
                        .contains("span_id=\"000000000000000c\"")
                        .contains("trace_id=\"000000000000000a000000000000000b\""));
        assertThat(text(metrics)).doesNotContain("# {", "trace_id");
    }

    @Test
    void addsUpWhatSeveralSourcesSayOfOneSeries() {
        MetricSource loop = sink -> sink.value(Metrics.CONNECTIONS, 2, "public");
        assertThat(text(loop, loop)).contains("sallyport_connections{listener=\"public\"} 4.0\n");
    }

    @Test
    void aBrokenSourceDoesNotSilenceTheOthers() {
        MetricSource broken = sink -> {
            sink.value(Metrics.CONFIG_AGE, 1);
            throw new IllegalStateException("broken");
        };
        MetricSource wrongLabels = sink -> sink.value(Metrics.CONNECTIONS, 1);
        assertThat(text(broken, wrongLabels, new JvmMetrics()))
                .contains("jvm_memory_used_bytes{jvm_memory_type=\"heap\"}")
                .contains("sallyport_metrics_source_failures_total 2.0\n");
        assertThat(eventBytes.toString(StandardCharsets.UTF_8))
                .contains("event=internal.error")
                .contains("broken");
    }

    @Test
    void sourcesComeAndGo() {
        Exposition exposition = new Exposition(List.of(), events);
        MetricSource source = sink -> sink.value(Metrics.CONFIG_AGE, 7);
        exposition.add(source);
        assertThat(new String(exposition.render(null).body(), StandardCharsets.UTF_8))
                .contains("sallyport_config_age_seconds 7.0\n");
        exposition.remove(source);
        assertThat(new String(exposition.render(null).body(), StandardCharsets.UTF_8))
                .doesNotContain("sallyport_config_age");
    }

    @Test
    void statesTheJvm() {
        assertThat(text(new JvmMetrics()))
                .contains(
                        "jvm_memory_used_bytes{",
                        "jvm_buffer_memory_used_bytes{jvm_buffer_pool_name=\"netty\"}",
                        "jvm_gc_time_seconds_total{",
                        "jvm_thread_count ",
                        "process_cpu_time_seconds_total ",
                        "process_open_file_descriptor_count ",
                        "process_uptime_seconds ");
    }
}
