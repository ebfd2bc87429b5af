package dev.sallyport.app.alert;

import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.admin.AdminEndpoint;
import dev.sallyport.controlplane.admin.AdminRequest;
import dev.sallyport.controlplane.admin.AdminResponse;
import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.config.read.Scalars;
import dev.sallyport.extension.observe.alert.Alert;
import dev.sallyport.extension.observe.alert.AlertRule;
import dev.sallyport.extension.observe.alert.Alerts;
import dev.sallyport.extension.observe.anomaly.Finding;
import dev.sallyport.extension.observe.notify.Delivery;
import dev.sallyport.telemetry.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the admin listener offers about alerts: which there are, trying the way to who is told, and silence.
public final class AlertEndpoints {
    private static final String ALERTS = "/alerts";
    private static final String FINDINGS = "/findings";
    private static final String TEST = "/alerts/test";
    private static final String SILENCES = "/alerts/silences";
    private static final Duration LONGEST = Duration.ofDays(30);

    private final Alerting alerting;
    private final InstantSource clock;

    public AlertEndpoints(Alerting alerting, InstantSource clock) {
        this.alerting = alerting;
        this.clock = clock;
    }

    /// Every endpoint.
    public List<AdminEndpoint> all() {
        return List.of(
                AdminEndpoint.of("GET", ALERTS, this::list),
                AdminEndpoint.of("GET", FINDINGS, this::findings),
                AdminEndpoint.of("POST", TEST, this::test),
                AdminEndpoint.of("POST", SILENCES, this::silence),
                AdminEndpoint.of("DELETE", SILENCES, this::unsilence));
    }

