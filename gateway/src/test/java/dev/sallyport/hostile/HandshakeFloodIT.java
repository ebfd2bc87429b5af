package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Threat TL-12: clients that begin handshakes and leave them unfinished. Every address of 127.0.0.0/8 is a client of
/// its own.
class HandshakeFloodIT {
    private static final TestCertificates CA = TestCertificates.authority("ca");
    private static final String ATTACKER = "127.0.0.2";
    private static final String SECOND_ATTACKER = "127.0.0.3";
    private static final String HONEST = "127.0.0.4";

    /// A handshake record that announces more than it brings.
    private static final byte[] BEGUN = {22, 3, 1, 0, 100, 1};

    private static final String FEW = "few";
    private static final String ONE_EACH = "one-each";

    private final List<Socket> open = new ArrayList<>();
    private @TempDir Path folder = Path.of("");
    private TestGateway gateway = TestGateway.of("");

    @BeforeEach
    void starts() throws IOException {
        CA.server("gateway.test").write(folder, "server");
        String tls = "bind: 127.0.0.1:0\n    tls: { certificates: [{ chain: %1$s/server.crt, key: %1$s/server.key }] }"
                .formatted(folder);
        gateway = TestGateway.start("""
                version: 1
                listeners:
                  few:
                    %1$s
                    limits: { handshakes: 3, handshakes-per-address: 2 }
                  one-each:
                    %1$s
                    limits: { handshakes-per-address: 1 }
                routes:
                  all: { match: {}, access: public, respond: { body: up } }
                """.formatted(tls));
    }

    @AfterEach
    void stops() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        gateway.close();
    }

    private Socket connect(String from, String listener) throws IOException {
        Socket socket = new Socket("127.0.0.1", gateway.port(listener), InetAddress.getByName(from), 0);
        socket.setSoTimeout(10_000);
        open.add(socket);
        return socket;
    }

    /// Begins handshakes and leaves them so.
    private void begin(int count, String from, String listener) throws IOException {
        double before = underWay(listener);
        for (int i = 0; i < count; i++) {
            connect(from, listener).getOutputStream().write(BEGUN);
        }
        Eventually.until("handshakes under way", () -> underWay(listener) == before + count);
    }

    private double underWay(String listener) {
        try {
            return gateway.metric("sallyport_tls_handshakes_open", label(listener));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String label(String listener) {
        return "listener=\"" + listener + '"';
    }

    private double refused(String listener, String reason) throws IOException {
        return gateway.metric("sallyport_connections_refused_total", label(listener) + ",reason=\"" + reason + '"');
    }

    /// Whether a client from there gets through handshake and request.
    private boolean served(String from, String listener) {
        try (SSLSocket tls = (SSLSocket) CA.context(null)
                .getSocketFactory()
                .createSocket(connect(from, listener), "gateway.test", gateway.port(listener), true)) {
            return isUp(tls);
        } catch (IOException closed) {
            return false;
        }
    }

    private static boolean isUp(SSLSocket tls) throws IOException {
        tls.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: gateway.test\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        return new String(tls.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1).equals("HTTP/1.1 200");
    }

    @Test
    void TL_12_unfinishedHandshakesOfOneAddressAreBoundedAndHoldUpNobodyElse() throws IOException {
        begin(2, ATTACKER, FEW);
        assertThat(served(ATTACKER, FEW)).isFalse();
        assertThat(refused(FEW, "handshakes-per-address")).isEqualTo(1);
        assertThat(served(HONEST, FEW)).isTrue();
    }

    @Test
    void TL_12_unfinishedHandshakesOfAllAddressesAreBounded() throws IOException {
        begin(2, ATTACKER, FEW);
        begin(1, SECOND_ATTACKER, FEW);
        assertThat(served(HONEST, FEW)).isFalse();
        assertThat(refused(FEW, "handshakes")).isEqualTo(1);
        assertThat(refused(FEW, "connections")).isZero();
    }

    @Test
    void TL_12_aRefusedConnectionIsClosedBeforeAnythingIsReadOfIt() throws IOException {
        begin(1, ATTACKER, ONE_EACH);
        double ended = handshakesEnded();
        Socket refused = connect(ATTACKER, ONE_EACH);
        int answer;
        try {
            answer = refused.getInputStream().read();
        } catch (IOException reset) {
            answer = -1;
        }
        assertThat(answer).describedAs("not even an alert").isEqualTo(-1);
        assertThat(handshakesEnded()).describedAs("no handshake began").isEqualTo(ended);
    }

    private double handshakesEnded() throws IOException {
        return gateway.metrics()
                .lines()
                .filter(line -> line.startsWith("sallyport_tls_handshakes_total") && line.contains(label(ONE_EACH)))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void TL_12_aFinishedHandshakeGivesItsPlaceToTheNext() throws IOException {
        for (int i = 0; i < 3; i++) {
            SSLSocket tls = (SSLSocket) CA.context(null)
                    .getSocketFactory()
                    .createSocket(connect(HONEST, ONE_EACH), "gateway.test", gateway.port(ONE_EACH), true);
            open.add(tls);
            assertThat(isUp(tls)).isTrue();
        }
        assertThat(gateway.metric("sallyport_connections", label(ONE_EACH))).isEqualTo(3);
        assertThat(underWay(ONE_EACH)).isZero();
    }

    @Test
    void TL_12_aHandshakeThatFailsOrIsLeftGivesItsPlaceToTheNext() throws IOException {
        Stream.of("GET / HTTP/1.1\r\n\r\n", "")
                .map(octets -> octets.getBytes(StandardCharsets.ISO_8859_1))
                .forEach(octets -> {
                    try (Socket socket = connect(ATTACKER, ONE_EACH)) {
                        socket.getOutputStream().write(octets);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    Eventually.until("a place is free", () -> served(ATTACKER, ONE_EACH));
                });
    }
}
