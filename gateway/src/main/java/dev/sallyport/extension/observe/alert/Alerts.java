package dev.sallyport.extension.observe.alert;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.anomaly.Anomalies;
import dev.sallyport.extension.observe.signals.Signals;
import dev.sallyport.extension.observe.source.Sources;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Watches rules: what is broken is pending, what stays broken for as long as its rule says fires and is told, and
/// what is over is told too. The same trouble is told once, then again every four hours. Any thread that may block.
@OffLoop("the sampler's thread and admin threads")
public final class Alerts implements MetricSource {
    /// Groups of one rule that are watched at once.
    private static final int MOST_GROUPS = 200;

    private static final int MOST_RESOLVED = 200;
    private static final Duration REMEMBER_RESOLVED = Duration.ofHours(6);
    private static final Duration LONGEST_CALM = Duration.ofMinutes(5);

    private final RuleReader reader;
    private final Signals signals;
    private final Sources sources;
    private final Anomalies anomalies;
    private final EventLog events;
    private final Digest digest;
    private final Silences silences = new Silences();
    private final Map<String, Watched> watched = new LinkedHashMap<>();
    private List<AlertRule> rules = List.of();

    /// @param delivery given what is to be told; must not linger
    public Alerts(
            Signals signals, Sources sources, Anomalies anomalies, EventLog events, Consumer<Notification> delivery) {
        this.signals = signals;
        this.sources = sources;
        this.anomalies = anomalies;
        this.events = events;
        this.reader = new RuleReader(signals, sources, anomalies);
        this.digest = new Digest(delivery);
    }

    /// Watches these from now on. What fired by a rule that is gone or changed is over.
    public synchronized void rules(List<AlertRule> next, Instant now) {
        for (Watched one : watched.values()) {
            if (!next.contains(one.rule)) {
                over(one, now);
            }
        }
        watched.values().removeIf(one -> one.is(Alert.State.PENDING) && !next.contains(one.rule));
        rules = List.copyOf(next);
    }

    public synchronized List<AlertRule> rules() {
        return rules;
    }

    /// Compares every rule with what happened until now.
    public synchronized void evaluate(Instant now) {
        sources.collect(now.toEpochMilli());
        anomalies.look(now);
        for (AlertRule rule : rules) {
            evaluate(rule, now);
        }
        silences.forgetBefore(now);
        forget(now);
        digest.tell(watched.values(), silences, now);
    }

    private static String key(AlertRule rule, String group) {
        return rule.name() + "/" + group;
    }

    private void evaluate(AlertRule rule, Instant now) {
        int room = MOST_GROUPS
                - (int) watched.values().stream()
                        .filter(one -> one.rule.equals(rule) && !one.is(Alert.State.RESOLVED))
                        .count();
        Map<String, Reading> readings = new HashMap<>();
        for (Reading reading : reader.read(rule)) {
            readings.put(reading.group(), reading);
            if (!reading.broken()) {
                continue;
            }
            String key = key(rule, reading.group());
            Watched known = watched.get(key);
            if (known == null || known.is(Alert.State.RESOLVED)) {
                if (room-- <= 0) {
                    continue;
                }
                known = new Watched(rule, reading, now);
                watched.remove(key);
                watched.put(key, known);
            }
            known.latest = reading;
            known.brokenAt = now;
            if (known.is(Alert.State.PENDING) && !now.isBefore(known.since.plus(rule.hold()))) {
                fire(known, now);
            }
        }
        for (Watched one : List.copyOf(watched.values())) {
            if (one.rule.equals(rule) && !broken(readings.get(one.group))) {
                calm(one, now);
            }
        }
    }

    private static boolean broken(@Nullable Reading reading) {
        return reading != null && reading.broken();
    }

    private void calm(Watched one, Instant now) {
        if (one.is(Alert.State.PENDING)) {
            watched.remove(key(one.rule, one.group));
        } else if (one.is(Alert.State.FIRING)) {
            Duration hold = one.rule.hold();
            Duration calm = hold.compareTo(LONGEST_CALM) < 0 ? hold : LONGEST_CALM;
            if (now.isAfter(one.brokenAt.plus(calm))) {
                over(one, now);
            }
        }
    }

    private void fire(Watched one, Instant now) {
        one.state = Alert.State.FIRING;
        one.firedAt = now;
        events.event(
                Event.ALERT_FIRING,
                "alert",
                one.rule.name(),
                "severity",
                one.rule.severity().word(),
                "group",
                one.group,
                "text",
                one.latest.text(),
                "request",
                one.latest.request());
    }

    private void over(Watched one, Instant now) {
        if (one.is(Alert.State.FIRING)) {
            one.state = Alert.State.RESOLVED;
            one.resolvedAt = now;
            events.event(
                    Event.ALERT_RESOLVED,
                    "alert",
                    one.rule.name(),
                    "group",
                    one.group,
                    "seconds",
                    Duration.between(one.since, now).toSeconds());
        }
    }

    private void forget(Instant now) {
        int resolved = 0;
        for (Watched one : List.copyOf(watched.values()).reversed()) {
            Instant at = one.resolvedAt;
            if (at != null
                    && (++resolved > MOST_RESOLVED || at.plus(REMEMBER_RESOLVED).isBefore(now))) {
                watched.remove(key(one.rule, one.group));
            }
        }
    }

    /// Tells nobody of alerts of a rule, or of one `RULE/GROUP`, until `until`; they are watched and listed all the
    /// same.
    public synchronized void silence(String name, Instant until) {
        silences.add(name, until);
        events.event(Event.ALERT_SILENCED, "alert", name, "until", until);
    }

    /// Ends a silence; false when there was none.
    public synchronized boolean unsilence(String name) {
        return silences.remove(name);
    }

    /// What is silenced, and until when.
    public synchronized Map<String, Instant> silences() {
        return silences.all();
    }

    /// What is pending, firing or was lately: the gravest first.
    public synchronized List<Alert> all() {
        List<Alert> all = new ArrayList<>();
        for (Watched one : watched.values()) {
            all.add(one.alert(silences.until(one.rule.name(), one.group)));
        }
        all.sort(Comparator.comparingInt((Alert one) -> rank(one.state()))
                .thenComparing((Alert one) -> one.rule().severity(), Comparator.reverseOrder())
                .thenComparing(Alert::since, Comparator.reverseOrder()));
        return all;
    }

    private static int rank(Alert.State state) {
        return switch (state) {
            case FIRING -> 0;
            case PENDING -> 1;
            case RESOLVED -> 2;
        };
    }

    /// For how long there have been signals.
    public Duration remembered() {
        return signals.remembered();
    }

    @Override
    public synchronized void collect(MetricSink sink) {
        Map<String, Map<Alert.State, Long>> counts = new TreeMap<>();
        for (AlertRule rule : rules) {
            counts.put(rule.name(), new EnumMap<>(Alert.State.class));
        }
        for (Watched one : watched.values()) {
            counts.computeIfAbsent(one.rule.name(), _ -> new EnumMap<>(Alert.State.class))
                    .merge(one.state, 1L, Long::sum);
        }
        counts.forEach((name, states) -> {
            for (Alert.State state : List.of(Alert.State.PENDING, Alert.State.FIRING)) {
                sink.value(Metrics.ALERTS, states.getOrDefault(state, 0L), name, state.word());
            }
        });
        sink.value(Metrics.ALERT_SOURCES_OVERFLOWED, sources.overflowed());
    }
}
