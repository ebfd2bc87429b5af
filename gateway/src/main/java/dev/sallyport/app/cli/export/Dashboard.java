package dev.sallyport.app.cli.export;

import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.telemetry.Metrics;
import java.util.ArrayList;
import java.util.List;

/// A dashboard for Grafana: the golden signals, then what is special about a gateway.
final class Dashboard {
    private static final String OVER = "$__rate_interval";
    private static final int WIDTH = 24;
    private static final int HEIGHT = 8;

    private final List<Json> panels = new ArrayList<>();
    private int x;
    private int y;

    private Dashboard() {}

    /// One line of a panel: an expression, and what it is called.
    private record Line(String expression, String legend) {}

    static String json() {
        Dashboard board = new Dashboard();
        board.golden();
        board.upstreams();
        board.callers();
        board.limits();
        board.process();
        return new Json()
                        .put("title", "Sallyport")
                        .put("uid", "sallyport")
                        .put("tags", List.of("sallyport", "gateway"))
                        .put("schemaVersion", 39)
                        .put("editable", true)
                        .put("graphTooltip", 1)
                        .put("refresh", "10s")
                        .put("time", new Json().put("from", "now-1h").put("to", "now"))
                        .put(
                                "templating",
                                new Json()
                                        .put(
                                                "list",
                                                List.of(new Json()
                                                        .put("name", "datasource")
                                                        .put("type", "datasource")
                                                        .put("query", "prometheus")
                                                        .put("label", "Data source"))))
                        .put("panels", board.panels)
                + "\n";
    }

    private void golden() {
        String failed = "error_type!=\"\"";
        row("Golden signals");
        panel(
                "Traffic by route",
                "reqps",
                new Line(PromQuery.rate(Metrics.SERVER_DURATION, "", OVER, "gateway_route"), "{{gateway_route}}"));
        panel(
                "Errors, part of requests",
                "percentunit",
                new Line(
                        PromQuery.rate(Metrics.SERVER_DURATION, failed, OVER, "gateway_route") + " / "
                                + PromQuery.rate(Metrics.SERVER_DURATION, "", OVER, "gateway_route"),
                        "{{gateway_route}}"));
        panel(
                "Latency",
                "s",
                new Line(PromQuery.quantile(0.5, Metrics.SERVER_DURATION, "", OVER), "p50"),
                new Line(PromQuery.quantile(0.9, Metrics.SERVER_DURATION, "", OVER), "p90"),
                new Line(PromQuery.quantile(0.99, Metrics.SERVER_DURATION, "", OVER), "p99"));
        panel(
                "Saturation",
                "percentunit",
                new Line(
                        PromQuery.name(Metrics.JVM_MEMORY_USED) + "{jvm_memory_type=\"heap\"} / "
                                + PromQuery.name(Metrics.JVM_MEMORY_LIMIT) + "{jvm_memory_type=\"heap\"}",
                        "heap"),
                new Line(
                        PromQuery.name(Metrics.PROCESS_OPEN_FILES) + " / " + PromQuery.name(Metrics.PROCESS_MAX_FILES),
                        "file descriptors"),
                new Line("rate(" + PromQuery.name(Metrics.PROCESS_CPU_TIME) + "[" + OVER + "])", "processors"));
        panel(
                "99th percentile by route",
                "s",
                new Line(
                        PromQuery.quantile(0.99, Metrics.SERVER_DURATION, "", OVER, "gateway_route"),
                        "{{gateway_route}}"));
        panel("Event loop lag", "s", new Line(PromQuery.name(Metrics.LOOP_LAG), "loop {{loop}}"));
        panel(
                "In flight",
                "short",
                new Line(PromQuery.gauge(Metrics.SERVER_ACTIVE), "requests"),
                new Line(PromQuery.gauge(Metrics.CONNECTIONS, "listener"), "connections {{listener}}"));
        panel(
                "Failures by reason",
                "reqps",
                new Line(PromQuery.rate(Metrics.FAILURES, "", OVER, "reason"), "{{reason}}"));
    }

