package dev.sallyport.app.explain;

import dev.sallyport.api.access.Explanation.Finding;
import dev.sallyport.controlplane.admin.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An explanation for programs.
public final class ExplainedJson {
    private ExplainedJson() {}

    /// As the documentation describes it.
    public static Json of(Explained explained) {
        Explained.Result result = explained.result();
        Explained.Request request = explained.request();
        return new Json()
                .put("decision", word(result.decision()))
                .put("status", result.status() == 0 ? null : result.status())
                .put("reason", orNull(result.reason()))
                .put("told", orNull(result.told()))
                .put("detail", orNull(result.detail()))
                .put("rule", orNull(result.rule()))
                .put("shadow-rule", orNull(result.shadowRule()))
                .put(
                        "request",
                        new Json()
                                .put("method", request.method())
                                .put("scheme", request.scheme())
                                .put("authority", request.authority())
                                .put("path", request.path())
                                .put("query", request.query())
                                .put("listener", request.listener())
                                .put("client", request.client()))
                .put("config", request.config())
                .put("route", route(explained.route()))
                .put(
                        "other-routes",
                        explained.others().stream()
                                .map(one -> new Json()
                                        .put("name", one.name())
                                        .put("match", one.match())
                                        .put("lacking", one.lacking()))
                                .toList())
                .put("caller", caller(explained.caller()))
                .put(
                        "authenticators",
                        explained.authenticators().stream()
                                .map(one -> new Json()
                                        .put("name", one.name())
                                        .put("kind", one.kind())
                                        .put("said", one.said()))
                                .toList())
                .put("rules", findings(explained.rules()))
                .put(
                        "policies",
                        explained.policies().stream()
                                .map(one -> new Json()
                                        .put("name", one.name())
                                        .put("phase", one.phase().name())
                                        .put("said", one.said()))
                                .toList())
                .put("target", target(explained.target()))
                .put("notes", explained.notes());
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static @Nullable Json route(Explained.@Nullable TakenRoute route) {
        if (route == null) {
            return null;
        }
        Map<String, String> parameters = new TreeMap<>();
        for (int i = 0; i < route.parameters().size(); i += 2) {
            parameters.put(route.parameters().get(i), route.parameters().get(i + 1));
        }
        return new Json()
                .put("name", route.name())
                .put("match", route.match())
                .put("access", route.access())
                .put("parameters", parameters);
    }

    private static @Nullable Json caller(Explained.@Nullable Caller caller) {
        return caller == null
                ? null
                : new Json()
                        .put("id", caller.id())
                        .put("authenticator", caller.authenticator())
                        .put("tenant", caller.tenant())
                        .put("roles", caller.roles())
                        .put("inherited-roles", caller.inherited())
                        .put("assumed", caller.assumed());
    }

    private static List<Json> findings(List<Finding> findings) {
        return findings.stream()
                .map(one -> new Json()
                        .put("rule", one.rule())
                        .put("answer", word(one.answer()))
                        .put("because", orNull(one.because()))
                        .put("parts", findings(one.parts())))
                .toList();
    }

    private static @Nullable Json target(Explained.@Nullable Target target) {
        if (target == null) {
            return null;
        }
        return target.upstream().isEmpty()
                ? new Json().put("answered-by", target.target())
                : new Json()
                        .put("upstream", target.upstream())
                        .put("target", target.target())
                        .put("host", target.host());
    }
}
