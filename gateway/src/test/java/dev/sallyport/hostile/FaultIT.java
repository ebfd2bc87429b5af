package dev.sallyport.hostile;

import static dev.sallyport.hostile.Messages.get;
import static dev.sallyport.hostile.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.EvilUpstream.RefusingPort;
import dev.sallyport.testing.EvilUpstream.SilentPort;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Faults FA-01, FA-02 and FA-04: upstreams that crash, hang, refuse or vanish.
class FaultIT {
    private static final String BODY = "0123456789".repeat(4);
    private static final String COUNTED =
            "HTTP/1.1 200 OK\r\nX-Kind: counted\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nX-Kind: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "14\r\n" + BODY.substring(0, 20) + "\r\n14\r\n" + BODY.substring(20) + "\r\n0\r\n\r\n";

    /// How an upstream ends its connection.
    private enum Ending {
        CLOSE,
        RESET
    }

    /// A response, where it is cut off, and how; set before each request.
    private record Cut(String response, int at, Ending ending) {
        boolean withinHead() {
            return at < response.indexOf("\r\n\r\n") + 4;
        }
    }

    private static volatile Cut cut = new Cut(COUNTED, 0, Ending.CLOSE);

    private static void runCut(EvilUpstream.Peer gateway) throws IOException {
        gateway.readHead();
        Cut now = cut;
        gateway.send(now.response().substring(0, now.at()));
        if (now.ending() == Ending.RESET) {
            gateway.reset();
        }
    }

    @TestFactory
    Stream<DynamicTest> FA_01_noCutResponseLooksComplete() {
        return Stream.of(COUNTED, CHUNKED)
                .flatMap(response -> Stream.of(Ending.values())
                        .map(ending -> DynamicTest.dynamicTest(
                                (response.equals(COUNTED) ? "counted, " : "chunked, ") + ending,
                                () -> cutEverywhere(response, ending))));
    }

