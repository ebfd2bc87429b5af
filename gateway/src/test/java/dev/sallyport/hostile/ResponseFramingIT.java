package dev.sallyport.hostile;

import static dev.sallyport.hostile.Messages.get;
import static dev.sallyport.hostile.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.Octets;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.TwoClients;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Threats SM-06, SM-24, US-07 and US-09: upstreams are trusted no more than clients.
class ResponseFramingIT {
    private static volatile String answer = "";

    private static final EvilUpstream UPSTREAM = EvilUpstream.start(gateway -> {
        while (true) {
            String head = gateway.readHead();
            gateway.send(head.startsWith("GET /honest") ? RecordingUpstream.ok("honest") : answer);
        }
    });

    private static final TestGateway GATEWAY = TestGateway.of(Backends.yaml(UPSTREAM.port()));

    @BeforeAll
    static void start() {
        GATEWAY.start();
    }

    @AfterAll
    static void stop() throws IOException {
        GATEWAY.close();
        UPSTREAM.close();
    }

    /// Answered 502 and never used again: the next request gets its own answer.
    private static Stream<DynamicTest> badGateway(String... answers) {
        return Stream.of(answers)
                .map(octets -> DynamicTest.dynamicTest(Octets.visible(octets), () -> {
                    answer = octets;
                    try (RawClient client = RawClient.connect(GATEWAY.port())) {
                        Response response = client.exchange(get("/evil"));
                        assertThat(response.status()).isEqualTo(502);
                        assertThat(response.code()).isEqualTo("upstream-malformed");
                        Arena.assertQuiet(response);
                        assertThat(client.exchange(get("/honest")).body()).isEqualTo("honest");
                        assertThat(GATEWAY.awaitLogOf(client).field("gateway.reason"))
                                .isEqualTo("upstream-malformed");
                    }
                }));
    }

    /// Cut off visibly in the middle: it does not look complete.
    private static Stream<DynamicTest> cutOff(String... answers) {
        return Stream.of(answers)
                .map(octets -> DynamicTest.dynamicTest(Octets.visible(octets), () -> {
                    answer = octets;
                    try (RawClient client = RawClient.connect(GATEWAY.port())) {
                        client.send(get("/evil"));
                        assertThatThrownBy(client::response).isInstanceOf(IOException.class);
                        assertThat(GATEWAY.awaitLogOf(client).field("gateway.reason"))
                                .isEqualTo("upstream-malformed");
                    }
                    assertHonestAnswer();
                }));
    }

    private static void assertHonestAnswer() throws IOException {
        try (RawClient client = RawClient.connect(GATEWAY.port())) {
            assertThat(client.exchange(get("/honest")).body()).isEqualTo("honest");
        }
    }

