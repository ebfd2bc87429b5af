package dev.sallyport.app.cli.export;

import dev.sallyport.telemetry.Metrics;
import java.util.ArrayList;
import java.util.List;

/// Alert rules for Prometheus, where it and not the gateway is to tell people.
final class AlertRules {
    private final List<Rule> rules = new ArrayList<>();

    private AlertRules() {}

    /// A rule.
    ///
    /// @param lasting how long it must hold, as Prometheus writes durations
    private record Rule(String name, String expression, String lasting, String severity, String summary) {}

    static String yaml() {
        AlertRules all = new AlertRules();
        all.traffic();
        all.safety();
        StringBuilder out = new StringBuilder("groups:\n  - name: sallyport\n    rules:\n");
        for (Rule rule : all.rules) {
            out.append("      - alert: ").append(rule.name).append('\n');
            out.append("        expr: ").append(quoted(rule.expression)).append('\n');
            out.append("        for: ").append(rule.lasting).append('\n');
            out.append("        labels: { severity: ").append(rule.severity).append(" }\n");
            out.append("        annotations: { summary: ")
                    .append(quoted(rule.summary))
                    .append(" }\n");
        }
        return out.toString();
    }

    private void traffic() {
        String failed = "error_type!=\"\"";
        // an objective of 99.9 %: burnt 14.4 times too fast over an hour and still so in the last five minutes
        rule(
                "SallyportErrorBudgetBurnsFast",
                burn(failed, "5m") + " > 0.0144 and " + burn(failed, "1h") + " > 0.0144",
                "2m",
                "page",
                "Route {{ $labels.gateway_route }} fails {{ $value | humanizePercentage }} of its requests.");
        rule(
                "SallyportSlow",
                PromQuery.quantile(0.99, Metrics.SERVER_DURATION, "", "5m", "gateway_route") + " > 1",
                "10m",
                "warn",
                "The 99th percentile of route {{ $labels.gateway_route }} is {{ $value | humanizeDuration }}.");
        rule(
                "SallyportUpstreamUnreachable",
                PromQuery.rate(Metrics.UPSTREAM_CONNECT_FAILURES, "", "5m", "upstream", "endpoint") + " > 0.1",
                "5m",
                "warn",
                "Endpoint {{ $labels.endpoint }} of {{ $labels.upstream }} cannot be connected to.");
        rule(
                "SallyportLoopLag",
                PromQuery.name(Metrics.LOOP_LAG) + " > 0.1",
                "2m",
                "page",
                "Event loop {{ $labels.loop }} is late by {{ $value | humanizeDuration }}: the gateway is overloaded or something blocks it.");
        rule(
                "SallyportFileDescriptors",
                PromQuery.name(Metrics.PROCESS_OPEN_FILES) + " / " + PromQuery.name(Metrics.PROCESS_MAX_FILES)
                        + " > 0.85",
                "1m",
                "page",
                "{{ $value | humanizePercentage }} of the file descriptors are in use.");
        rule(
                "SallyportDown",
                "absent(" + PromQuery.name(Metrics.PROCESS_UPTIME) + ")",
                "1m",
                "page",
                "No gateway is seen.");
    }

    private void safety() {
        rule(
                "SallyportUnauthenticated",
                PromQuery.rate(Metrics.SERVER_DURATION, "http_response_status_code=\"401\"", "5m") + " > 5 and "
                        + PromQuery.rate(Metrics.SERVER_DURATION, "http_response_status_code=\"401\"", "5m")
                        + " > 0.2 * "
                        + PromQuery.rate(Metrics.SERVER_DURATION, "", "5m"),
                "2m",
                "warn",
                "{{ $value | humanize }} requests per second show no good credential.");
        rule(
                "SallyportCertificateExpires",
                PromQuery.name(Metrics.TLS_CERTIFICATE_EXPIRY) + " - time() < 14 * 86400",
                "1h",
                "warn",
                "Certificate {{ $labels.certificate }} of {{ $labels.listener }} ends in {{ $value | humanizeDuration }}.");
        rule(
                "SallyportKeysAreOld",
                PromQuery.name(Metrics.KEY_SET_EXPIRY) + " - time() < 3600",
                "5m",
                "page",
                "The keys of {{ $labels.authenticator }} cannot be fetched; in {{ $value | humanizeDuration }} nobody is let in by it.");
        rule(
                "SallyportAuditLogFails",
                PromQuery.name(Metrics.AUDIT_LOG_FAILING) + " > 0",
                "1m",
                "page",
                "The audit log cannot be written.");
        rule(
                "SallyportLogLinesLost",
                PromQuery.rate(Metrics.ACCESS_LOG_DROPPED, "", "5m") + " > 0",
                "5m",
                "warn",
                "{{ $value | humanize }} lines of the access log are lost each second.");
        rule(
                "SallyportConfigurationRefused",
                PromQuery.name(Metrics.CONFIG_LAST_SUCCESSFUL) + " == 0",
                "1m",
                "warn",
                "The files of the configuration are not usable; the old one stays in use.");
        rule(
                "SallyportStateDown",
                PromQuery.name(Metrics.STATE_UP) + " == 0",
                "1m",
                "page",
                "The shared state cannot be asked: single-use tokens and sessions are refused.");
        rule(
                "SallyportBug",
                "increase(" + PromQuery.name(Metrics.BUGS) + "[5m]) > 0",
                "0m",
                "warn",
                "A request ended by a bug of the gateway.");
    }

    private static String burn(String failed, String over) {
        return "(" + PromQuery.rate(Metrics.SERVER_DURATION, failed, over, "gateway_route") + " / "
                + PromQuery.rate(Metrics.SERVER_DURATION, "", over, "gateway_route") + ")";
    }

    private void rule(String name, String expression, String lasting, String severity, String summary) {
        rules.add(new Rule(name, expression, lasting, severity, summary));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
