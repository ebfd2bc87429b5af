package dev.sallyport.dataplane.tls;

import static dev.sallyport.dataplane.tls.TestTls.client;
import static dev.sallyport.dataplane.tls.TestTls.engine;
import static dev.sallyport.dataplane.tls.TestTls.settings;
import static dev.sallyport.dataplane.tls.TestTls.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.dataplane.tls.HandshakeCounts.HandshakeOutcome;
import dev.sallyport.telemetry.Metrics;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A listener's TLS over real sockets, with both engines.
class ListenerTlsTest {
    private static final TestCertificates CA = TestCertificates.authority("ca");
    private static final Issued API = CA.server("api.example.com");
    private static final Issued WILD = CA.server("*.example.com");
    private static final Issued LOCAL = CA.server("localhost", "127.0.0.1");

    @ParameterizedTest
    @EnumSource
    void choosesTheCertificateByServerName(TlsEngine engine) throws Exception {
        ListenerTls tls = new ListenerTls("public", settings(API, WILD, LOCAL), engine);
        SSLContext client = client(CA.certificate(), null);
        try (EchoServer server = new EchoServer(tls)) {
            assertThat(shownFor(client, server, "api.example.com")).isEqualTo("api.example.com");
            assertThat(shownFor(client, server, "API.Example.COM")).isEqualTo("api.example.com");
            assertThat(shownFor(client, server, "other.example.com")).isEqualTo("*.example.com");
            assertThat(shownFor(client, server, "localhost")).isEqualTo("localhost");
        }
    }

