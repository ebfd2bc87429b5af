package dev.sallyport.extension.observe.notify;

import dev.sallyport.extension.observe.alert.Alert;
import dev.sallyport.extension.observe.alert.Notification;
import dev.sallyport.telemetry.Printable;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Notifications as text for people.
final class Plain {
    private static final int MOST_ALERTS = 10;

    private Plain() {}

    static String text(Notification notification) {
        StringBuilder text = new StringBuilder(Printable.of(notification.headline())).append('\n');
        List<Alert> alerts = notification.alerts();
        for (Alert alert : alerts.subList(0, Math.min(alerts.size(), MOST_ALERTS))) {
            text.append("• ")
                    .append(Printable.of(alert.sentence()))
                    .append("; since ")
                    .append(alert.since().truncatedTo(ChronoUnit.SECONDS));
            if (!alert.request().isEmpty()) {
                text.append("; for example request ").append(alert.request());
            }
            text.append('\n');
        }
        if (alerts.size() > MOST_ALERTS) {
            text.append("and ").append(alerts.size() - MOST_ALERTS).append(" more\n");
        }
        return text.toString();
    }
}
