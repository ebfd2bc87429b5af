package dev.sallyport.extension.observe.alert;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.anomaly.Anomalies;
import dev.sallyport.extension.observe.anomaly.Finding;
import dev.sallyport.extension.observe.signals.Distribution;
import dev.sallyport.extension.observe.signals.Figure;
import dev.sallyport.extension.observe.signals.Scope;
import dev.sallyport.extension.observe.signals.Signals;
import dev.sallyport.extension.observe.signals.Window;
import dev.sallyport.extension.observe.source.Conduct;
import dev.sallyport.extension.observe.source.Sources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Compares rules with what happened. Too little traffic, or too little history, breaks no rule.
@OffLoop("the sampler's thread")
final class RuleReader {
    /// Failures that burn an objective; fewer are bad luck.
    private static final int FEW_FAILURES = 10;

    /// What is usual is no less than this: three times nothing is nothing still.
    private static final double LEAST_USUAL_PER_SECOND = 1;

    private static final Duration RECENTLY = Duration.ofHours(3);
    private static final int MOST_RECENT = 120;

    private final Signals signals;
    private final Sources sources;
    private final Anomalies anomalies;
    private final Usual usual = new Usual();

    RuleReader(Signals signals, Sources sources, Anomalies anomalies) {
        this.signals = signals;
        this.sources = sources;
        this.anomalies = anomalies;
    }

    /// How `rule` stands with each of its groups that did anything.
    List<Reading> read(AlertRule rule) {
        if (rule.threshold() instanceof Threshold.Unlike) {
            return unlike();
        }
        return switch (rule.by()) {
            case CLIENT_NETWORK -> sources(rule, true);
            case PRINCIPAL -> sources(rule, false);
            case GATEWAY -> scopes(rule, Map.of(Scope.GATEWAY, signals.last(Scope.GATEWAY, rule.window())));
            case ROUTE -> scopes(rule, signals.last(Scope.Kind.ROUTE, rule.window()));
            case UPSTREAM -> scopes(rule, signals.last(Scope.Kind.UPSTREAM, rule.window()));
            case LISTENER -> scopes(rule, signals.last(Scope.Kind.LISTENER, rule.window()));
        };
    }

    private List<Reading> unlike() {
        List<Reading> readings = new ArrayList<>();
        for (Finding finding : anomalies.findings()) {
            readings.add(new Reading(
                    finding.kind().word() + " " + finding.subject(),
                    finding.distance(),
                    finding.text(),
                    finding.requests().isEmpty() ? "" : finding.requests().getFirst()));
        }
        return readings;
    }

    private List<Reading> sources(AlertRule rule, boolean networks) {
        List<Reading> readings = new ArrayList<>();
        if (rule.threshold() instanceof Threshold.Rate rate) {
            Conduct conduct = Objects.requireNonNull(rule.signal().conduct());
            for (Sources.Activity activity : sources.active(conduct, networks, rate.per(), rate.count() + 1)) {
                long count = activity.get(conduct);
                String text = count + " " + rule.signal().words() + " in the last " + Words.duration(rate.per())
                        + " (allowed: " + Words.rate(rate.count(), rate.per()) + ")" + different(conduct, activity);
                readings.add(new Reading(
                        activity.key().toString(), (double) count / rate.count(), text, activity.request()));
            }
        }
        return readings;
    }

    private static String different(Conduct conduct, Sources.Activity activity) {
        if (conduct == Conduct.UNAUTHENTICATED && activity.accounts() > 1) {
            return ", with about " + activity.accounts() + " different accounts or credentials";
        }
        return conduct == Conduct.NOT_FOUND ? ", on about " + activity.paths() + " different paths" : "";
    }

    private List<Reading> scopes(AlertRule rule, Map<Scope, Window> windows) {
        List<Reading> readings = new ArrayList<>();
        windows.forEach((scope, window) -> {
            Reading reading = scope(rule, scope, window);
            if (reading != null) {
                readings.add(reading);
            }
        });
        return readings;
    }

    private @Nullable Reading scope(AlertRule rule, Scope scope, Window window) {
        return switch (rule.threshold()) {
            case Threshold.Longer longer -> longer(rule, longer, scope, window);
            case Threshold.Share share -> share(rule, share, scope, window);
            case Threshold.Rate rate -> rate(rule, rate, scope, window);
            case Threshold.Usual times -> usual(rule, times, scope, window);
            case Threshold.Burning burning -> burning(rule, burning, scope);
            case Threshold.Unlike _ -> null;
        };
    }

    private static Reading reading(Scope scope, double times, String text) {
        return new Reading(scope.toString(), times, text, "");
    }

    private static @Nullable Reading longer(AlertRule rule, Threshold.Longer longer, Scope scope, Window window) {
        double allowed = longer.than().toNanos() / 1e9;
        if (rule.signal() == AlertSignal.LOOP_LAG) {
            double lag = window.get(Figure.LOOP_LAG_MICROS) / 1e6;
            return reading(
                    scope,
                    lag / allowed,
                    "an event loop was " + Words.seconds(lag) + " late in the last " + Words.duration(rule.window())
                            + " (allowed: " + Words.seconds(allowed) + ")");
        }
        Distribution served = window.served();
        if (served.count() < rule.least()) {
            return null;
        }
        double took = served.quantile(rule.quantile());
        return reading(
                scope,
                took / allowed,
                Words.percent(rule.quantile()) + " of " + served.count() + " answers in the last "
                        + Words.duration(rule.window()) + " took up to " + Words.seconds(took) + " (allowed: "
                        + Words.seconds(allowed) + ")");
    }

