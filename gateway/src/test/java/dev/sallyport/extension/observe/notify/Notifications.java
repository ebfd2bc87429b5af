package dev.sallyport.extension.observe.notify;

import dev.sallyport.extension.observe.alert.Alert;
import dev.sallyport.extension.observe.alert.AlertRule;
import dev.sallyport.extension.observe.alert.AlertSignal;
import dev.sallyport.extension.observe.alert.Grouping;
import dev.sallyport.extension.observe.alert.Notification;
import dev.sallyport.extension.observe.alert.Severity;
import dev.sallyport.extension.observe.alert.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Notifications for tests.
final class Notifications {
    static final Instant AT = Instant.parse("2026-11-25T04:00:00.250Z");

    private Notifications() {}

    static Notification firing(String... groups) {
        AlertRule rule = new AlertRule(
                "brute-force",
                AlertSignal.FAILED_AUTHENTICATION,
                0,
                new Threshold.Rate(20, Duration.ofMinutes(1)),
                Duration.ofMinutes(1),
                Duration.ZERO,
                Grouping.CLIENT_NETWORK,
                Severity.WARNING,
                0,
                Duration.ZERO,
                false);
        List<Alert> alerts = new ArrayList<>();
        for (String group : groups) {
            alerts.add(new Alert(
                    rule,
                    group,
                    Alert.State.FIRING,
                    AT,
                    AT.plusSeconds(2),
                    null,
                    1.25,
                    "25 failed authentications <in> the last 1 min",
                    "0123456789abcdef",
                    null));
        }
        return new Notification("id-1", Notification.Status.FIRING, "brute-force", Severity.WARNING, alerts, AT, false);
    }
}
