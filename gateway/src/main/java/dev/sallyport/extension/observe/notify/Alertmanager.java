package dev.sallyport.extension.observe.notify;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.alert.Alert;
import dev.sallyport.extension.observe.alert.Notification;
import dev.sallyport.telemetry.Printable;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Hands alerts to Prometheus' Alertmanager by its API, version 2.
@OffLoop("a virtual thread for each notifier")
public final class Alertmanager implements Notifier {
    /// Longer than it takes until a firing alert is told again.
    private static final Duration HOLDS = Duration.ofHours(5);

    private final HttpPost post;
    private final String instance;

    /// @param base     without `/api/v2/alerts`
    /// @param instance label of the same name: which gateway it is
    /// @param trust    whom to believe, null for the authorities of the Java runtime
    public Alertmanager(URI base, String instance, @Nullable SSLContext trust) {
        String text = base.toString();
        this.post = new HttpPost(
                URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + "/api/v2/alerts"),
                trust);
        this.instance = instance;
    }

    @Override
    public String name() {
        return "alertmanager " + post.place();
    }

    @Override
    public String deliver(Notification notification) throws NotDelivered {
        Body body = new Body().begin(null, '[');
        for (Alert alert : notification.alerts()) {
            body.begin(null, '{')
                    .begin("labels", '{')
                    .put("alertname", notification.rule())
                    .put("severity", notification.severity().word())
                    .put("group", Printable.of(alert.group()))
                    .put("instance", instance)
                    .put("job", "sallyport")
                    .end('}')
                    .begin("annotations", '{')
                    .put("summary", Printable.of(alert.sentence()))
                    .put("request", alert.request().isEmpty() ? null : alert.request())
                    .end('}')
                    .put("startsAt", alert.since())
                    .put(
                            "endsAt",
                            alert.resolvedAt() == null ? notification.at().plus(HOLDS) : alert.resolvedAt())
                    .end('}');
        }
        return post.send(body.end(']').bytes(), Map.of());
    }

    @Override
    public void close() {
        post.close();
    }
}
