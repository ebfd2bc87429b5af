package dev.sallyport.extension.observe.alert;

import java.time.Instant;
import java.util.List;

/// What is told at once: alerts of one rule that fire, or are over.
///
/// @param id   different for each
/// @param test whether nothing is the matter and only the way is tried
public record Notification(
        String id, Status status, String rule, Severity severity, List<Alert> alerts, Instant at, boolean test) {
    /// What is told.
    public enum Status {
        FIRING,
        RESOLVED;

        /// As it is written.
        public String word() {
            return this == FIRING ? "firing" : "resolved";
        }
    }

    public Notification {
        alerts = List.copyOf(alerts);
    }

    /// A line for people: `failing (critical) is firing for 2: route orders, route bills`.
    public String headline() {
        StringBuilder text = new StringBuilder();
        if (test) {
            text.append("[test] ");
        }
        text.append(rule).append(" (").append(severity.word()).append(") is ").append(status.word());
        text.append(": ").append(alerts.getFirst().group());
        if (alerts.size() > 1) {
            text.append(" and ").append(alerts.size() - 1).append(" more");
        }
        return text.toString();
    }
}
