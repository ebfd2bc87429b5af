package dev.sallyport.hostile;

import static dev.sallyport.api.http.RequestFault.CONNECT;
import static dev.sallyport.hostile.Messages.get;
import static dev.sallyport.hostile.Messages.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Request;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Threats UP-01, UP-04 and UP-12: nothing is upgraded and nothing is tunnelled.
class UpgradeIT {
    private static final List<String> UPGRADING =
            List.of("upgrade", "http2-settings", "sec-websocket-key1", "keep-alive", "proxy-connection");

    @RegisterExtension
    static final Arena ARENA = Arena.ofOneRoute();

    @TestFactory
    Stream<DynamicTest> UP_01_neverForwardsAnUpgradeToHttp2() {
        return forwardsWithoutUpgrade(
                get(
                        "/",
                        "Connection: Upgrade, HTTP2-Settings",
                        "Upgrade: h2c",
                        "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"),
                get("/", "Connection: Upgrade", "Upgrade: h2c"),
                get("/", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"),
                get("/", "connection: upgrade", "upgrade: H2C"),
                get("/", "Connection: HTTP2-Settings", "HTTP2-Settings: AAMA"));
    }

    @TestFactory
    Stream<DynamicTest> UP_12_stripsEveryUpgrade() {
        return forwardsWithoutUpgrade(
                get("/", "Connection: Upgrade", "Upgrade: foo"),
                get("/", "Connection: Upgrade", "Upgrade: websocket, h2c"),
                get("/", "Connection: Upgrade", "Upgrade: TLS/1.0"),
                get("/", "Upgrade: websocket"),
                get(
                        "/",
                        "Connection: keep-alive, Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
    }

    private static Stream<DynamicTest> forwardsWithoutUpgrade(String... requests) {
        return Stream.of(requests)
                .map(octets -> DynamicTest.dynamicTest(octets, () -> {
                    Request request = ARENA.forwards(octets);
                    assertThat(request.names()).doesNotContainAnyElementsOf(UPGRADING);
                    assertThat(request.values("Connection")).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> UP_04_refusesConnectAndParsesNothingBehindIt() {
        return ARENA.refusesEach(
                CONNECT,
                head("CONNECT internal:22 HTTP/1.1", "Host: internal:22") + "SSH-2.0-attack\r\n",
                head("CONNECT internal:22 HTTP/1.1", "Host: gateway.test"),
                head("CONNECT / HTTP/1.1", "Host: gateway.test"),
                head("CONNECT http://internal/ HTTP/1.1", "Host: internal"),
                head("CONNECT internal:22 HTTP/1.1", "Host: internal:22", "Content-Length: 4") + "body");
    }
}