    private static void cutEverywhere(String response, Ending ending) throws IOException {
        try (EvilUpstream upstream = EvilUpstream.start(FaultIT::runCut);
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()))) {
            for (int round = 0; round < 3; round++) {
                for (int at = 0; at < response.length(); at++) {
                    cut = new Cut(response, at, ending);
                    try (RawClient client = RawClient.connect(gateway.port())) {
                        assertCutIsVisible(client.send(get("/" + at)), cut);
                    }
                }
            }
            cut = new Cut(response, response.length(), Ending.CLOSE);
            try (RawClient client = RawClient.connect(gateway.port())) {
                assertThat(client.exchange(get("/whole")).body()).isEqualTo(BODY);
            }
        }
    }

    private static void assertCutIsVisible(RawClient client, Cut cut) throws IOException {
        Response response = responseOrNull(client);
        if (response == null) {
            // cut off visibly; a reset may overtake octets of the head, and then 502 is the answer
            assertThat(cut.withinHead()).as("%s", cut).isFalse();
            return;
        }
        assertThat(response.status()).as("%s", cut).isEqualTo(502);
        assertThat(cut.withinHead() || cut.ending() == Ending.RESET)
                .as("%s", cut)
                .isTrue();
        assertThat(response.code()).isIn("upstream-reset", "upstream-truncated");
    }

    private static @Nullable Response responseOrNull(RawClient client) throws IOException {
        try {
            return client.response();
        } catch (EOFException | SocketException cutOff) {
            return null;
        }
    }

    @Test
    void FA_01_aResponseThatEndsWithItsConnectionIsCompleteOnlyInOrder() throws IOException {
        String untilClose = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BODY;
        try (EvilUpstream upstream = EvilUpstream.start(FaultIT::runCut);
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()))) {
            cut = new Cut(untilClose, untilClose.length(), Ending.CLOSE);
            try (RawClient client = RawClient.connect(gateway.port())) {
                assertThat(client.exchange(get("/closed")).body()).isEqualTo(BODY);
            }
            cut = new Cut(untilClose, untilClose.length(), Ending.RESET);
            for (int i = 0; i < 50; i++) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    Response response = responseOrNull(client.send(get("/reset")));
                    assertThat(response == null ? 502 : response.status()).isEqualTo(502);
                }
            }
        }
    }

    @Test
    void FA_01_anUpstreamThatDiesDuringTheRequestBodyIsReported() throws IOException {
        try (EvilUpstream upstream = EvilUpstream.start(gateway -> {
                    gateway.readHead();
                    gateway.read(3);
                    gateway.reset();
                });
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(post("Content-Length: 100000") + "hello");
            Response response = client.response();
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.code()).isEqualTo("upstream-reset");
        }
    }

    @Test
    void FA_02_anUpstreamThatNeverAnswersTimesOut() throws IOException {
        assertTimesOut(EvilUpstream.start(EvilUpstream.Peer::hold), get("/"), "upstream-response-timeout");
    }

    @Test
    void FA_02_anUpstreamThatTricklesItsHeadTimesOut() throws IOException {
        assertTimesOut(
                EvilUpstream.start(gateway -> {
                    gateway.readHead();
                    gateway.trickle("HTTP/1.1 200 OK\r\nX: " + "a".repeat(1_000), Duration.ofMillis(20));
                }),
                get("/"),
                "upstream-response-timeout");
    }

    @Test
    void FA_02_interimHeadsDoNotKeepARequestAlive() throws IOException {
        assertTimesOut(
                EvilUpstream.start(gateway -> {
                    gateway.readHead();
                    for (int i = 0; i < 5; i++) {
                        gateway.send("HTTP/1.1 102 Processing\r\n\r\n");
                    }
                    gateway.hold();
                }),
                get("/"),
                "upstream-response-timeout");
    }

    @Test
    void FA_02_anUpstreamThatStopsReadingTimesOut() throws IOException {
        int length = 8 << 20;
        assertTimesOut(
                EvilUpstream.start(gateway -> {
                    gateway.readHead();
                    gateway.hold();
                }),
                post("Content-Length: " + length) + "a".repeat(length),
                "upstream-idle-timeout");
    }

    private static void assertTimesOut(EvilUpstream evil, String octets, String reason) throws IOException {
        try (EvilUpstream upstream = evil;
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            Thread sender = Thread.ofVirtual().start(() -> send(client, octets));
            Response response = client.response();
            assertThat(response.status()).isEqualTo(504);
            assertThat(response.code()).isEqualTo(reason);
            assertThat(gateway.awaitLogOf(client).field("gateway.reason")).isEqualTo(reason);
            Eventually.until("the upstream connection is closed", () -> pooled(gateway) == 0);
            Eventually.until("the sender ends", () -> !sender.isAlive());
        }
    }

    private static void send(RawClient client, String octets) {
        try {
            client.send(octets);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double pooled(TestGateway gateway) {
        try {
            return gateway.metric("sallyport_upstream_connections", "state=\"open\"");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void FA_02_aBodyThatStopsIsCutOff() throws IOException {
        try (EvilUpstream upstream = EvilUpstream.start(gateway -> {
                    gateway.readHead();
                    gateway.send(COUNTED.substring(0, COUNTED.length() - 5));
                    gateway.hold();
                });
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(responseOrNull(client.send(get("/")))).isNull();
            assertThat(gateway.awaitLogOf(client).field("gateway.reason")).isEqualTo("upstream-idle-timeout");
        }
    }

    @Test
    void FA_02_hangingUpstreamsHoldUpNobodyElse() throws IOException {
        CountDownLatch hanging = new CountDownLatch(50);
        try (EvilUpstream upstream = EvilUpstream.start(gateway -> {
                    String head = gateway.readHead();
                    if (head.startsWith("GET /hang")) {
                        hanging.countDown();
                        gateway.hold();
                    }
                    gateway.send(RecordingUpstream.ok("quick"));
                });
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()))) {
            List<RawClient> victims = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                victims.add(RawClient.connect(gateway.port()).send(get("/hang")));
            }
            await(hanging);
            for (int i = 0; i < 20; i++) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    assertThat(client.exchange(get("/quick")).body()).isEqualTo("quick");
                }
            }
            for (RawClient victim : victims) {
                assertThat(victim.response().status()).isEqualTo(504);
                victim.close();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        Eventually.until("all requests are at the upstream", () -> latch.getCount() == 0);
    }

    @Test
    void FA_02_aClientThatLeavesCancelsTheUpstreamsWork() throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        try (EvilUpstream upstream = EvilUpstream.start(gateway -> {
                    gateway.readHead();
                    asked.countDown();
                    gateway.readAll();
                    cancelled.countDown();
                });
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()))) {
            RawClient client = RawClient.connect(gateway.port()).send(get("/"));
            await(asked);
            client.reset();
            Eventually.until("the upstream hears that nobody waits", () -> cancelled.getCount() == 0);
        }
    }

    @Test
    void FA_04_aRefusedConnectionIsReported() throws IOException {
        try (RefusingPort nobody = new RefusingPort();
                TestGateway gateway = TestGateway.start(Backends.yaml(nobody.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            Response response = client.exchange(get("/"));
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.code()).isEqualTo("upstream-connect-failed");
            Arena.assertQuiet(response);
            assertThat(client.exchange(get("/")).status()).isEqualTo(502);
        }
    }

    @Test
    void FA_04_aConnectionThatNobodyAnswersTimesOut() throws IOException {
        try (SilentPort silent = new SilentPort();
                TestGateway gateway = TestGateway.start(Backends.yaml(silent.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            Response response = client.exchange(get("/"));
            assertThat(response.status()).isEqualTo(504);
            assertThat(response.code()).isEqualTo("upstream-connect-timeout");
        }
    }

    @Test
    void FA_04_anotherEndpointServesWhatOneRefuses() throws IOException {
        try (RefusingPort nobody = new RefusingPort();
                RecordingUpstream upstream = RecordingUpstream.start();
                TestGateway gateway = TestGateway.start(Backends.yaml(nobody.port(), upstream.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.exchange(post("Content-Length: 5") + "hello").body())
                        .isEqualTo("POST /attack");
            }
            assertThat(upstream.requests())
                    .hasSize(20)
                    .allSatisfy(request -> assertThat(request.body()).isEqualTo("hello"));
        }
    }

    @Test
    void FA_04_resetsRightAfterTheConnectionAreReported() throws IOException {
        try (EvilUpstream upstream = EvilUpstream.start(EvilUpstream.Peer::reset);
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()))) {
            for (int i = 0; i < 20; i++) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    Response response = client.exchange(get("/"));
                    assertThat(response.status()).isEqualTo(502);
                    assertThat(response.code()).isIn("upstream-reset", "upstream-connect-failed");
                }
            }
        }
    }

    @Test
    void FA_04_anUpstreamThatRestartsIsUsedAgain() throws IOException {
        try (RecordingUpstream upstream = RecordingUpstream.start();
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.exchange(get("/" + i)).body()).isEqualTo("GET /" + i);
                upstream.closeConnections();
            }
        }
    }
}
