package dev.sallyport.app.alert;

import dev.sallyport.controlplane.config.ObserveConfig;
import dev.sallyport.controlplane.config.observe.Above;
import dev.sallyport.controlplane.config.observe.AlertConfig;
import dev.sallyport.controlplane.config.observe.AlertSetting;
import dev.sallyport.controlplane.config.observe.BurnRate;
import dev.sallyport.extension.observe.alert.AlertRule;
import dev.sallyport.extension.observe.alert.AlertSignal;
import dev.sallyport.extension.observe.alert.Grouping;
import dev.sallyport.extension.observe.alert.PresetRules;
import dev.sallyport.extension.observe.alert.Severity;
import dev.sallyport.extension.observe.alert.Threshold;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules that a configuration asks for: the preset ones, unless they are switched off or replaced, and its own.
final class Rules {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final double QUANTILE = 0.99;

    private Rules() {}

    static List<AlertRule> of(ObserveConfig config) {
        Map<String, AlertRule> rules = new LinkedHashMap<>();
        if (!Boolean.FALSE.equals(config.presetAlerts())) {
            PresetRules.all().forEach(rule -> rules.put(rule.name(), rule));
        }
        Map<String, AlertSetting> alerts = config.alerts();
        if (alerts != null) {
            alerts.forEach((name, setting) -> {
                if (setting instanceof AlertConfig own) {
                    rules.put(name, rule(name, own));
                } else {
                    rules.remove(name);
                }
            });
        }
        return List.copyOf(rules.values());
    }

    private static AlertRule rule(String name, AlertConfig config) {
        return new AlertRule(
                name,
                AlertSignal.valueOf(config.signal().name()),
                config.quantile() == null ? QUANTILE : config.quantile().value(),
                config.signal() == AlertConfig.Signal.ANOMALY
                        ? new Threshold.Unlike()
                        : threshold(config.above(), config.burnRate()),
                window(config),
                config.for_(),
                Grouping.valueOf(config.by().name()),
                Severity.valueOf(config.severity().name()),
                config.least(),
                config.learn(),
                false);
    }

    private static Duration window(AlertConfig config) {
        Duration window = config.window();
        if (window != null) {
            return window;
        }
        return config.above() != null && config.above().form() == Above.Form.RATE
                ? config.above().per()
                : MINUTE;
    }

    private static Threshold threshold(@Nullable Above above, @Nullable BurnRate burn) {
        if (above == null) {
            if (burn == null) {
                throw new IllegalStateException("a rule without measure (expected: refused before)");
            }
            return new Threshold.Burning(burn.objective().part(), burn.fast(), burn.slow(), burn.factor());
        }
        return switch (above.form()) {
            case DURATION -> new Threshold.Longer(Duration.ofNanos(Math.round(above.amount())));
            case PERCENT -> new Threshold.Share(above.amount());
            case RATE -> new Threshold.Rate(Math.round(above.amount()), above.per());
            case BASELINE -> new Threshold.Usual(above.amount());
        };
    }
}