    private AdminResponse list(AdminRequest request) {
        Alerts alerts = alerting.alerts();
        if (request.asksForText()) {
            return AdminResponse.text(200, AlertText.of(alerts));
        }
        List<Json> all = new ArrayList<>();
        alerts.all().forEach(alert -> all.add(json(alert)));
        List<Json> rules = new ArrayList<>();
        alerts.rules().forEach(rule -> rules.add(json(rule)));
        List<Json> silences = new ArrayList<>();
        alerts.silences()
                .forEach((name, until) ->
                        silences.add(new Json().put("alert", name).put("until", text(until))));
        return AdminResponse.json(
                200,
                new Json()
                        .put("alerts", all)
                        .put("rules", rules)
                        .put("silences", silences)
                        .put("watching-seconds", alerts.remembered().toSeconds()));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static Json json(Alert alert) {
        return new Json()
                .put("name", alert.rule().name())
                .put("group", alert.group())
                .put("state", alert.state().word())
                .put("severity", alert.rule().severity().word())
                .put("since", text(alert.since()))
                .put("fired-at", text(alert.firedAt()))
                .put("resolved-at", text(alert.resolvedAt()))
                .put("silenced-until", text(alert.silencedUntil()))
                .put("times", alert.times())
                .put("summary", alert.sentence())
                .put("request", alert.request().isEmpty() ? null : alert.request());
    }

    private static Json json(AlertRule rule) {
        return new Json()
                .put("name", rule.name())
                .put("says", AlertText.rule(rule))
                .put("severity", rule.severity().word())
                .put("preset", rule.preset());
    }

    private AdminResponse findings(AdminRequest request) {
        List<Finding> findings = alerting.findings();
        if (request.asksForText()) {
            StringBuilder text = new StringBuilder(findings.isEmpty() ? "nothing is unlike the past\n" : "");
            findings.forEach(one -> text.append(one.kind().word())
                    .append("  ")
                    .append(Printable.of(one.subject() + ": " + one.text()))
                    .append("  since ")
                    .append(one.since().truncatedTo(ChronoUnit.SECONDS))
                    .append('\n'));
            return AdminResponse.text(200, text.toString());
        }
        List<Json> all = new ArrayList<>();
        findings.forEach(one -> all.add(new Json()
                .put("kind", one.kind().word())
                .put("subject", one.subject())
                .put("since", text(one.since()))
                .put("distance", one.distance())
                .put("text", one.text())
                .put("requests", one.requests())));
        return AdminResponse.json(200, new Json().put("findings", all));
    }

    private AdminResponse test(AdminRequest request) {
        List<Delivery.Tried> tried = alerting.test();
        boolean fine = tried.stream().allMatch(Delivery.Tried::delivered);
        int status = fine ? 200 : 502;
        if (request.asksForText()) {
            StringBuilder text =
                    new StringBuilder(tried.isEmpty() ? "nobody is told: `observe.notify` is empty\n" : "");
            tried.forEach(one -> text.append(one.delivered() ? "delivered  " : "failed     ")
                    .append(Printable.of(one.notifier()))
                    .append("  ")
                    .append(Printable.of(one.answer()))
                    .append('\n'));
            return AdminResponse.text(status, text.toString());
        }
        List<Json> all = new ArrayList<>();
        tried.forEach(one -> all.add(new Json()
                .put("notifier", one.notifier())
                .put("delivered", one.delivered())
                .put("answer", one.answer())));
        return AdminResponse.json(status, new Json().put("tried", all));
    }

    private AdminResponse silence(AdminRequest request) {
        String name = request.parameter("alert");
        String length = request.parameter("for");
        if (name == null || name.isEmpty() || length == null || length.isEmpty()) {
            return AdminResponse.problem(
                    400,
                    "silence-incomplete",
                    "Which one, and for how long?",
                    "Say both: " + SILENCES + "?alert=NAME&for=1h, where NAME is a rule or RULE/GROUP.");
        }
        AdminResponse unknown = unknown(name);
        if (unknown != null) {
            return unknown;
        }
        Duration time;
        try {
            time = Scalars.duration(length);
        } catch (IllegalArgumentException e) {
            return badDuration(String.valueOf(e.getMessage()));
        }
        if (time.isZero() || time.compareTo(LONGEST) > 0) {
            return badDuration(length + " (expected: more than 0s, at most 720h)");
        }
        Instant until = clock.instant().plus(time);
        try {
            alerting.alerts().silence(name, until);
        } catch (IllegalArgumentException e) {
            return AdminResponse.problem(409, "silences-full", "Too many silences", String.valueOf(e.getMessage()));
        }
        return request.asksForText()
                ? AdminResponse.text(200, "silenced " + Printable.of(name) + " until " + text(until) + "\n")
                : AdminResponse.json(200, new Json().put("alert", name).put("until", text(until)));
    }

    private static AdminResponse badDuration(String message) {
        return AdminResponse.problem(400, "silence-duration", "For how long?", "for: " + message);
    }

    private AdminResponse unsilence(AdminRequest request) {
        String name = request.parameter("alert");
        if (name == null || name.isEmpty()) {
            return AdminResponse.problem(
                    400, "silence-incomplete", "Which one?", "Say which: " + SILENCES + "?alert=NAME.");
        }
        if (!alerting.alerts().unsilence(name)) {
            return AdminResponse.problem(
                    404, "silence-unknown", "No such silence", Printable.of(name) + " is not silenced");
        }
        return request.asksForText()
                ? AdminResponse.text(200, Printable.of(name) + " is told again\n")
                : AdminResponse.json(200, new Json().put("alert", name));
    }

    private @Nullable AdminResponse unknown(String name) {
        int slash = name.indexOf('/');
        String rule = slash < 0 ? name : name.substring(0, slash);
        List<String> names =
                alerting.alerts().rules().stream().map(AlertRule::name).toList();
        if (names.contains(rule)) {
            return null;
        }
        String hint = names.isEmpty() ? "there are none" : Nearest.hint(rule, names);
        return AdminResponse.problem(
                404, "alert-unknown", "No such alert", "no alert is called " + Printable.of(rule) + " (" + hint + ")");
    }
}
