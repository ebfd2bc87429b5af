package dev.sallyport.extension.observe.alert;

import java.time.Duration;
import java.util.List;

/// Rules that are there without being configured. They speak up for what is wrong anywhere, and leave what is too slow
/// or too much to who knows the service.
public final class PresetRules {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LEARN = Duration.ofHours(1);
    private static final double QUANTILE = 0.99;

    private PresetRules() {}

    /// All of them.
    public static List<AlertRule> all() {
        return List.of(
                rule(
                        "failing",
                        AlertSignal.ERRORS,
                        new Threshold.Burning(0.99, Duration.ofMinutes(5), Duration.ofHours(1), 14.4),
                        Duration.ZERO,
                        Grouping.ROUTE,
                        Severity.CRITICAL,
                        50),
                rule(
                        "upstream-failing",
                        AlertSignal.ERRORS,
                        new Threshold.Share(0.5),
                        MINUTE,
                        Grouping.UPSTREAM,
                        Severity.CRITICAL,
                        20),
                rule(
                        "full",
                        AlertSignal.SATURATION,
                        new Threshold.Share(0.9),
                        MINUTE,
                        Grouping.GATEWAY,
                        Severity.CRITICAL,
                        0),
                rule(
                        "loops-late",
                        AlertSignal.LOOP_LAG,
                        new Threshold.Longer(Duration.ofMillis(500)),
                        MINUTE,
                        Grouping.GATEWAY,
                        Severity.WARNING,
                        0),
                rule(
                        "brute-force",
                        AlertSignal.FAILED_AUTHENTICATION,
                        new Threshold.Rate(60, MINUTE),
                        Duration.ZERO,
                        Grouping.CLIENT_NETWORK,
                        Severity.WARNING,
                        0),
                rule(
                        "probing",
                        AlertSignal.DENIED,
                        new Threshold.Rate(60, MINUTE),
                        Duration.ZERO,
                        Grouping.PRINCIPAL,
                        Severity.WARNING,
                        0),
                rule(
                        "unusual",
                        AlertSignal.ANOMALY,
                        new Threshold.Unlike(),
                        Duration.ZERO,
                        Grouping.GATEWAY,
                        Severity.WARNING,
                        0),
                rule(
                        "log-disk",
                        AlertSignal.LOG_DISK,
                        new Threshold.Share(0.9),
                        MINUTE,
                        Grouping.GATEWAY,
                        Severity.CRITICAL,
                        0),
                rule(
                        "log-loss",
                        AlertSignal.LOG_LOSS,
                        new Threshold.Rate(1, MINUTE),
                        Duration.ZERO,
                        Grouping.GATEWAY,
                        Severity.CRITICAL,
                        0));
    }

    private static AlertRule rule(
            String name,
            AlertSignal signal,
            Threshold threshold,
            Duration hold,
            Grouping by,
            Severity severity,
            long least) {
        return new AlertRule(name, signal, QUANTILE, threshold, MINUTE, hold, by, severity, least, LEARN, true);
    }
}
