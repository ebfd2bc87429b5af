package dev.sallyport.dataplane.tls;

import static dev.sallyport.dataplane.tls.TestTls.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.dataplane.tls.HandshakeCounts.HandshakeOutcome;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients meet that do not mean to shake hands.
class HandshakeLimitsTest {
    private static final TestCertificates CA = TestCertificates.authority("ca");
    private static final int DECODE_ERROR = 50;
    private static final int UNRECOGNIZED_NAME = 112;
    private static final int NO_APPLICATION_PROTOCOL = 120;

    private final ListenerTls tls = tls(TimeUnit.SECONDS.toNanos(10));
    private EchoServer server = new EchoServer(tls);

    private static ListenerTls tls(long handshakeNanos) {
        try {
            return new ListenerTls(
                    "public", settings(CA.server("api.example.com")), TlsEngine.installed(), handshakeNanos);
        } catch (TlsException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void usesTheNativeEngine() {
        assertThat(TlsEngine.installed()).isEqualTo(TlsEngine.BORINGSSL);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static HelloBytes hello() {
        return new HelloBytes().serverName("api.example.com").usual();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String answer(byte[] sent) throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            return client.send(text(sent)).rest();
        }
    }

    private static String alert(int description) {
        return text(new byte[] {21, 3, 3, 0, 2, 2, (byte) description});
    }

    @Test
    void answersAUsualClientHello() throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.send(text(hello().record())).read(3)).isEqualTo(text(new byte[] {22, 3, 3}));
        }
    }

    @Test
    void takesNamesWithATrailingDot() throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            byte[] record =
                    new HelloBytes().serverName("api.example.com.").usual().record();
            assertThat(client.send(text(record)).read(3)).isEqualTo(text(new byte[] {22, 3, 3}));
        }
    }

    @Test
    void TL_01_refusesAClientHelloWithTwoNameExtensions() throws IOException {
        byte[] twice = new HelloBytes()
                .serverName("api.example.com")
                .serverName("other.example.com")
                .usual()
                .record();
        assertThat(answer(twice)).isEqualTo(alert(DECODE_ERROR));
    }

    @Test
    void TL_01_refusesANameExtensionThatLiesAboutItsLength() throws IOException {
        byte[] lying = new HelloBytes()
                .extension(0, new byte[] {0, 9, 0, 0, 3, 'a', 'p', 'i'})
                .usual()
                .record();
        assertThat(answer(lying)).isEqualTo(alert(DECODE_ERROR));
    }

    @Test
    void TL_01_refusesANameWithControlCharacters() throws IOException {
        byte[] nul =
                new HelloBytes().serverName("api.example.com\0.evil").usual().record();
        assertThat(answer(nul)).isEqualTo(alert(UNRECOGNIZED_NAME));
    }

    @Test
    void TL_02_refusesAnAnnouncedLengthOf16MiB() throws IOException {
        assertThat(answer(new byte[] {22, 3, 1, 0, 4, 1, -1, -1, -1})).isEqualTo(alert(DECODE_ERROR));
    }

    @Test
    void TL_02_refusesAnEndlessClientHello() throws IOException {
        byte[] start = {1, 0, -1, -1};
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(text(HelloBytes.record(start)));
            String piece = text(HelloBytes.record(new byte[400]));
            for (int i = 0; i < ClientHelloReader.MAX_OCTETS / 400 + 1; i++) {
                client.send(piece);
            }
            assertThat(client.rest()).isIn(alert(DECODE_ERROR), "");
        }
        assertThat(tls.counts().count(HandshakeOutcome.TOO_LONG) + tls.counts().count(HandshakeOutcome.MALFORMED))
                .isEqualTo(1);
    }

    @Test
    void TL_02_refusesEmptyRecords() throws IOException {
        assertThat(answer(new byte[] {22, 3, 1, 0, 0})).isEqualTo(alert(DECODE_ERROR));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 60})
    void TL_02_closesAHandshakeThatNeverFinishes(int sent) throws IOException {
        server.close();
        ListenerTls hasty = tls(TimeUnit.MILLISECONDS.toNanos(200));
        server = new EchoServer(hasty);
        try (RawClient client = RawClient.connect(server.port())) {
            client.send(text(hello().record()).substring(0, sent));
            assertThat(client.end()).isEqualTo(RawClient.End.CLOSED);
        }
        assertThat(hasty.counts().count(HandshakeOutcome.TIMEOUT)).isEqualTo(1);
    }

    @Test
    void TL_02_closesAHandshakeThatStopsAfterTheClientHello() throws IOException {
        server.close();
        ListenerTls hasty = tls(TimeUnit.MILLISECONDS.toNanos(200));
        server = new EchoServer(hasty);
        try (RawClient client = RawClient.connect(server.port())) {
            assertThat(client.send(text(hello().record())).rest()).startsWith(text(new byte[] {22, 3, 3}));
        }
        assertThat(hasty.counts().count(HandshakeOutcome.TIMEOUT)).isEqualTo(1);
    }

    @Test
    void TL_08_refusesTls11() throws IOException {
        assertThat(answer(hello().version(0x0302).record())).startsWith(text(new byte[] {21}));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0xc009, // ECDHE-ECDSA-AES128-CBC-SHA
                0xc023, // ECDHE-ECDSA-AES128-CBC-SHA256
                0x009c, // static RSA, AES128-GCM
                0x002f, // static RSA, AES128-CBC
                0x000a, // 3DES
                0x0005, // RC4
                0xc006, // ECDHE-ECDSA-NULL
                0xc018, // ECDH anonymous
                0x0003, // export
                0x009e // DHE-RSA
            })
    void TL_08_refusesWeakSuites(int suite) throws IOException {
        assertThat(answer(hello().suites(suite).record())).startsWith(text(new byte[] {21, 3, 3, 0, 2, 2}));
    }

    @Test
    void TL_08_answersWithTheAlertForProtocols() throws IOException {
        assertThat(answer(hello().alpn("http/1.0").record())).isEqualTo(alert(NO_APPLICATION_PROTOCOL));
    }

    @Test
    void TL_10_closesOnPlainHttp() throws IOException {
        assertThat(answer("GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1)))
                .isEmpty();
        assertThat(tls.counts().count(HandshakeOutcome.NOT_TLS)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0080.\u0001\u0003\u0001",
                "\0\0\0\0\0",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\u0016\u0002\u0000"
            })
    void TL_10_closesOnGarbage(String garbage) throws IOException {
        assertThat(answer(garbage.getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
        assertThat(tls.counts().count(HandshakeOutcome.NOT_TLS)).isEqualTo(1);
    }

    @Test
    void TL_10_refusesTlsThatBeginsWithoutAClientHello() throws IOException {
        assertThat(answer(new byte[] {22, 3, 3, 0, 4, 2, 0, 0, 0})).isEqualTo(alert(DECODE_ERROR));
        assertThat(answer(new byte[] {21, 3, 3, 0, 2, 1, 0})).isEmpty();
        assertThat(answer(new byte[] {23, 3, 3, 0, 2, 1, 0})).isEmpty();
    }

    @Test
    void countsClientsThatLeave() throws IOException {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("\u0016").halfClose().rest();
        }
        Eventually.until("counted", () -> tls.counts().count(HandshakeOutcome.CLOSED) == 1);
    }
}
