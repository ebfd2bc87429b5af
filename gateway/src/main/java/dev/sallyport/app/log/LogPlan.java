package dev.sallyport.app.log;

import dev.sallyport.api.json.JsonPaths;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.compile.LogRule;
import dev.sallyport.controlplane.config.ObserveConfig;
import dev.sallyport.controlplane.config.observe.AccessLogConfig;
import dev.sallyport.extension.observe.log.AccessLogSettings;
import dev.sallyport.extension.observe.log.Sampling;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the access log is to be: what the configuration says, and what its authenticators keep secret. Two that are
/// equal
/// need no change.
///
/// @param secrets  what no line may show
/// @param paths    to places in JSON that no line may show
/// @param bodies   whether captured bodies are shown
/// @param resource who tells collectors of OpenTelemetry
public record LogPlan(
        AccessLogConfig config,
        Compiled.Secrets secrets,
        List<String> paths,
        boolean bodies,
        Map<String, String> resource) {
    /// What `next` asks for.
    public static LogPlan of(Compiled next) {
        ObserveConfig observe = next.observe();
        List<String> paths = observe.redact().json();
        return new LogPlan(
                observe.accessLog(),
                next.secrets(),
                paths == null ? List.of() : paths,
                observe.payload() != null,
                observe.resource() == null ? Map.of() : observe.resource());
    }

    /// How lines are written.
    public AccessLogSettings settings() {
        AccessLogSettings.Format format = switch (config.format()) {
            case OTEL -> AccessLogSettings.Format.OTEL;
            case ECS -> AccessLogSettings.Format.ECS;
        };
        AccessLogConfig.Chosen chosen = config.headers();
        return new AccessLogSettings(
                format,
                chosen == null ? List.of() : chosen.request(),
                chosen == null ? List.of() : chosen.response(),
                secrets.headers(),
                secrets.parameters(),
                JsonPaths.of(paths),
                bodies,
                AccessLogSettings.CAPACITY);
    }

    /// Which requests have lines, by rules compiled with it.
    public Sampling sampling(List<LogRule> rules) {
        AccessLogConfig.@Nullable Sample sample = config.sample();
        if (sample == null) {
            return Sampling.ALL;
        }
        return new Sampling(
                sample.rate().part(),
                rules.stream()
                        .map(rule -> new Sampling.Rule(rule.routes(), rule.when(), rule.part()))
                        .toList());
    }
}