    private static String shownFor(SSLContext client, EchoServer server, String name) throws Exception {
        try (TlsPeer peer = TlsPeer.connect(engine(client, name), server.port())) {
            assertThat(peer.line()).isEqualToIgnoringCase("TLSv1.3 " + name + " null");
            return shown(peer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientThatGivesNoNameGetsTheCertificateForAnAddress(TlsEngine engine) throws Exception {
        ListenerTls tls = new ListenerTls("public", settings(API, LOCAL), engine);
        try (EchoServer server = new EchoServer(tls);
                TlsPeer peer = TlsPeer.connect(engine(client(CA.certificate(), null), null), server.port())) {
            assertThat(peer.line()).isEqualTo("TLSv1.3 null null");
            assertThat(shown(peer)).isEqualTo("localhost");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesUnknownAndMissingNames(TlsEngine engine) throws Exception {
        ListenerTls tls = new ListenerTls("public", settings(API), engine);
        SSLContext client = client(CA.certificate(), null);
        try (EchoServer server = new EchoServer(tls)) {
            assertThatThrownBy(() -> TlsPeer.connect(engine(client, "elsewhere.org"), server.port()))
                    .hasMessageContaining("unrecognized_name");
            assertThatThrownBy(() -> TlsPeer.connect(engine(client, "deep.api.example.com"), server.port()))
                    .hasMessageContaining("unrecognized_name");
            assertThatThrownBy(() -> TlsPeer.connect(engine(client, null), server.port()))
                    .hasMessageContaining("unrecognized_name");
        }
        assertThat(tls.counts().count(HandshakeOutcome.UNKNOWN_NAME)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void givesTheFirstCertificateToUnknownNamesWhereToldSo(TlsEngine engine) throws Exception {
        ServerTlsSettings strict = settings(API, WILD);
        ListenerTls tls = new ListenerTls(
                "public",
                new ServerTlsSettings(
                        strict.certificates(),
                        ServerTlsSettings.UnknownName.FIRST_CERTIFICATE,
                        strict.minVersion(),
                        strict.protocols(),
                        strict.clientCertificates()),
                engine);
        try (EchoServer server = new EchoServer(tls)) {
            assertThat(shownFor(client(CA.certificate(), null), server, "elsewhere.org"))
                    .isEqualTo("api.example.com");
        }
    }

    @ParameterizedTest
    @EnumSource
    void TL_01_findsTheNameInRecordsOfOneOctet(TlsEngine engine) throws Exception {
        TL_01_findsTheName(engine, TlsPeer::oneOctetRecords);
    }

    @ParameterizedTest
    @EnumSource
    void TL_01_findsTheNameInWritesOfOneOctet(TlsEngine engine) throws Exception {
        TL_01_findsTheName(engine, TlsPeer::oneOctetWrites);
    }

    private static void TL_01_findsTheName(TlsEngine engine, Function<byte[], List<byte[]>> cut) throws Exception {
        // the first certificate is what a lost name would get, were unknown names not refused
        ListenerTls tls = new ListenerTls("public", settings(LOCAL, API), engine);
        SSLContext client = client(CA.certificate(), null);
        try (EchoServer server = new EchoServer(tls)) {
            try (TlsPeer peer = TlsPeer.connect(engine(client, "api.example.com"), server.port(), cut)) {
                assertThat(peer.line()).isEqualTo("TLSv1.3 api.example.com null");
                assertThat(shown(peer)).isEqualTo("api.example.com");
            }
            assertThatThrownBy(() -> TlsPeer.connect(engine(client, "elsewhere.org"), server.port(), cut))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void agreesOnAProtocol(TlsEngine engine) throws Exception {
        ListenerTls tls = new ListenerTls("public", settings(API), engine);
        SSLContext client = client(CA.certificate(), null);
        try (EchoServer server = new EchoServer(tls)) {
            assertThat(greeting(client, server, "http/1.1", "h2")).isEqualTo("TLSv1.3 api.example.com h2");
            assertThat(greeting(client, server, "http/1.0", "http/1.1")).isEqualTo("TLSv1.3 api.example.com http/1.1");
            assertThat(greeting(client, server)).isEqualTo("TLSv1.3 api.example.com null");
        }
    }

    private static String greeting(SSLContext client, EchoServer server, String... protocols) throws Exception {
        try (TlsPeer peer = TlsPeer.connect(engine(client, "api.example.com", protocols), server.port())) {
            return peer.line();
        }
    }

    @ParameterizedTest
    @EnumSource
    void TL_08_refusesProtocolsThatAreNotServed(TlsEngine engine) throws Exception {
        ListenerTls tls = new ListenerTls("public", settings(API), engine);
        SSLContext client = client(CA.certificate(), null);
        try (EchoServer server = new EchoServer(tls)) {
            assertThatThrownBy(() -> greeting(client, server, "http/1.0"))
                    .hasMessageContaining("no_application_protocol");
            assertThatThrownBy(() -> greeting(client, server, "H2", "spdy/3"))
                    .hasMessageContaining("no_application_protocol");
        }
        assertThat(tls.counts().count(HandshakeOutcome.NO_COMMON_PROTOCOL)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void speaksTls12WithForwardSecrecyAndAead(TlsEngine engine) throws Exception {
        ListenerTls tls = new ListenerTls("public", settings(API), engine);
        try (EchoServer server = new EchoServer(tls)) {
            SSLEngine old = engine(client(CA.certificate(), null), "api.example.com");
            old.setEnabledProtocols(new String[] {"TLSv1.2"});
            try (TlsPeer peer = TlsPeer.connect(old, server.port())) {
                assertThat(peer.line()).isEqualTo("TLSv1.2 api.example.com null");
                assertThat(peer.send("hello").line()).isEqualTo("hello");
                assertThat(old.getSession().getCipherSuite()).startsWith("TLS_ECDHE_ECDSA_WITH_AES_");
            }
        }
        assertThat(tls.counts().count(HandshakeOutcome.COMPLETED)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void refusesTls12WhereTls13IsTheLeast(TlsEngine engine) throws Exception {
        ServerTlsSettings both = settings(API);
        ListenerTls tls = new ListenerTls(
                "public",
                new ServerTlsSettings(
                        both.certificates(),
                        both.unknownName(),
                        TlsVersion.TLS_1_3,
                        both.protocols(),
                        both.clientCertificates()),
                engine);
        try (EchoServer server = new EchoServer(tls)) {
            SSLEngine old = engine(client(CA.certificate(), null), "api.example.com");
            old.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThatThrownBy(() -> TlsPeer.connect(old, server.port())).hasMessageContaining("protocol_version");
        }
    }

    @ParameterizedTest
    @EnumSource
    void servesEcAndRsaCertificatesOfOneName(TlsEngine engine) throws Exception {
        Issued rsa =
                CA.issue(wanted -> wanted.names("api.example.com").forServers().rsa(2048));
        ListenerTls tls = new ListenerTls("public", settings(API, rsa), engine);
        try (EchoServer server = new EchoServer(tls)) {
            SSLEngine modern = engine(client(CA.certificate(), null), "api.example.com");
            try (TlsPeer peer = TlsPeer.connect(modern, server.port())) {
                assertThat(peer.engine()
                                .getSession()
                                .getPeerCertificates()[0]
                                .getPublicKey()
                                .getAlgorithm())
                        .isEqualTo("EC");
            }
            SSLEngine rsaOnly = engine(client(rsa.certificate(), null), "api.example.com");
            var parameters = rsaOnly.getSSLParameters();
            parameters.setSignatureSchemes(new String[] {"rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"});
            rsaOnly.setSSLParameters(parameters);
            assertThat(servedKey(rsaOnly, server)).isEqualTo("RSA");
        }
    }

    private static String servedKey(SSLEngine client, EchoServer server) throws Exception {
        try (TlsPeer peer = TlsPeer.connect(client, server.port())) {
            return peer.engine()
                    .getSession()
                    .getPeerCertificates()[0]
                    .getPublicKey()
                    .getAlgorithm();
        }
    }

    @ParameterizedTest
    @EnumSource
    void TL_11_replacesCertificatesDuringHandshakes(TlsEngine engine) throws Exception {
        ListenerTls tls = new ListenerTls("public", settings(API), engine);
        SSLContext client = client(CA.certificate(), null);
        AtomicBoolean stop = new AtomicBoolean();
        try (EchoServer server = new EchoServer(tls);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                TlsPeer open = TlsPeer.connect(engine(client, "api.example.com"), server.port())) {
            assertThat(open.line()).startsWith("TLSv1.3");
            Future<Integer> loop = clients.submit(() -> {
                int handshakes = 0;
                while (!stop.get()) {
                    try (TlsPeer peer = TlsPeer.connect(engine(client, "api.example.com"), server.port())) {
                        assertThat(peer.line()).startsWith("TLSv1.3");
                        handshakes++;
                    }
                }
                return handshakes;
            });
            Issued renewed = CA.server("api.example.com");
            for (int i = 0; i < 20; i++) {
                tls.replace(i % 2 == 0 ? settings(renewed) : settings(API));
            }
            long before = tls.counts().count(HandshakeOutcome.COMPLETED);
            Eventually.until(
                    "handshakes go on",
                    () -> tls.counts().count(HandshakeOutcome.COMPLETED) > before + 2 || loop.isDone());
            stop.set(true);
            assertThat(loop.get()).isPositive();
            assertThat(open.send("still here").line()).isEqualTo("still here");

            tls.replace(settings(CA.server("new.example.com")));
            assertThat(shownFor(client, server, "new.example.com")).isEqualTo("new.example.com");
            assertThatThrownBy(() -> shownFor(client, server, "api.example.com"))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void statesHandshakesAndExpiry(TlsEngine engine) throws Exception {
        ListenerTls tls = new ListenerTls("public", settings(API), engine);
        try (EchoServer server = new EchoServer(tls)) {
            shownFor(client(CA.certificate(), null), server, "api.example.com");
        }
        StringBuilder stated = new StringBuilder();
        tls.collect((metric, value, labels) -> {
            if (value > 0) {
                stated.append(metric.name())
                        .append(List.of(labels))
                        .append((long) value)
                        .append('\n');
            }
        });
        long expiry = API.certificate().getNotAfter().toInstant().getEpochSecond();
        assertThat(stated)
                .hasToString(Metrics.TLS_HANDSHAKES.name() + "[public, completed, TLSv1.3]1\n"
                        + Metrics.TLS_CERTIFICATE_EXPIRY.name() + "[public, test]" + expiry + "\n");
    }
}
