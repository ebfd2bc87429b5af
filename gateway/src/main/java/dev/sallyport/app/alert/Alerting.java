package dev.sallyport.app.alert;

import dev.sallyport.controlplane.config.ObserveConfig;
import dev.sallyport.controlplane.config.observe.NotifierConfig;
import dev.sallyport.extension.observe.alert.Alert;
import dev.sallyport.extension.observe.alert.AlertRule;
import dev.sallyport.extension.observe.alert.Alerts;
import dev.sallyport.extension.observe.alert.Notification;
import dev.sallyport.extension.observe.alert.Severity;
import dev.sallyport.extension.observe.anomaly.Anomalies;
import dev.sallyport.extension.observe.anomaly.Finding;
import dev.sallyport.extension.observe.notify.Delivery;
import dev.sallyport.extension.observe.signals.Sampler;
import dev.sallyport.extension.observe.signals.Signals;
import dev.sallyport.extension.observe.source.RequestExamples;
import dev.sallyport.extension.observe.source.SourceCounts;
import dev.sallyport.extension.observe.source.Sources;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/// The alerts of a running gateway and who is told of them.
public final class Alerting implements MetricSource, AutoCloseable {
    private final Alerts alerts;
    private final Anomalies anomalies;
    private final Delivery delivery;
    private final InstantSource clock;
    private List<NotifierConfig> notified = List.of();

    /// What another configuration asks for, not yet in use.
    public final class Prepared {
        private final List<AlertRule> rules;
        private final List<NotifierConfig> configs;
        private final List<Delivery.Wanted> notifiers;
        private final boolean changed;

        private Prepared(
                List<AlertRule> rules, List<NotifierConfig> configs, List<Delivery.Wanted> notifiers, boolean changed) {
            this.rules = rules;
            this.configs = configs;
            this.notifiers = notifiers;
            this.changed = changed;
        }

        /// Goes by it from now on.
        public void use() {
            alerts.rules(rules, clock.instant());
            if (changed) {
                notified = configs;
                delivery.replace(notifiers);
            }
        }

        /// Forgets it.
        public void abandon() {
            Notifiers.close(notifiers);
        }
    }

    /// What event loops take note of besides metrics.
    public record Recorded(SourceCounts sources, RequestExamples examples) {}

    /// @param sampler has rules looked at whenever there is something new
    public Alerting(Signals signals, Recorded recorded, Sampler sampler, InstantSource clock, EventLog log) {
        this.clock = clock;
        this.delivery = new Delivery(log);
        Sources sources = new Sources(recorded.sources());
        this.anomalies = new Anomalies(signals, sources, recorded.examples());
        this.alerts = new Alerts(signals, sources, anomalies, log, delivery);
        sampler.hear(() -> alerts.evaluate(clock.instant()));
    }

    /// What is unlike the past now.
    public List<Finding> findings() {
        return anomalies.findings();
    }

    /// What is pending, firing, or was lately.
    public Alerts alerts() {
        return alerts;
    }

    /// Gets ready what `next` asks for.
    ///
    /// @throws IOException a file cannot be used, and nothing was changed; the message says why
    public Prepared prepare(ObserveConfig next) throws IOException {
        List<NotifierConfig> asked = next.notify_() == null ? List.of() : next.notify_();
        boolean changed = !asked.equals(notified);
        return new Prepared(Rules.of(next), asked, changed ? Notifiers.of(asked, clock) : List.of(), changed);
    }

    /// Tells every notifier of an alert that is none, and waits for what they answer.
    List<Delivery.Tried> test() {
        Instant now = clock.instant();
        AlertRule rule = TestRule.RULE;
        Alert alert = new Alert(rule, "gateway", Alert.State.FIRING, now, now, null, 1, TestRule.TEXT, "", null);
        return delivery.test(new Notification(
                UUID.randomUUID().toString(),
                Notification.Status.FIRING,
                rule.name(),
                Severity.INFO,
                List.of(alert),
                now,
                true));
    }

    @Override
    public void collect(MetricSink sink) {
        alerts.collect(sink);
        delivery.collect(sink);
    }

    @Override
    public void close() {
        delivery.close();
    }
}
