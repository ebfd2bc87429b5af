package dev.sallyport.extension.observe.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.plugin.Secret;
import dev.sallyport.testing.FormServer;
import dev.sallyport.testing.TestCertificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whom notifiers believe: nobody who cannot prove the name that is configured.
class NotifierTlsTest {
    private static final TestCertificates OURS = TestCertificates.authority("ours");
    private static final TestCertificates OTHERS = TestCertificates.authority("others");
    private static final Executor THREADS = Thread::startVirtualThread;

    @TempDir
    private Path directory;

    private SSLContext trust() throws IOException {
        Path file = Files.writeString(directory.resolve("ours.pem"), OURS.pem());
        return Objects.requireNonNull(Trust.of(file, Instant.now()));
    }

    private static FormServer server(SSLContext context) {
        return FormServer.answering(context, false, _ -> FormServer.Reply.json("{}"));
    }

    private static Webhook webhook(FormServer server, @Nullable SSLContext trust) {
        return new Webhook(URI.create(server.url("/")), new Secret("of the hook"), trust, InstantSource.system());
    }

    @Test
    void aWebhookOfOnesOwnAuthorityIsTold() throws Exception {
        try (FormServer server = server(OURS.context(OURS.server("127.0.0.1")));
                Webhook webhook = webhook(server, trust())) {
            assertThat(webhook.deliver(Notifications.firing("a"))).isEqualTo("200");
        }
    }

    @Test
    void aWebhookThatNobodyVouchesForGetsNothing() throws Exception {
        try (FormServer server = server(OTHERS.context(OTHERS.server("127.0.0.1")));
                Webhook ours = webhook(server, trust());
                Webhook usual = webhook(server, null)) {
            for (Webhook webhook : List.of(ours, usual)) {
                assertThatThrownBy(() -> webhook.deliver(Notifications.firing("a")))
                        .isInstanceOf(NotDelivered.class);
            }
            assertThat(server.forms()).isEmpty();
        }
    }

    @Test
    void aWebhookOfAnotherNameGetsNothing() throws Exception {
        try (FormServer server = server(OURS.context(OURS.server("hooks.example.com")));
                Webhook webhook = webhook(server, trust())) {
            assertThatThrownBy(() -> webhook.deliver(Notifications.firing("a"))).isInstanceOf(NotDelivered.class);
            assertThat(server.forms()).isEmpty();
        }
    }

    /// What a mail server with such a certificate hears first.
    private String heard(SSLContext context, @Nullable SSLContext trust) throws Exception {
        try (SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> greet(server), THREADS);
            Email.Server asked =
                    new Email.Server("127.0.0.1", server.getLocalPort(), Email.Tls.IMPLICIT, null, null, trust);
            try (Email email = new Email(asked, "gateway@example.com", List.of("ops@example.com"))) {
                assertThatThrownBy(() -> email.deliver(Notifications.firing("a")))
                        .isInstanceOf(NotDelivered.class);
            }
            String first = heard.join();
            server.setSoTimeout(50);
            assertThatThrownBy(server::accept)
                    .as("another try, with other authorities")
                    .isInstanceOf(SocketTimeoutException.class);
            return first;
        }
    }

    private static String greet(SSLServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write("220 mail\r\n".getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void aMailServerOfOnesOwnAuthorityIsSpokenTo() throws Exception {
        assertThat(heard(OURS.context(OURS.server("127.0.0.1")), trust())).startsWith("EHLO");
    }

    @Test
    void aMailServerThatNobodyVouchesForHearsNothing() throws Exception {
        assertThat(heard(OTHERS.context(OTHERS.server("127.0.0.1")), trust())).isEmpty();
        assertThat(heard(OURS.context(OURS.server("127.0.0.1")), null)).isEmpty();
    }

    @Test
    void aMailServerOfAnotherNameHearsNothing() throws Exception {
        assertThat(heard(OURS.context(OURS.server("mail.example.com")), trust()))
                .isEmpty();
    }
}
