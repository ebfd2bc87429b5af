package dev.sallyport.app.alert;

import dev.sallyport.controlplane.config.observe.NotifierConfig;
import dev.sallyport.extension.observe.alert.Severity;
import dev.sallyport.extension.observe.notify.Alertmanager;
import dev.sallyport.extension.observe.notify.Delivery;
import dev.sallyport.extension.observe.notify.Email;
import dev.sallyport.extension.observe.notify.Notifier;
import dev.sallyport.extension.observe.notify.Slack;
import dev.sallyport.extension.observe.notify.Trust;
import dev.sallyport.extension.observe.notify.Webhook;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Makes the notifiers that a configuration asks for.
final class Notifiers {
    private Notifiers() {}

    /// @throws IOException a file cannot be used
    static List<Delivery.Wanted> of(List<NotifierConfig> configs, InstantSource clock) throws IOException {
        List<Delivery.Wanted> all = new ArrayList<>();
        try {
            for (NotifierConfig config : configs) {
                SSLContext trust = Trust.of(config.trust(), clock.instant());
                all.add(new Delivery.Wanted(
                        notifier(config, trust, clock),
                        Severity.valueOf(config.least().name())));
            }
            return all;
        } catch (IOException e) {
            close(all);
            throw e;
        }
    }

    static void close(List<Delivery.Wanted> all) {
        all.forEach(wanted -> wanted.notifier().close());
    }

    private static Notifier notifier(NotifierConfig config, @Nullable SSLContext trust, InstantSource clock) {
        if (config.webhook() != null) {
            return new Webhook(URI.create(config.webhook()), config.secret(), trust, clock);
        }
        if (config.slack() != null) {
            return new Slack(config.slack(), trust);
        }
        if (config.alertmanager() != null) {
            return new Alertmanager(URI.create(config.alertmanager()), Host.name(), trust);
        }
        NotifierConfig.Email email = config.email();
        if (email == null) {
            throw new IllegalStateException("a notifier of no kind (expected: refused before)");
        }
        return new Email(
                new Email.Server(
                        email.host(),
                        email.port(),
                        Email.Tls.valueOf(email.tls().name()),
                        email.user(),
                        email.password(),
                        trust),
                email.from(),
                email.to());
    }
}
