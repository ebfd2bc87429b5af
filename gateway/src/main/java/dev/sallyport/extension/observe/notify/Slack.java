package dev.sallyport.extension.observe.notify;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.observe.alert.Notification;
import java.net.URI;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Posts notifications as a text to an incoming webhook of Slack, or of what understands the same. Whoever knows its
/// address can post there, so that is a secret.
@OffLoop("a virtual thread for each notifier")
public final class Slack implements Notifier {
    private final HttpPost post;

    /// @param trust whom to believe, null for the authorities of the Java runtime
    public Slack(Secret url, @Nullable SSLContext trust) {
        this.post = new HttpPost(URI.create(url.reveal()), trust);
    }

    @Override
    public String name() {
        return "slack " + post.place();
    }

    @Override
    public String deliver(Notification notification) throws NotDelivered {
        byte[] body = new Body()
                .begin(null, '{')
                .put("text", escaped(Plain.text(notification)))
                .end('}')
                .bytes();
        return post.send(body, Map.of());
    }

    /// Slack takes these three for the beginning of links, mentions and entities.
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public void close() {
        post.close();
    }
}
