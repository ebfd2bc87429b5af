package dev.sallyport.controlplane.admin;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.reload.ConfigVersion;
import dev.sallyport.controlplane.reload.ReloadResult;
import dev.sallyport.controlplane.reload.ReloadStatus;
import dev.sallyport.controlplane.reload.Reloader;
import dev.sallyport.controlplane.reload.Trigger;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the admin listener offers; each in JSON, and as text for people where `Accept` prefers that.
public final class AdminEndpoints {
    private final Reloader reloader;
    private final Operation operation;
    private final InstantSource clock;
    private final String product;

    /// @param product name and version of what is running
    public AdminEndpoints(Reloader reloader, Operation operation, InstantSource clock, String product) {
        this.reloader = reloader;
        this.operation = operation;
        this.clock = clock;
        this.product = product;
    }

    /// Every endpoint.
    ///
    /// @param metricsPath where the metrics are
    public List<AdminEndpoint> all(String metricsPath, MetricsPage metrics) {
        return List.of(
                AdminEndpoint.open("GET", "/livez", _ -> AdminResponse.text(200, "alive\n")),
                AdminEndpoint.open("GET", "/readyz", _ -> ready()),
                AdminEndpoint.of("GET", metricsPath, request -> metrics.render(request.accept())),
                AdminEndpoint.of("GET", "/status", this::status),
                AdminEndpoint.of("GET", "/config", this::config),
                AdminEndpoint.of("GET", "/config/before", this::configBefore),
                AdminEndpoint.question("/config/check", this::check),
                AdminEndpoint.of("GET", "/routes", this::routes),
                AdminEndpoint.of("GET", "/version", this::version),
                AdminEndpoint.of("POST", "/reload", this::reload));
    }

    private AdminResponse ready() {
        Operation.Readiness readiness = operation.readiness();
        return AdminResponse.text(readiness == Operation.Readiness.READY ? 200 : 503, readiness.word() + "\n");
    }

    private AdminResponse version(AdminRequest request) {
        return request.asksForText()
                ? AdminResponse.text(200, product + "\n")
                : AdminResponse.json(200, new Json().put("product", product));
    }

    private AdminResponse status(AdminRequest request) {
        ReloadStatus status = reloader.status();
        Instant now = clock.instant();
        if (request.asksForText()) {
            return AdminResponse.text(200, StatusText.of(status, operation, now, product));
        }
        Map<String, Object> listeners = new TreeMap<>();
        for (Map.Entry<String, InetSocketAddress> listener :
                operation.listeners().entrySet()) {
            listeners.put(listener.getKey(), StatusText.address(listener.getValue()));
        }
        ReloadStatus.RefusedAttempt refused = status.refused();
        return AdminResponse.json(
                200,
                new Json()
                        .put("product", product)
                        .put("state", operation.readiness().word())
                        .put("uptime-seconds", seconds(operation.startedAt(), now))
                        .put("config", status.version() == null ? null : version(status.version(), now))
                        .put("warnings", problems(status.warnings()))
                        .put(
                                "refused",
                                refused == null
                                        ? null
                                        : new Json()
                                                .put("at", refused.at().truncatedTo(ChronoUnit.MILLIS))
                                                .put("by", refused.by().word())
                                                .put("problems", problems(refused.problems())))
                        .put("listeners", listeners)
                        .put("audit-log", auditLog()));
    }

    private @Nullable Json auditLog() {
        Operation.AuditLog log = operation.auditLog();
        return log == null
                ? null
                : new Json()
                        .put("state", log.state())
                        .put("sequence", log.sequence())
                        .put("hash", log.hash());
    }

    private AdminResponse config(AdminRequest request) {
        ConfigVersion version = reloader.status().version();
        String text = operation.configuration();
        if (request.asksForText()) {
            return AdminResponse.text(200, text);
        }
        Json json = version == null ? new Json() : version(version, clock.instant());
        return AdminResponse.json(200, json.put("yaml", text));
    }

