package dev.sallyport.dataplane.tls;

import static dev.sallyport.dataplane.tls.TestTls.client;
import static dev.sallyport.dataplane.tls.TestTls.engine;
import static dev.sallyport.dataplane.tls.TestTls.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sallyport.dataplane.tls.ClientCertificates.Mode;
import dev.sallyport.dataplane.tls.HandshakeCounts.HandshakeOutcome;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Threats TL-06 and TL-07: what of a session may be used again.
class ResumptionTest {
    private static final TestCertificates CA = TestCertificates.authority("ca");
    private static final Issued API = CA.server("api.example.com");

    /// Connects and tells when the session in use was first agreed upon.
    private static long sessionBegan(SSLContext client, EchoServer server, String version) throws Exception {
        SSLEngine engine = engine(client, "api.example.com");
        engine.setEnabledProtocols(new String[] {version});
        try (TlsPeer peer = TlsPeer.connect(engine, server.port())) {
            assertThat(peer.line()).startsWith(version);
            long began = engine.getSession().getCreationTime();
            Eventually.until("the clock ticks", () -> System.currentTimeMillis() > began);
            return began;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void resumesSessionsByTicket(String version) throws Exception {
        SSLContext client = client(CA.certificate(), null);
        try (EchoServer server = new EchoServer(new ListenerTls("public", settings(API), TlsEngine.installed()))) {
            long first = sessionBegan(client, server, version);
            assertThat(sessionBegan(client, server, version)).isEqualTo(first);
        }
    }

    @Test
    void resumesSessionsAfterCertificatesWereReplaced() throws Exception {
        SSLContext client = client(CA.certificate(), null);
        ListenerTls tls = new ListenerTls("public", settings(API), TlsEngine.installed());
        try (EchoServer server = new EchoServer(tls)) {
            long first = sessionBegan(client, server, "TLSv1.3");
            tls.replace(settings(CA.server("api.example.com")));
            assertThat(sessionBegan(client, server, "TLSv1.3")).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void TL_07_ticketsOfOneListenerAreWorthNothingAtAnother(String version) throws Exception {
        SSLContext client = client(CA.certificate(), null);
        try (EchoServer one = new EchoServer(new ListenerTls("one", settings(API), TlsEngine.installed()));
                EchoServer other = new EchoServer(new ListenerTls("other", settings(API), TlsEngine.installed()))) {
            long first = sessionBegan(client, one, version);
            assertThat(sessionBegan(client, other, version)).isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void TL_07_ticketOfAListenerWithoutClientCertificatesDoesNotOpenOneWithThem(String version) throws Exception {
        SSLContext client = client(CA.certificate(), null);
        ListenerTls guarded = new ListenerTls(
                "guarded",
                settings(new ClientCertificates(Mode.REQUIRED, List.of(CA.certificate())), API),
                TlsEngine.installed());
        try (EchoServer open = new EchoServer(new ListenerTls("open", settings(API), TlsEngine.installed()));
                EchoServer closed = new EchoServer(guarded)) {
            sessionBegan(client, open, version);
            assertThatThrownBy(() -> sessionBegan(client, closed, version)).isInstanceOf(IOException.class);
            assertThat(guarded.counts().count(HandshakeOutcome.COMPLETED)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void TL_07_nothingIsResumedWhereClientsPresentCertificates(String version) throws Exception {
        SSLContext client = client(CA.certificate(), CA.client("urn:c"));
        ListenerTls guarded = new ListenerTls(
                "guarded",
                settings(new ClientCertificates(Mode.OPTIONAL, List.of(CA.certificate())), API),
                TlsEngine.installed());
        try (EchoServer server = new EchoServer(guarded)) {
            long first = sessionBegan(client, server, version);
            assertThat(sessionBegan(client, server, version)).isNotEqualTo(first);
        }
    }

    @Test
    void TL_07_keysRotateAndThreeAreKept() throws Exception {
        SSLContext client = client(CA.certificate(), null);
        long now = System.nanoTime();
        TicketKeys keys = new TicketKeys(now);
        ServerContext context = new ServerContext(settings(API), TlsEngine.installed(), keys);
        try (EchoServer server = new EchoServer(allocator -> Objects.requireNonNull(context.newHandler(allocator)))) {
            long first = sessionBegan(client, server, "TLSv1.2");
            now = TestTls.rotate(keys, context, now);
            assertThat(keys.count()).isEqualTo(2);
            assertThat(sessionBegan(client, server, "TLSv1.2")).isEqualTo(first);
            for (int i = 0; i < 3; i++) {
                now = TestTls.rotate(keys, context, now);
            }
            assertThat(keys.count()).isEqualTo(3);
            assertThat(sessionBegan(client, server, "TLSv1.2")).isNotEqualTo(first);
        } finally {
            context.release();
        }
    }

    @Test
    void TL_06_endsAConnectionThatDoesNothingButChangeItsKeys() throws Exception {
        assumeThat(TlsEngine.installed()).isEqualTo(TlsEngine.BORINGSSL);
        SSLEngine engine = engine(client(CA.certificate(), null), "api.example.com");
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        try (EchoServer server = new EchoServer(new ListenerTls("public", settings(API), TlsEngine.installed()));
                TlsPeer peer = TlsPeer.connect(engine, server.port())) {
            assertThat(peer.line()).startsWith("TLSv1.3");
            peer.handshake();
            assertThat(peer.send("with new keys").line()).isEqualTo("with new keys");
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            peer.handshake();
                        }
                        peer.send("after all").line();
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void TL_06_refusesRenegotiation() throws Exception {
        SSLEngine engine = engine(client(CA.certificate(), null), "api.example.com");
        engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        try (EchoServer server = new EchoServer(new ListenerTls("public", settings(API), TlsEngine.installed()));
                TlsPeer peer = TlsPeer.connect(engine, server.port())) {
            assertThat(peer.line()).startsWith("TLSv1.2");
            assertThatThrownBy(peer::handshake).isInstanceOf(IOException.class);
        }
    }
}
