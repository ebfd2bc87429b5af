package dev.sallyport.controlplane.config.observe;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.OneOrMore;
import dev.sallyport.api.plugin.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who is told of alerts, and how.
@Doc("Who is told of alerts: one of `webhook`, `slack`, `alertmanager` and `email`.")
public record NotifierConfig(
        @Doc("Posts JSON to this https address.") @Nullable String webhook,

        @Doc("What messages to `webhook` are signed with (HMAC-SHA256), at least 16 characters.") @Nullable
        Secret secret,

        @Doc("The address of an incoming webhook of Slack, or of what understands the same.") @Nullable
        Secret slack,

        @Doc("The address of Prometheus' Alertmanager, without `/api/v2`.") @Nullable
        String alertmanager,

        @Doc("Sends mail.") @Nullable Email email,

        @Doc("The only authorities that are believed, in PEM. Left out: those of the Java runtime.") @Nullable
        Path trust,

        @Doc("Alerts that matter less are not told here.") @Default("info")
        AlertConfig.Severity least) {
    private static final int SHORTEST_SECRET = 16;

    /// Mail by SMTP.
    @Doc("Mail by SMTP.")
    public record Email(
            @Doc("The server, such as `smtp.example.com:587`.")
            @Matches(value = "[A-Za-z0-9.-]{1,253}:[0-9]{1,5}", expected = "host:port")
            String server,

            @Doc("The sender's address.") @Matches(value = Email.ADDRESS, expected = Email.ADDRESS_EXPECTED)
            String from,

            @Doc("Addresses it is sent to.")
            @OneOrMore
            @Matches(value = Email.ADDRESS, expected = Email.ADDRESS_EXPECTED)
            List<String> to,

            @Doc("How the connection is protected. Without TLS only on this machine.") @Default("starttls")
            Tls tls,

            @Doc("Whom the server knows the gateway as.") @Nullable
            String user,

            @Doc("The user's password.") @Nullable Secret password) {
        static final String ADDRESS = "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}";
        static final String ADDRESS_EXPECTED = "an address such as ops@example.com";
        private static final int HIGHEST_PORT = 65_535;

        public Email {
            if (to.isEmpty()) {
                throw new IllegalArgumentException("to: none (expected: at least one address)");
            }
            if ((user == null) != (password == null)) {
                throw new IllegalArgumentException("user: without password, or the other way round (expected: both)");
            }
            int port = Integer.parseInt(server.substring(server.indexOf(':') + 1));
            if (port < 1 || port > HIGHEST_PORT) {
                throw new IllegalArgumentException("server: " + server + " (expected: a port from 1 to 65535)");
            }
            if (tls == Tls.NONE && !loopback(server.substring(0, server.indexOf(':')))) {
                throw new IllegalArgumentException(
                        "tls: none (expected: starttls or implicit, unless on a loopback address)");
            }
        }

        public String host() {
            return server.substring(0, server.indexOf(':'));
        }

        public int port() {
            return Integer.parseInt(server.substring(server.indexOf(':') + 1));
        }
    }

    /// How a connection is protected.
    public enum Tls {
        @Doc("Begins in the clear and must go on with TLS, usually on port 587.")
        STARTTLS,
        @Doc("TLS from the first octet, usually on port 465.")
        IMPLICIT,
        @Doc("None.")
        NONE
    }

    public NotifierConfig {
        if (Stream.of(webhook, slack, alertmanager, email)
                        .filter(Objects::nonNull)
                        .count()
                != 1) {
            throw new IllegalArgumentException("not one way (expected: one of webhook, slack, alertmanager and email)");
        }
        if (secret != null && webhook == null) {
            throw new IllegalArgumentException("secret: without webhook (expected: beside webhook)");
        }
        if (secret != null && secret.reveal().length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "secret: too short (expected: at least " + SHORTEST_SECRET + " characters)");
        }
        check("webhook", webhook);
        check("slack", slack == null ? null : slack.reveal());
        check("alertmanager", alertmanager);
    }

    private static boolean loopback(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }

    /// What stands there may be secret, so it is not repeated.
    private static void check(String key, @Nullable String url) {
        if (url == null) {
            return;
        }
        URI uri = null;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            // said below
        }
        boolean fine = uri != null
                && uri.getHost() != null
                && uri.getUserInfo() == null
                && uri.getFragment() == null
                && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback(uri.getHost())));
        if (!fine) {
            throw new IllegalArgumentException(
                    key + ": not such an address (expected: an https URL; http only on a loopback address)");
        }
    }
}
