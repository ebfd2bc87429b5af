package dev.sallyport.controlplane.limit;

import dev.sallyport.api.limit.Share;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.admin.AdminEndpoint;
import dev.sallyport.controlplane.admin.AdminRequest;
import dev.sallyport.controlplane.admin.AdminResponse;
import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.limit.LimitOperation.KeyStanding;
import dev.sallyport.dataplane.limit.Limit;
import dev.sallyport.dataplane.limit.TopKeys;
import dev.sallyport.telemetry.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What the admin listener offers about limits: which keys ask most, how one stands, and forgetting what it has taken.
public final class LimitEndpoints {
    private static final String TOP = "/limits";
    private static final String KEY = "/limits/key";
    private static final int MOST = 10;
    private static final double NANOS = 1e9;
    private static final double PERCENT = 100;

    private final LimitOperation operation;

    public LimitEndpoints(LimitOperation operation) {
        this.operation = operation;
    }

    /// Every endpoint.
    public List<AdminEndpoint> all() {
        return List.of(
                AdminEndpoint.of("GET", TOP, this::top),
                AdminEndpoint.of("GET", KEY, this::show),
                AdminEndpoint.of("DELETE", KEY, this::reset));
    }

    private AdminResponse unknown(String name) {
        List<String> names = operation.limits(null).stream().map(Limit::name).toList();
        String hint = names.isEmpty() ? "the configuration in use has none" : Nearest.hint(name, names);
        return AdminResponse.problem(
                404, "limit-unknown", "No such limit", "no limit is called " + name + " (" + hint + ")");
    }

    private AdminResponse top(AdminRequest request) {
        String name = request.parameter("limit");
        List<Limit> limits = operation.limits(name);
        if (name != null && limits.isEmpty()) {
            return unknown(name);
        }
        if (request.asksForText()) {
            StringBuilder text = new StringBuilder(limits.isEmpty() ? "no limits are configured\n" : "");
            limits.forEach(limit -> text(limit, text));
            return AdminResponse.text(200, text.toString());
        }
        List<Json> all = new ArrayList<>();
        for (Limit limit : limits) {
            List<Json> keys = new ArrayList<>();
            for (TopKeys.Key key : limit.top().most(MOST)) {
                keys.add(new Json()
                        .put("key", key.name())
                        .put("asked", key.asked())
                        .put("refused", key.refused()));
            }
            all.add(new Json()
                    .put("limit", limit.name())
                    .put("allowed", limit.figures().allowed())
                    .put("refused", limit.figures().refused())
                    .put("shadowed", limit.figures().shadowed())
                    .put("nearest", percent(limit) / PERCENT)
                    .put("top", keys));
        }
        return AdminResponse.json(200, new Json().put("limits", all));
    }

    private static String sharing(Limit limit) {
        Share share = limit.layers().getFirst().share();
        return share == null ? "" : "  (" + share.sharing().name().toLowerCase(Locale.ROOT) + ")";
    }

    private static long percent(Limit limit) {
        return Math.round(limit.figures().nearestToTheEdge() * PERCENT);
    }

    private static void text(Limit limit, StringBuilder text) {
        text.append(limit.name())
                .append("  ")
                .append(limit.layers().stream()
                        .map(layer -> LimitOperation.text(layer.measure()))
                        .collect(Collectors.joining(", ")))
                .append(limit.terms().trial() ? "  (shadow)" : "")
                .append(sharing(limit))
                .append("  allowed ")
                .append(limit.figures().allowed())
                .append("  refused ")
                .append(limit.figures().refused());
        if (limit.terms().trial()) {
            text.append("  would refuse ").append(limit.figures().shadowed());
        }
        text.append("  nearest to the edge ").append(percent(limit)).append("%\n");
        for (TopKeys.Key key : limit.top().most(MOST)) {
            text.append("  ")
                    .append(Printable.of(key.name()))
                    .append("  asked about ")
                    .append(key.asked())
                    .append(", refused ")
                    .append(key.refused())
                    .append('\n');
        }
    }

    private AdminResponse show(AdminRequest request) {
        String key = request.parameter("key");
        String name = request.parameter("limit");
        if (key == null) {
            return unnamed();
        }
        List<Limit> limits = operation.limits(name);
        if (name != null && limits.isEmpty()) {
            return unknown(name);
        }
        List<KeyStanding> standings = operation.standing(limits, key);
        if (standings.isEmpty()) {
            return none(key);
        }
        if (request.asksForText()) {
            StringBuilder text = new StringBuilder();
            for (KeyStanding one : standings) {
                text.append(String.format(
                        Locale.ROOT,
                        "%s  %s  left %d%s%n",
                        one.limit().name(),
                        LimitOperation.text(one.measure()),
                        one.standing().remaining(),
                        one.standing().resetNanos() == 0
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        ", everything back in %.1f s",
                                        one.standing().resetNanos() / NANOS)));
            }
            return AdminResponse.text(200, text.toString());
        }
        List<Json> all = new ArrayList<>();
        for (KeyStanding one : standings) {
            all.add(new Json()
                    .put("limit", one.limit().name())
                    .put("measure", LimitOperation.word(one.measure()))
                    .put("most", one.measure().most())
                    .put("remaining", one.standing().remaining())
                    .put("reset-seconds", one.standing().resetNanos() / NANOS));
        }
        return AdminResponse.json(200, new Json().put("key", key).put("standings", all));
    }

    private static AdminResponse unnamed() {
        return AdminResponse.problem(
                400,
                "limit-key-unnamed",
                "Which one?",
                "Say which: " + KEY + "?key=KEY, as `sallyport limits top` shows it.");
    }

    private static AdminResponse none(String key) {
        return AdminResponse.problem(
                404,
                "limit-key-unknown",
                "No such key",
                "no limit has keys like " + Printable.of(key)
                        + " (expected: an address, authenticator/caller, a tenant, or as `sallyport limits top` shows it)");
    }

    private AdminResponse reset(AdminRequest request) {
        String key = request.parameter("key");
        String name = request.parameter("limit");
        if (key == null) {
            return unnamed();
        }
        List<Limit> limits = operation.limits(name);
        if (name != null && limits.isEmpty()) {
            return unknown(name);
        }
        List<String> reset =
                operation.forget(limits, key).stream().map(Limit::name).toList();
        if (request.asksForText()) {
            return AdminResponse.text(
                    200,
                    reset.isEmpty()
                            ? "nothing to forget: " + Printable.of(key) + " has everything\n"
                            : "reset " + Printable.of(key) + " of " + String.join(", ", reset) + "\n");
        }
        return AdminResponse.json(200, new Json().put("key", key).put("reset", reset));
    }
}
