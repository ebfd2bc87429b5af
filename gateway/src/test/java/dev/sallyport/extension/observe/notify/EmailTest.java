package dev.sallyport.extension.observe.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.observe.notify.Email.Tls;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmailTest {
    private static final String PASSWORD = "s3cret-of-mail";

    private @Nullable GreenMail server;

    private GreenMail serve(String protocol) {
        GreenMail started = new GreenMail(new ServerSetup(0, "127.0.0.1", protocol).dynamicPort());
        started.setUser("gateway@example.com", "gateway", PASSWORD);
        started.start();
        server = started;
        return started;
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.stop();
        }
    }

    private static Email email(int port, Tls tls, @Nullable String user, @Nullable String password) {
        return new Email(
                new Email.Server("127.0.0.1", port, tls, user, password == null ? null : new Secret(password), null),
                "gateway@example.com",
                List.of("ops@example.com", "second@example.com"));
    }

    @Test
    void mailArrives() throws Exception {
        GreenMail mail = serve("smtp");
        try (Email email = email(mail.getSmtp().getPort(), Tls.NONE, "gateway", PASSWORD)) {
            assertThat(email.deliver(Notifications.firing("203.0.113.0/24"))).isEqualTo("accepted for 2 recipients");
            assertThat(email.name()).startsWith("email 127.0.0.1:");
        }
        assertThat(mail.waitForIncomingEmail(5_000, 2)).isTrue();
        MimeMessage message = mail.getReceivedMessages()[0];
        assertThat(message.getSubject()).isEqualTo("[sallyport] brute-force (warning) is firing: 203.0.113.0/24");
        assertThat(message.getContent().toString())
                .contains("203.0.113.0/24: 25 failed authentications")
                .contains("request 0123456789abcdef");
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    }

    @Test
    void namesThatCallersChoseAddNoHeaders() throws Exception {
        GreenMail mail = serve("smtp");
        try (Email email = email(mail.getSmtp().getPort(), Tls.NONE, null, null)) {
            email.deliver(Notifications.firing("anna\r\nBcc: evil@example.com"));
        }
        assertThat(mail.waitForIncomingEmail(5_000, 2)).isTrue();
        assertThat(mail.getReceivedMessages()).hasSize(2);
        assertThat(mail.getReceivedMessages()[0].getHeader("Bcc")).isNull();
    }

    @Test
    void aServerWithoutTlsGetsNoMail() {
        GreenMail mail = serve("smtp");
        try (Email email = email(mail.getSmtp().getPort(), Tls.STARTTLS, "gateway", PASSWORD)) {
            assertThatThrownBy(() -> email.deliver(Notifications.firing("a")))
                    .isInstanceOf(NotDelivered.class)
                    .message()
                    .containsIgnoringCase("starttls")
                    .doesNotContain(PASSWORD);
        }
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void aCertificateThatNobodyVouchesForGetsNoMail() {
        GreenMail mail = serve("smtps");
        try (Email email = email(mail.getSmtps().getPort(), Tls.IMPLICIT, null, null)) {
            assertThatThrownBy(() -> email.deliver(Notifications.firing("a"))).isInstanceOf(NotDelivered.class);
        }
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void LG_02_aWrongPasswordIsNotRepeated() {
        GreenMail mail = serve("smtp");
        try (Email email = email(mail.getSmtp().getPort(), Tls.NONE, "gateway", "wrong-" + PASSWORD)) {
            assertThatThrownBy(() -> email.deliver(Notifications.firing("a")))
                    .isInstanceOf(NotDelivered.class)
                    .message()
                    .doesNotContain(PASSWORD);
        }
    }

    /// Greets, offers one way to log in, and refuses with what it was sent, decoded and as it was.
    private static void repeat(ServerSocket server) {
        try (Socket socket = server.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            OutputStream out = socket.getOutputStream();
            out.write("220 mail\r\n".getBytes(StandardCharsets.US_ASCII));
            String line;
            while ((line = in.readLine()) != null) {
                String answer = line.startsWith("AUTH PLAIN ")
                        ? "535 not " + line.substring(11) + " or " + PASSWORD
                        : line.startsWith("EHLO") ? "250-mail\r\n250 AUTH PLAIN" : "250 fine";
                out.write((answer + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException _) {
            // the client is gone
        }
    }

    @Test
    void LG_02_aPasswordThatTheServerRepeatsIsTakenOut() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Email email = email(server.getLocalPort(), Tls.NONE, "gateway", PASSWORD)) {
            Thread.startVirtualThread(() -> repeat(server));
            assertThatThrownBy(() -> email.deliver(Notifications.firing("a")))
                    .isInstanceOf(NotDelivered.class)
                    .hasMessage("AuthenticationFailedException: answered 535");
        }
    }

    @Test
    void nobodyThereIsTold() {
        GreenMail mail = serve("smtp");
        int port = mail.getSmtp().getPort();
        mail.stop();
        try (Email email = email(port, Tls.NONE, null, null)) {
            assertThatThrownBy(() -> email.deliver(Notifications.firing("a"))).isInstanceOf(NotDelivered.class);
        }
    }
}
