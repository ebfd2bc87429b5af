package dev.sallyport.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.http.RequestFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The committed references of metrics and of log fields are what the constants say.
///
/// `SALLYPORT_REWRITE=1 mvn test -Dtest=TelemetryReferenceTest` writes them anew.
class TelemetryReferenceTest {
    private static final Path FOLDER = Path.of("../docs/reference");

    @Test
    void metricsAreDocumented() throws IOException {
        compare(FOLDER.resolve("metrics.md"), metrics());
    }

    @Test
    void logFieldsAreDocumented() throws IOException {
        compare(FOLDER.resolve("access-log.md"), accessLog());
    }

    @Test
    void eventsAreDocumented() throws IOException {
        compare(FOLDER.resolve("events.md"), events());
    }

    private static void compare(Path file, String generated) throws IOException {
        if (System.getenv("SALLYPORT_REWRITE") != null) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, generated);
        }
        assertThat(file).content().isEqualTo(generated);
    }

    private static String metrics() {
        String rows = Metrics.all().stream()
                .map(metric -> "| `" + prometheusName(metric) + "` | "
                        + metric.kind().name().toLowerCase(Locale.ROOT) + " | " + labels(metric) + " | "
                        + metric.help() + " |\n")
                .collect(Collectors.joining());
        return """
                # Metrics

                Served on the admin listener (`observe.metrics.path`, `/metrics` when nothing is said) as Prometheus text or, where
                the `Accept` field asks for it, as OpenMetrics. Names follow the OpenTelemetry semantic conventions where there is
                one, spelled as Prometheus spells them; figures of the gateway's own begin with `sallyport_`.

                Label values come from the configuration and from closed sets, never from what a client sends. A label without a
                value is left out. When there are more than 5,000 combinations of route, method, status and reason per event loop,
                further ones are counted by status alone as route `_OTHER`, and `sallyport_metrics_overflowed_total` says how often.
                Series of routes and upstreams that a reload removed end a minute later.

                `error_type` is the reason of a failure, of a refusal with a status from 500 on, or that status itself. Buckets of
                both histograms, in seconds: those of OpenTelemetry, 0.005 to 10, others between them, and finer ones from 0.0001;
                30 and 60 above. In OpenMetrics, buckets have exemplars: `trace_id` and `span_id` of a sampled request.

                | metric | kind | labels | what it says |
                |---|---|---|---|
                """ + rows;
    }

    /// As `Exposition` spells it, with the suffix that its kind has.
    private static String prometheusName(Metric metric) {
        String unit = switch (metric.unit()) {
            case "s" -> "_seconds";
            case "By" -> "_bytes";
            default -> "";
        };
        String suffix = switch (metric.kind()) {
            case COUNTER -> "_total";
            case INFO -> "_info";
            case GAUGE, HISTOGRAM -> "";
        };
        return metric.name().replace('.', '_') + unit + suffix;
    }

    private static String labels(Metric metric) {
        return metric.labels().stream()
                .map(label -> "`" + label.replace('.', '_') + "`")
                .collect(Collectors.joining(", "));
    }

    private static String accessLog() {
        String rows = Arrays.stream(LogField.values())
                .map(field -> "| " + name(field.otel()) + " | " + name(field.ecs()) + " | " + field.meaning() + " |\n")
                .collect(Collectors.joining());
        String failures = Arrays.stream(Failure.values())
                .map(failure -> "`" + failure.code() + "`")
                .collect(Collectors.joining(", "));
        String faults = Arrays.stream(RequestFault.values())
                .map(fault -> "| `" + fault.code() + "` | " + fault.status() + " | " + fault.detail() + " |\n")
                .collect(Collectors.joining());
        return """
                # Access log

                One JSON object a line for every request, also for those that were refused, failed or could not be understood. Event
                loops never wait for the log: when its destination does not keep up, lines are dropped and counted in
                `sallyport_access_log_dropped_total`. A line is written at most a tenth of a second after its request ended.

                ## Fields

                In this order; a field that does not apply is left out. Format `ecs` has `ecs.version`, `event.kind` and
                `event.category` besides.

                | `format: otel` | `format: ecs` | meaning |
                |---|---|---|
                """ + rows + """

                ## What never stands in it

                - Values of the header fields `authorization`, `proxy-authorization`, `cookie`, `set-cookie`, `x-api-key`, `dpop` and
                  the like, and of those in `observe.redact.headers`.
                - Values of query parameters whose name is, or holds as a word, `token`, `access_token`, `id_token`, `refresh_token`,
                  `api_key`, `key`, `password`, `secret`, `client_secret`, `code`, `state`, `sig`, `signature` and the like, and of
                  those in `observe.redact.query`. Case, `-`, `_` and percent-encoding make no difference, and parameters of a URL
                  within a value count too. They read `[redacted]`.
                - Whatever has the form of a JSON Web Token, wherever it stands.
                - Bodies, and header fields that were not chosen.

                Paths, queries and header values are cut after 1,024 octets; `[truncated 512]` says how many followed. Control and format
                characters are escaped, octets that are not UTF-8 become U+FFFD.

                ## Reasons

                `gateway.reason` of a refusal is the code of its problem document. Of a failure it is one of""" + " " + failures + """
                .
                Of a malformed request it is one of these:

                | reason | status | meaning |
                |---|---|---|
                """ + faults;
    }

    private static String name(String field) {
        return field.isEmpty() ? "" : "`" + field + "`";
    }

    private static String events() {
        String rows = Arrays.stream(Event.values())
                .map(event ->
                        "| `" + event.code() + "` | " + event.severity().name().toLowerCase(Locale.ROOT) + " |\n")
                .collect(Collectors.joining());
        return """
                # Events

                What the process says of itself, one line per event on standard error, as `key=value` or as JSON.

                | event | level |
                |---|---|
                """ + rows;
    }
}