    private void upstreams() {
        row("Upstreams");
        panel(
                "Asked",
                "reqps",
                new Line(PromQuery.rate(Metrics.UPSTREAM_ATTEMPTS, "", OVER, "upstream"), "{{upstream}}"));
        panel(
                "99th percentile to the head of the answer",
                "s",
                new Line(PromQuery.quantile(0.99, Metrics.CLIENT_DURATION, "", OVER, "upstream"), "{{upstream}}"));
        panel(
                "Connections",
                "short",
                new Line(PromQuery.gauge(Metrics.UPSTREAM_CONNECTIONS, "upstream", "state"), "{{upstream}} {{state}}"));
        panel(
                "Failed to connect",
                "reqps",
                new Line(
                        PromQuery.rate(Metrics.UPSTREAM_CONNECT_FAILURES, "", OVER, "upstream", "endpoint"),
                        "{{upstream}} {{endpoint}}"));
    }

    private void callers() {
        row("Callers");
        panel(
                "Refusals by reason",
                "reqps",
                new Line(PromQuery.rate(Metrics.REFUSALS, "", OVER, "reason"), "{{reason}}"));
        panel(
                "Access decisions",
                "reqps",
                new Line(PromQuery.rate(Metrics.ACCESS_DECISIONS, "", OVER, "outcome"), "{{outcome}}"));
        panel(
                "Tokens",
                "reqps",
                new Line(
                        PromQuery.rate(Metrics.TOKENS, "", OVER, "authenticator", "outcome"),
                        "{{authenticator}} {{outcome}}"));
        panel(
                "Could not be understood",
                "reqps",
                new Line(PromQuery.rate(Metrics.MALFORMED, "", OVER, "reason"), "{{reason}}"));
    }

    private void limits() {
        row("Limits");
        panel(
                "Refused by limit",
                "reqps",
                new Line(PromQuery.rate(Metrics.LIMIT_DECISIONS, "outcome=\"refused\"", OVER, "limit"), "{{limit}}"));
        panel(
                "Nearest to the edge",
                "percentunit",
                new Line("max by (limit) (" + PromQuery.name(Metrics.LIMIT_NEAREST) + ")", "{{limit}}"));
    }

    private void process() {
        row("Keys, certificates, configuration, logs");
        panel(
                "Certificates expire in",
                "s",
                new Line(PromQuery.name(Metrics.TLS_CERTIFICATE_EXPIRY) + " - time()", "{{listener}} {{certificate}}"));
        panel("Age of key sets", "s", new Line(PromQuery.name(Metrics.KEY_SET_AGE), "{{authenticator}}"));
        panel(
                "Reloads",
                "short",
                new Line(
                        "sum by (outcome) (increase(" + PromQuery.name(Metrics.CONFIG_RELOADS) + "[" + OVER + "]))",
                        "{{outcome}}"));
        panel(
                "Lines lost",
                "short",
                new Line(PromQuery.rate(Metrics.ACCESS_LOG_DROPPED, "", OVER, "reason"), "access log {{reason}}"),
                new Line(PromQuery.rate(Metrics.AUDIT_LOG_DROPPED, "", OVER, "reason"), "audit log {{reason}}"));
    }

    private void row(String title) {
        if (x > 0) {
            x = 0;
            y += HEIGHT;
        }
        panels.add(new Json()
                .put("id", panels.size() + 1)
                .put("type", "row")
                .put("title", title)
                .put("collapsed", false)
                .put("gridPos", place(WIDTH, 1))
                .put("panels", List.of()));
        y++;
    }

    private void panel(String title, String unit, Line... lines) {
        List<Json> targets = new ArrayList<>();
        for (Line line : lines) {
            targets.add(new Json()
                    .put("refId", String.valueOf((char) ('A' + targets.size())))
                    .put("expr", line.expression)
                    .put("legendFormat", line.legend)
                    .put("datasource", source()));
        }
        panels.add(new Json()
                .put("id", panels.size() + 1)
                .put("type", "timeseries")
                .put("title", title)
                .put("datasource", source())
                .put("gridPos", place(WIDTH / 2, HEIGHT))
                .put(
                        "fieldConfig",
                        new Json().put("defaults", new Json().put("unit", unit)).put("overrides", List.of()))
                .put("targets", targets));
        x += WIDTH / 2;
        if (x == WIDTH) {
            x = 0;
            y += HEIGHT;
        }
    }

    private Json place(int width, int height) {
        return new Json().put("x", x).put("y", y).put("w", width).put("h", height);
    }

    private static Json source() {
        return new Json().put("type", "prometheus").put("uid", "${datasource}");
    }
}
