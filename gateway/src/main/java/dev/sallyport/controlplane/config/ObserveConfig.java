package dev.sallyport.controlplane.config;

import dev.sallyport.api.json.JsonPaths;
import dev.sallyport.api.plugin.ByteSize;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.api.plugin.Shorthand;
import dev.sallyport.controlplane.config.observe.AccessLogConfig;
import dev.sallyport.controlplane.config.observe.AlertSetting;
import dev.sallyport.controlplane.config.observe.NotifierConfig;
import dev.sallyport.controlplane.config.observe.OtlpConfig;
import dev.sallyport.controlplane.config.observe.PayloadConfig;
import dev.sallyport.controlplane.config.observe.TracesConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is seen of the gateway's work.
@Doc("Access log, audit log, metrics, traces, signals and alerts.")
public record ObserveConfig(
        @Doc("One JSON line per request.") @Default("{}") AccessLogConfig accessLog,

        @Doc("One JSON line per decision and change, each chained to the one before; left out, there is none.")
        @Nullable
        AuditLog auditLog,

        @Doc("What the access log must not show.") @Default("{}")
        Redact redact,

        @Doc("Bodies in the access log. Left out: none.") @Nullable
        PayloadConfig payload,

        @Doc("Metrics in Prometheus and OpenMetrics text.") @Default("{}")
        Metrics metrics,

        @Doc("Spans of requests, for an OpenTelemetry collector. Left out: none are told.") @Nullable
        TracesConfig traces,

        @Doc(
                "What is said of this gateway wherever OTLP is spoken, beside `service.name`, `service.version` and `service.instance.id`, or in their place.")
        @Nullable
        @Matches(
                value = "[a-z][a-z0-9_.]{0,99}",
                expected = "the name of an attribute, such as deployment.environment.name")
        Map<String, String> resource,

        @Doc("Traffic, errors, latency and saturation of the last hours, for the console and for alerts.") @Nullable
        Signals signals,

        @Doc(
                "Rules of what to be told of, by name, beside the preset ones; one of the same name takes its place, and `off` switches it off.")
        @Nullable
        @Matches(value = ObserveConfig.NAME, expected = ObserveConfig.NAME_EXPECTED)
        Map<String, AlertSetting> alerts,

        @Doc("Whether the preset alerts are watched. Left out: yes.") @Nullable
        Boolean presetAlerts,

        @Doc("Who is told of alerts. Left out: nobody; they are in the log, in the metrics and at the admin listener.")
        @Nullable
        List<NotifierConfig> notify_) {
    static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";
    static final String NAME_EXPECTED = "a name of letters, digits, - and _, at most 63";

    /// The audit log.
    @Doc(
            "Refusals of callers, what operators do, changes of the configuration, start and stop, and by choice requests that were let in: one JSON line each, with a number and a hash over the line before.")
    public record AuditLog(
            @Doc("Where it is.") AuditFile to,

            @Doc("Which requests that were let in are recorded too.") @Default("none")
            Allows allows,

            @Doc(
                    "What lines are sealed with, at least 32 characters. Without it whoever may rewrite the file can make its hashes anew.")
            @Nullable
            Secret key) {
        private static final int SHORTEST_KEY = 32;

        public AuditLog {
            if (key != null && key.reveal().length() < SHORTEST_KEY) {
                throw new IllegalArgumentException(
                        "key: too short (expected: at least " + SHORTEST_KEY + " characters)");
            }
        }
    }

    /// The file of the audit log.
    @Doc("A file that is rotated by size. Old ones are called NAME.FIRST-LAST by the numbers of their lines.")
    public record AuditFile(
            @Doc("The file; its folder must exist.") Path file,

            @Doc("The size at which a new file is begun.") @Default("100MiB") @Range(min = "64KiB", max = "64GiB")
            ByteSize rotate,

            @Doc("How many old files are kept; left out: all of them.") @Range(min = "1", max = "100000") @Nullable
            Integer keep) {}

    /// Which requests that were let in the audit log records.
    public sealed interface Allows {}

    /// Answers that need no more words.
    public enum Every implements Allows {
        @Doc("None, but those of routes with `audit: required`.")
        NONE,
        @Doc("All.")
        ALL
    }

    /// Requests of some routes.
    @Doc("Those of some routes.")
    @Shorthand("routes")
    public record Chosen(@Doc("Names of routes.") List<String> routes) implements Allows {}

    /// What the log must not show.
    @Doc("What the access log must not show. Credentials in well-known places are never logged, listed here or not.")
    public record Redact(
            @Doc("Header fields, in any case.")
            @Default("[]")
            @Matches(value = RouteConfig.TOKEN, expected = "the name of a header field")
            List<String> headers,

            @Doc("Query parameters, fields of forms and members of JSON, by name.") @Default("[]")
            List<String> query,

            @Doc("Places in JSON bodies, as paths of `$`, `.name`, `..name`, `['name']`, `[*]` and `[n]`.") @Nullable
            List<String> json) {
        public Redact {
            if (json != null) {
                try {
                    JsonPaths.of(json);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("json: " + e.getMessage(), e);
                }
            }
        }
    }

    /// Metrics on the admin port, and for a collector.
    @Doc("Metrics on the admin port, and for a collector.")
    public record Metrics(
            @Doc("The path on the admin port.")
            @Default("/metrics")
            @Matches(value = "(/[A-Za-z0-9._~-]+)+", expected = "a path such as /metrics")
            String path,

            @Doc("An OpenTelemetry collector that is told them too. Left out: none is.") @Nullable
            OtlpConfig otlp,

            @Doc("How often it is told.") @Default("60s") @Range(min = "1s", max = "1h")
            Duration every) {}

    /// What is remembered of the golden signals.
    @Doc("Traffic, errors, latency and saturation of the last hours, kept in memory.")
    public record Signals(
            @Doc(
                    "How often figures are taken. 300 such slices are kept, and 195 of thirty times as long: with 2s, ten minutes and three hours.")
            @Default("2s")
            @Range(min = "100ms", max = "10s")
            Duration every) {}
}