    private static String head(String... fields) {
        return "HTTP/1.1 200 OK\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    }

    @TestFactory
    Stream<DynamicTest> SM_24_refusesResponsesWithTwoFramings() {
        return badGateway(
                head("Content-Length: 5", "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n",
                head("Transfer-Encoding: chunked", "Content-Length: 5") + "5\r\nhello\r\n0\r\n\r\n",
                head("Content-Length: 5", "Content-Length: 5") + "hello",
                head("Content-Length: 5", "Content-Length: 6") + "hello!",
                head("Content-Length: 5, 5") + "hello",
                head("Content-Length: +5") + "hello",
                head("Content-Length: -1") + "hello",
                head("Content-Length: 0x5") + "hello",
                head("Content-Length: 05") + "hello",
                head("Content-Length:") + "hello",
                head("Content-Length: 99999999999999999999") + "hello",
                head("Transfer-Encoding: gzip, chunked") + "0\r\n\r\n",
                head("Transfer-Encoding: gzip") + "hello",
                head("Transfer-Encoding: chunked", "Transfer-Encoding: chunked") + "0\r\n\r\n",
                head("Transfer-Encoding: xchunked") + "0\r\n\r\n",
                head("Transfer-Encoding: \u000bchunked") + "0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    }

    @TestFactory
    Stream<DynamicTest> SM_24_refusesHeadsThatBreakTheGrammar() {
        Stream<String> controls = IntStream.concat(IntStream.rangeClosed(0, 0x1f), IntStream.of(0x7f))
                .filter(c -> c != '\t')
                .mapToObj(c -> head("X: a" + (char) c + "b", "Content-Length: 0"));
        Stream<String> lines = Stream.of(
                head("X : y", "Content-Length: 0"),
                head("X", "Content-Length: 0"),
                head(": y", "Content-Length: 0"),
                head("X\u00e9: y", "Content-Length: 0"),
                head("X: a\r\n b", "Content-Length: 0"),
                head("X: a\rSet-Cookie: b", "Content-Length: 0"),
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\n",
                "HTTP/1.1 200 OK\r\n Content-Length: 0\r\n\r\n",
                "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n",
                "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "ICY 200 OK\r\nContent-Length: 0\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "garbage\r\n\r\n");
        return badGateway(Stream.concat(controls, lines).toArray(String[]::new));
    }

    @TestFactory
    Stream<DynamicTest> SM_24_cutsOffChunksThatBreakTheGrammar() {
        return cutOff(
                chunked("FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"),
                chunked("5\nhello\r\n0\r\n\r\n"),
                chunked("5\r\nhelloXX0\r\n\r\n"),
                chunked("5\r\nhello\n0\r\n\r\n"),
                chunked("0x5\r\nhello\r\n0\r\n\r\n"),
                chunked(" 5\r\nhello\r\n0\r\n\r\n"),
                chunked("-1\r\nhello\r\n0\r\n\r\n"),
                chunked("\r\nhello\r\n0\r\n\r\n"),
                chunked("5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n"),
                chunked("5;" + "a".repeat(20_000) + "\r\nhello\r\n0\r\n\r\n"),
                chunked("5\r\nhello\r\n0\r\nX y: z\r\n\r\n"),
                chunked("5\r\nhello\r\n0\r\nX: y\r\n z\r\n\r\n"),
                chunked("5\r\nhello\r\n0\r\n" + "X: y\r\n".repeat(10_000) + "\r\n"));
    }

    private static String chunked(String chunks) {
        return head("Transfer-Encoding: chunked") + chunks;
    }

    @TestFactory
    Stream<DynamicTest> SM_24_givesOctetsBehindAResponseToNobody() {
        String poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
        return Stream.of(
                        head("Content-Length: 5") + "hello" + poison,
                        head("Content-Length: 5") + "hello!",
                        chunked("5\r\nhello\r\n0\r\n\r\n") + poison,
                        "HTTP/1.1 204 No Content\r\n\r\n" + poison,
                        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello",
                        "HTTP/1.1 304 Not Modified\r\n\r\n" + poison)
                .map(octets -> DynamicTest.dynamicTest(Octets.visible(octets), () -> {
                    answer = octets;
                    try (TwoClients clients = TwoClients.connect(GATEWAY.port())) {
                        Response first = clients.attacker().exchange(get("/evil"));
                        assertThat(first.status()).isIn(200, 204, 304);
                        assertThat(first.body()).isIn("hello", "");
                        for (int i = 0; i < 4; i++) {
                            assertThat(clients.victim().exchange(get("/honest")).body())
                                    .isEqualTo("honest");
                        }
                        assertThat(clients.attacker().exchange(get("/honest")).body())
                                .isEqualTo("honest");
                    }
                }));
    }

    @Test
    void SM_24_givesAnUnsolicitedResponseToNobody() throws Exception {
        CountDownLatch poisoned = new CountDownLatch(1);
        try (EvilUpstream upstream = EvilUpstream.start(gateway -> {
                    gateway.readHead();
                    gateway.send(RecordingUpstream.ok("first"));
                    if (gateway.number() == 0) {
                        gateway.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
                        poisoned.countDown();
                        gateway.hold();
                    }
                });
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()));
                TwoClients clients = TwoClients.connect(gateway.port())) {
            assertThat(clients.attacker().exchange(get("/")).body()).isEqualTo("first");
            poisoned.await();
            for (int i = 0; i < 4; i++) {
                assertThat(clients.victim().exchange(get("/")).body()).isEqualTo("first");
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> SM_24_passesInterimHeadsToTheRequestTheyAnswer() {
        return Stream.of(
                DynamicTest.dynamicTest("early hints", () -> {
                    answer = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + RecordingUpstream.ok("hello");
                    try (RawClient client = RawClient.connect(GATEWAY.port())) {
                        Response response = client.exchange(get("/evil"));
                        assertThat(response.interim()).containsExactly(103);
                        assertThat(response.body()).isEqualTo("hello");
                        Response next = client.exchange(get("/honest"));
                        assertThat(next.interim()).isEmpty();
                        assertThat(next.body()).isEqualTo("honest");
                    }
                }),
                DynamicTest.dynamicTest("early hints for the next request", () -> {
                    answer = RecordingUpstream.ok("hello") + "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
                    try (RawClient client = RawClient.connect(GATEWAY.port())) {
                        assertThat(client.exchange(get("/evil")).body()).isEqualTo("hello");
                        Response next = client.exchange(get("/honest"));
                        assertThat(next.interim()).isEmpty();
                        assertThat(next.body()).isEqualTo("honest");
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> US_07_refusesWhatHasNoBounds() {
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        return badGateway(
                head("X: " + "a".repeat(1 << 20)),
                head("X: y\r\n".repeat(10_000) + "X: y"),
                "HTTP/1.1 200 " + "a".repeat(1 << 20) + "\r\n\r\n",
                interim.repeat(100) + RecordingUpstream.ok("hello"),
                "HTTP/1.1 100 Continue\r\n\r\n".repeat(100) + RecordingUpstream.ok("hello"),
                "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    }

    @TestFactory
    Stream<DynamicTest> US_07_refusesAnUpgradeThatNobodyAskedFor() {
        return badGateway(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n" + RecordingUpstream.ok("hello"));
    }

    @Test
    void US_07_passesNothingThatIsOfTheInside() throws IOException {
        answer = head(
                "Server: secret/1.0",
                "X-Powered-By: secret",
                "X-AspNet-Version: 1",
                "X-Accel-Redirect: /secret",
                "X-Accel-Buffering: no",
                "X-Envoy-Upstream-Service-Time: 5",
                "Connection: X-Nominated",
                "X-Nominated: secret",
                "Keep-Alive: timeout=5",
                "Proxy-Authenticate: Basic",
                "Upgrade: h2c",
                "Trailer: X",
                "X-Kept: kept",
                "Content-Length: 0");
        try (RawClient client = RawClient.connect(GATEWAY.port())) {
            Response response = client.exchange(get("/evil"));
            assertThat(response.value("X-Kept")).isEqualTo("kept");
            assertThat(response.names())
                    .doesNotContain(
                            "server",
                            "x-powered-by",
                            "x-aspnet-version",
                            "x-accel-redirect",
                            "x-accel-buffering",
                            "x-envoy-upstream-service-time",
                            "x-nominated",
                            "keep-alive",
                            "proxy-authenticate",
                            "upgrade",
                            "trailer");
        }
    }

    @Test
    void SM_06_neverReusesAConnectionWhoseRequestBodyWasNotSent() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (EvilUpstream upstream = EvilUpstream.start(gateway -> {
                    while (true) {
                        String head = gateway.readHead();
                        gateway.send(RecordingUpstream.ok(head.substring(0, head.indexOf(" HTTP"))));
                        answered.countDown();
                    }
                });
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()));
                TwoClients clients = TwoClients.connect(gateway.port())) {
            RawClient attacker = clients.attacker();
            attacker.send(post("Content-Length: " + (Messages.SMUGGLED.length() + 10)) + "0123456789");
            assertThat(attacker.response().body()).isEqualTo("POST /attack");
            answered.await();
            attacker.send(Messages.SMUGGLED);
            for (int i = 1; i <= 3; i++) {
                String path = "/victim-" + i;
                assertThat(clients.victim().exchange(get(path)).body()).isEqualTo("GET " + path);
            }
        }
    }

    @Test
    void SM_08_neverReusesAConnectionThatRefusedABody() throws IOException {
        try (EvilUpstream upstream = EvilUpstream.start(gateway -> {
                    String head = gateway.readHead();
                    String line = head.substring(0, head.indexOf(" HTTP"));
                    gateway.send(
                            "HTTP/1.1 417 Expectation Failed\r\nContent-Length: " + line.length() + "\r\n\r\n" + line);
                    gateway.readAll();
                });
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()));
                TwoClients clients = TwoClients.connect(gateway.port())) {
            RawClient attacker = clients.attacker();
            attacker.send(post("Expect: 100-continue", "Content-Length: " + Messages.SMUGGLED.length()));
            assertThat(attacker.response().status()).isEqualTo(417);
            attacker.send(Messages.SMUGGLED);
            assertThat(clients.victim().exchange(get("/victim")).body()).isEqualTo("GET /victim");
            assertThat(attacker.rest()).doesNotContain("smuggled");
        }
    }

    @Test
    void US_09_retriesAnIdempotentRequestOnAConnectionThatWasJustClosed() throws IOException {
        try (EvilUpstream upstream = closingOnSecondRequest();
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(get("/1")).body()).isEqualTo("GET /1");
            assertThat(client.exchange(get("/2")).body()).isEqualTo("GET /2");
            assertThat(upstream.accepted()).isEqualTo(2);
        }
    }

    @Test
    void US_09_neverRepeatsARequestThatIsNotIdempotent() throws IOException {
        try (EvilUpstream upstream = closingOnSecondRequest();
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(get("/1")).body()).isEqualTo("GET /1");
            Response response = client.exchange(post("Content-Length: 0"));
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.code()).isEqualTo("upstream-reset");
            assertThat(upstream.accepted()).isEqualTo(1);
        }
    }

    @Test
    void US_09_retriesOnceOnly() throws IOException {
        try (EvilUpstream upstream = EvilUpstream.start(gateway -> {
                    String head = gateway.readHead();
                    if (gateway.number() == 0) {
                        gateway.send(RecordingUpstream.ok(head.substring(0, head.indexOf(" HTTP"))));
                        gateway.readHead();
                    }
                });
                TestGateway gateway = TestGateway.start(Backends.yaml(upstream.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(get("/1")).body()).isEqualTo("GET /1");
            assertThat(client.exchange(get("/2")).code()).isEqualTo("upstream-reset");
            assertThat(upstream.accepted()).isEqualTo(2);
        }
    }

    /// Answers one request on its first connection and closes when the second is there; later ones answer.
    private static EvilUpstream closingOnSecondRequest() {
        return EvilUpstream.start(gateway -> {
            String head = gateway.readHead();
            gateway.send(RecordingUpstream.ok(head.substring(0, head.indexOf(" HTTP"))));
            gateway.readHead();
        });
    }
}