    private AdminResponse configBefore(AdminRequest request) {
        String text = operation.configurationBefore();
        if (text == null) {
            return AdminResponse.problem(
                    404, "no-config-before", "None", "The configuration in use is the first since the start.");
        }
        return request.asksForText()
                ? AdminResponse.text(200, text)
                : AdminResponse.json(200, new Json().put("yaml", text));
    }

    private AdminResponse check(AdminRequest request) {
        Operation.Check check = operation.check();
        String outcome = check.yaml() == null ? "unusable" : check.same() ? "unchanged" : "usable";
        if (request.asksForText()) {
            return AdminResponse.text(200, lines(outcome, check.problems()));
        }
        return AdminResponse.json(
                200,
                new Json()
                        .put("outcome", outcome)
                        .put("problems", problems(check.problems()))
                        .put("yaml", check.yaml()));
    }

    private AdminResponse routes(AdminRequest request) {
        List<Operation.RouteLine> routes = operation.routes();
        if (request.asksForText()) {
            return AdminResponse.text(200, RouteText.of(routes));
        }
        List<Json> lines = new ArrayList<>();
        for (Operation.RouteLine route : routes) {
            lines.add(new Json()
                    .put("name", route.name())
                    .put("match", route.match())
                    .put("access", route.access())
                    .put("target", route.target()));
        }
        return AdminResponse.json(200, new Json().put("routes", lines));
    }

    private AdminResponse reload(AdminRequest request) {
        boolean text = request.asksForText();
        return switch (reloader.reload(Trigger.ADMIN)) {
            case ReloadResult.Applied applied ->
                text
                        ? AdminResponse.text(
                                200, lines("applied " + applied.version().name(), applied.warnings()))
                        : AdminResponse.json(
                                200,
                                new Json()
                                        .put("outcome", "applied")
                                        .put("version", applied.version().name())
                                        .put("warnings", problems(applied.warnings())));
            case ReloadResult.Unchanged unchanged ->
                text
                        ? AdminResponse.text(
                                200, "unchanged " + unchanged.version().name() + "\n")
                        : AdminResponse.json(
                                200,
                                new Json()
                                        .put("outcome", "unchanged")
                                        .put("version", unchanged.version().name()));
            case ReloadResult.Refused refused ->
                text
                        ? AdminResponse.text(
                                422, lines("refused; the old configuration stays in use", refused.problems()))
                        : AdminResponse.problem(
                                422,
                                Json.problem(
                                                422,
                                                "config-refused",
                                                "The configuration is not usable",
                                                "The old configuration stays in use.")
                                        .put("problems", problems(refused.problems())));
        };
    }

    private static String lines(String first, List<ConfigProblem> problems) {
        StringBuilder text = new StringBuilder(first).append('\n');
        problems.forEach(problem -> text.append(problem).append('\n'));
        return text.toString();
    }

    /// Problems as every JSON of the product has them.
    public static List<Json> problems(List<ConfigProblem> problems) {
        List<Json> list = new ArrayList<>();
        for (ConfigProblem problem : problems) {
            list.add(new Json()
                    .put("severity", problem.isError() ? "error" : "warning")
                    .put("file", problem.file())
                    .put("line", problem.line())
                    .put("column", problem.column())
                    .put("path", problem.path())
                    .put("message", problem.message())
                    .put("hint", problem.hint()));
        }
        return list;
    }

    private static Json version(ConfigVersion version, Instant now) {
        return new Json()
                .put("version", version.name())
                .put("sequence", version.sequence())
                .put("digest", version.digest())
                .put("loaded-at", version.loadedAt().truncatedTo(ChronoUnit.MILLIS))
                .put("age-seconds", seconds(version.loadedAt(), now));
    }

    private static long seconds(Instant from, Instant to) {
        return Duration.between(from, to).toSeconds();
    }
}
