package dev.sallyport.extension.observe.notify;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.observe.alert.Notification;
import dev.sallyport.telemetry.Printable;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Sends notifications by SMTP. TLS is never given up for want of it: with [Tls#STARTTLS] a server without it gets no
/// mail.
@OffLoop("a virtual thread for each notifier")
public final class Email implements Notifier {
    private static final String TIMEOUT_MILLIS = "10000";
    private static final Pattern REPLY = Pattern.compile("[0-9]{3}");
    private static final int REPLY_DIGITS = 3;

    private final Server server;
    private final String from;
    private final List<String> to;
    private final Session session;

    /// How the connection is protected.
    public enum Tls {
        /// Begins in the clear and must go on with TLS.
        STARTTLS,
        /// TLS from the first octet.
        IMPLICIT,
        /// None; for a server on this machine only.
        NONE
    }

    /// Who takes the mail.
    ///
    /// @param user  null for a server that wants none
    /// @param trust whom to believe, null for the authorities of the Java runtime
    public record Server(
            String host,
            int port,
            Tls tls,
            @Nullable String user,
            @Nullable Secret password,
            @Nullable SSLContext trust) {}

    public Email(Server server, String from, List<String> to) {
        this.server = server;
        this.from = from;
        this.to = List.copyOf(to);
        this.session = Session.getInstance(properties(server));
    }

    private static Properties properties(Server server) {
        String protocol = "mail." + protocol(server) + ".";
        Properties properties = new Properties();
        properties.put(protocol + "host", server.host());
        properties.put(protocol + "port", Integer.toString(server.port()));
        properties.put(protocol + "auth", Boolean.toString(server.user() != null));
        properties.put(protocol + "connectiontimeout", TIMEOUT_MILLIS);
        properties.put(protocol + "timeout", TIMEOUT_MILLIS);
        properties.put(protocol + "writetimeout", TIMEOUT_MILLIS);
        properties.put(protocol + "ssl.checkserveridentity", "true");
        // else what `trust` does not vouch for is tried again with the authorities of the Java runtime
        properties.put(protocol + "socketFactory.fallback", "false");
        if (server.tls() == Tls.STARTTLS) {
            properties.put(protocol + "starttls.enable", "true");
            properties.put(protocol + "starttls.required", "true");
        }
        if (server.trust() != null) {
            properties.put(protocol + "ssl.socketFactory", server.trust().getSocketFactory());
        }
        return properties;
    }

    private static String protocol(Server server) {
        return server.tls() == Tls.IMPLICIT ? "smtps" : "smtp";
    }

    @Override
    public String name() {
        return "email " + server.host() + ":" + server.port();
    }

    @Override
    public String deliver(Notification notification) throws NotDelivered {
        try {
            MimeMessage message = message(notification);
            try (Transport transport = session.getTransport(protocol(server))) {
                transport.connect(
                        server.host(),
                        server.port(),
                        server.user(),
                        server.password() == null ? null : server.password().reveal());
                transport.sendMessage(message, message.getAllRecipients());
            }
            return "accepted for " + to.size() + (to.size() == 1 ? " recipient" : " recipients");
        } catch (SendFailedException e) {
            throw new NotDelivered(why(e), true);
        } catch (MessagingException e) {
            throw new NotDelivered(why(e), false);
        }
    }

    private MimeMessage message(Notification notification) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(from, true));
        for (String one : to) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(one, true));
        }
        String utf8 = StandardCharsets.UTF_8.name();
        message.setSubject("[sallyport] " + Printable.of(notification.headline()), utf8);
        message.setText(Plain.text(notification), utf8);
        message.setSentDate(Date.from(notification.at()));
        message.setHeader("Auto-Submitted", "auto-generated");
        return message;
    }

    /// What went wrong, without what the gateway said itself.
    private String why(MessagingException e) {
        String name = e.getClass().getSimpleName();
        String words = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (e instanceof AuthenticationFailedException && REPLY.matcher(words).lookingAt()) {
            // a server may repeat credentials in any coding
            return name + ": answered " + words.substring(0, REPLY_DIGITS);
        }
        Secret password = server.password();
        String text = name + ": " + words;
        return Printable.of(password == null ? text : text.replace(password.reveal(), "…"));
    }
}