    private static @Nullable Reading share(AlertRule rule, Threshold.Share share, Scope scope, Window window) {
        if (rule.signal() == AlertSignal.SATURATION) {
            return Fullness.of(window).reading(scope, share.above());
        }
        if (rule.signal() == AlertSignal.LOG_DISK) {
            return Fullness.ofLogDisk(window).reading(scope, share.above());
        }
        if (window.requests() < rule.least()) {
            return null;
        }
        return reading(
                scope,
                window.failureRate() / share.above(),
                Words.percent(window.failureRate()) + " of " + window.requests() + " requests failed in the last "
                        + Words.duration(rule.window()) + " (allowed: " + Words.percent(share.above()) + ")"
                        + Words.mostOften(window.failureReasons()));
    }

    private static long count(AlertSignal signal, Window window) {
        return switch (signal) {
            case ERRORS -> window.failed();
            case TRAFFIC -> window.requests();
            case FAILED_AUTHENTICATION -> window.get(Figure.UNAUTHENTICATED);
            case DENIED -> window.get(Figure.DENIED);
            case LIMITED -> window.get(Figure.LIMITED);
            case NOT_FOUND -> window.statuses().getOrDefault("404", 0L);
            case MALFORMED -> window.get(Figure.MALFORMED);
            case LOG_LOSS -> window.get(Figure.LOG_LOST) + window.get(Figure.LOG_WRITE_ERRORS);
            case LATENCY, SATURATION, LOOP_LAG, LOG_DISK, ANOMALY -> 0;
        };
    }

    private static Map<String, Long> reasons(AlertSignal signal, Window window) {
        return switch (signal) {
            case ERRORS -> window.failureReasons();
            case FAILED_AUTHENTICATION, DENIED, LIMITED -> window.refusalReasons();
            case MALFORMED -> window.malformedReasons();
            case TRAFFIC, NOT_FOUND, LOG_LOSS, LATENCY, SATURATION, LOOP_LAG, LOG_DISK, ANOMALY -> Map.of();
        };
    }

    private static Reading rate(AlertRule rule, Threshold.Rate rate, Scope scope, Window window) {
        long count = count(rule.signal(), window);
        // a window that is not whole yet is not extrapolated: that would make much of little
        double allowed =
                rate.count() * (double) rule.window().toMillis() / rate.per().toMillis();
        return reading(
                scope,
                count / allowed,
                count + " " + rule.signal().words() + " in the last " + Words.duration(rule.window()) + " (allowed: "
                        + Words.rate(rate.count(), rate.per()) + ")"
                        + Words.mostOften(reasons(rule.signal(), window)));
    }

    private @Nullable Reading burning(AlertRule rule, Threshold.Burning burning, Scope scope) {
        Window fast = signals.last(scope, burning.fast());
        Window slow = signals.last(scope, burning.slow());
        double budget = 1 - burning.objective();
        if (fast.requests() < rule.least() || fast.failed() < Math.min(FEW_FAILURES, rule.least())) {
            return null;
        }
        double fastBurn = fast.failureRate() / budget;
        double slowBurn = slow.failureRate() / budget;
        return reading(
                scope,
                Math.min(fastBurn, slowBurn) / burning.factor(),
                Words.percent(fast.failureRate()) + " of " + fast.requests() + " requests failed in the last "
                        + Words.duration(burning.fast()) + " and " + Words.percent(slow.failureRate()) + " in the last "
                        + Words.duration(burning.slow()) + ": " + Words.number(Math.min(fastBurn, slowBurn))
                        + " times what the objective of " + Words.percent(burning.objective()) + " allows"
                        + Words.mostOften(fast.failureReasons()));
    }

    private @Nullable Reading usual(AlertRule rule, Threshold.Usual times, Scope scope, Window window) {
        long count = count(rule.signal(), window);
        double rate = window.seconds() > 0 ? count / window.seconds() : 0;
        String key = rule.name() + " " + scope;
        double learnt = usual.at(key, window.to());
        double expected = Double.isNaN(learnt) ? recently(rule, scope, window) : learnt;
        if (Double.isNaN(expected) || rate <= times.times() * Math.max(expected, LEAST_USUAL_PER_SECOND)) {
            // what is out of the usual is not learnt as usual
            usual.learn(key, window.to(), rate);
        }
        if (Double.isNaN(expected) || count < rule.least()) {
            return null;
        }
        double allowed = times.times() * Math.max(expected, LEAST_USUAL_PER_SECOND);
        return reading(
                scope,
                rate / allowed,
                Words.number(rate) + " " + rule.signal().words() + " per second in the last "
                        + Words.duration(rule.window()) + ", " + Words.number(rate / Math.max(expected, 1e-3))
                        + " times the usual " + Words.number(expected) + " (allowed: " + Words.number(times.times())
                        + " times)");
    }

    /// What was usual in the last hours, where the week is not known yet.
    private double recently(AlertRule rule, Scope scope, Window window) {
        Duration remembered = signals.remembered();
        if (remembered.compareTo(rule.learn()) < 0) {
            return Double.NaN;
        }
        Duration back = remembered.compareTo(RECENTLY) < 0 ? remembered : RECENTLY;
        long step = Math.max(rule.window().toMillis(), back.toMillis() / MOST_RECENT);
        // the window itself, and as much before it as the alert may have to wait, are not to judge themselves
        long until = window.to() - rule.window().plus(rule.hold()).toMillis();
        double[] rates = signals.slices(scope, window.to() - back.toMillis(), until, Duration.ofMillis(step)).stream()
                .filter(slice -> slice.seconds() > 0)
                .mapToDouble(slice -> count(rule.signal(), slice) / slice.seconds())
                .sorted()
                .toArray();
        return rates.length < 3 ? Double.NaN : rates[rates.length / 2];
    }
}
