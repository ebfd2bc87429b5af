package dev.sallyport.extension.observe.notify;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.observe.alert.Alert;
import dev.sallyport.extension.observe.alert.Notification;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Posts notifications as JSON, signed where there is a secret.
@OffLoop("a virtual thread for each notifier")
public final class Webhook implements Notifier {
    /// The header field with the [Signature].
    static final String SIGNATURE = "Sallyport-Signature";

    private static final String ID = "Sallyport-Notification";
    private static final int MOST_ALERTS = 50;

    private final HttpPost post;
    private final @Nullable Secret secret;
    private final InstantSource clock;

    /// @param trust whom to believe, null for the authorities of the Java runtime
    public Webhook(URI uri, @Nullable Secret secret, @Nullable SSLContext trust, InstantSource clock) {
        this.post = new HttpPost(uri, trust);
        this.secret = secret;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "webhook " + post.place();
    }

    @Override
    public String deliver(Notification notification) throws NotDelivered {
        byte[] body = body(notification);
        Map<String, String> headers = new TreeMap<>();
        headers.put(ID, notification.id());
        if (secret != null) {
            headers.put(SIGNATURE, Signature.of(secret.reveal(), clock.instant().getEpochSecond(), body));
        }
        return post.send(body, headers);
    }

    private static byte[] body(Notification notification) {
        List<Alert> alerts = notification.alerts();
        Body body = new Body()
                .begin(null, '{')
                .put("version", 1)
                .put("id", notification.id())
                .put("test", notification.test())
                .put("status", notification.status().word())
                .put("alert", notification.rule())
                .put("severity", notification.severity().word())
                .put("at", notification.at())
                .put("headline", notification.headline())
                .put("count", alerts.size())
                .begin("alerts", '[');
        for (Alert alert : alerts.subList(0, Math.min(alerts.size(), MOST_ALERTS))) {
            body.begin(null, '{')
                    .put("group", alert.group())
                    .put("state", alert.state().word())
                    .put("since", alert.since())
                    .put("fired-at", alert.firedAt())
                    .put("resolved-at", alert.resolvedAt())
                    .put("times", alert.times())
                    .put("text", alert.text())
                    .put("request", alert.request().isEmpty() ? null : alert.request())
                    .end('}');
        }
        return body.end(']').end('}').bytes();
    }

    @Override
    public void close() {
        post.close();
    }
}
