package dev.sallyport.hostile;

import static dev.sallyport.api.http.RequestFault.EXPECTATION;
import static dev.sallyport.api.http.RequestFault.FIELD;
import static dev.sallyport.api.http.RequestFault.HEAD_TIMEOUT;
import static dev.sallyport.api.http.RequestFault.HEAD_TOO_LARGE;
import static dev.sallyport.api.http.RequestFault.REQUEST_LINE;
import static dev.sallyport.api.http.RequestFault.TARGET_TOO_LONG;
import static dev.sallyport.api.http.RequestFault.TOO_MANY_FIELDS;
import static dev.sallyport.api.http.RequestFault.TRANSFER_CODING;
import static dev.sallyport.hostile.Messages.get;
import static dev.sallyport.hostile.Messages.head;
import static dev.sallyport.hostile.Messages.post;
import static dev.sallyport.hostile.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.Octets;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Threats SM-08 and SM-20 to SM-28: what follows what on one connection.
class ConnectionFramingIT {
    @RegisterExtension
    static final Arena ARENA = new Arena("""
            version: 1
            listeners:
              public:
                bind: 127.0.0.1:0
                limits: { head-timeout: 500ms }
            upstreams:
              recorder:
                endpoints: ["http://127.0.0.1:$PORT"]
            routes:
              all:
                match: { path: "/**" }
                access: public
                upstream: recorder
              denied:
                match: { path: "/denied/**" }
                access: public
                respond: { status: 403, content-type: text/plain, body: denied }
            """);

    @TestFactory
    Stream<DynamicTest> SM_08_refusesOtherExpectations() {
        return ARENA.refusesEach(
                EXPECTATION,
                post("Expect: y 100-continue", "Content-Length: 5"),
                post("Expect: 100-continue, x", "Content-Length: 5"),
                post("Expect: 200-ok", "Content-Length: 5"),
                post("Expect: 100-continue", "Expect: 100-continue", "Content-Length: 5"),
                post("Expect: 100-continue;a", "Content-Length: 5"),
                post("Expect:", "Content-Length: 5"),
                get("/", "Expect: something"));
    }

    @TestFactory
    Stream<DynamicTest> SM_08_answersContinueItself() {
        return Stream.of("100-continue", "100-Continue", "100-CONTINUE")
                .map(expectation -> DynamicTest.dynamicTest(expectation, () -> {
                    ARENA.upstream().clear();
                    try (RawClient client = ARENA.client()) {
                        client.send(post("Expect: " + expectation, "Content-Length: 5"));
                        assertThat(client.read(25)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                        assertThat(client.exchange("hello").body()).isEqualTo("POST /attack");
                    }
                    Request request = ARENA.upstream().awaitRequests(1).getFirst();
                    assertThat(request.body()).isEqualTo("hello");
                    assertThat(request.names()).doesNotContain("expect");
                }));
    }

    @Test
    void SM_08_ignoresAnExpectationWithoutBody() throws IOException {
        assertThat(ARENA.forwards(get("/", "Expect: 100-continue")).names()).doesNotContain("expect");
    }

    @Test
    void SM_08_neverTakesTheBodyOfARefusedExpectationForARequest() throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            Response refused = client.exchange(request(
                    "POST", "/denied/x", "Expect: 100-continue", "Content-Length: " + Messages.SMUGGLED.length()));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.interim()).isEmpty();
            client.send(Messages.SMUGGLED);
            assertThat(client.rest()).isEmpty();
        }
        ARENA.assertVictimUnharmed();
    }

    @Test
    void SM_20_decidesEachPipelinedRequestByItself() throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            client.send(get("/one") + get("/denied/two") + get("/three"));
            assertThat(client.response().body()).isEqualTo("GET /one");
            assertThat(client.response().status()).isEqualTo(403);
            assertThat(client.response().body()).isEqualTo("GET /three");
            assertThat(ARENA.upstream().requests()).extracting(Request::target).containsExactly("/one", "/three");
            assertThat(ARENA.awaitLog(client, 3))
                    .extracting(line -> line.field("gateway.route"))
                    .containsExactly("all", "denied", "all");
        }
    }

    @Test
    void SM_20_readsNoFurtherThanItCanAnswer() throws Exception {
        int requests = 100_000;
        CountDownLatch answering = new CountDownLatch(1);
        AtomicInteger sent = new AtomicInteger();
        ARENA.upstream().answer(request -> {
            await(answering);
            return RecordingUpstream.ok(request.target());
        });
        try (RawClient client = ARENA.client()) {
            Thread sender = Thread.ofVirtual().start(() -> {
                String padding = "x".repeat(200);
                for (int i = 0; i < requests; i++) {
                    send(client, get("/" + i, "X-Padding: " + padding));
                    sent.incrementAndGet();
                }
            });
            ARENA.upstream().awaitRequests(1);
            awaitStandstill(sent);
            assertThat(sent.get()).isLessThan(requests);
            assertThat(ARENA.upstream().requests()).hasSizeLessThanOrEqualTo(16);
            answering.countDown();
            for (int i = 0; i < requests; i += 1) {
                assertThat(client.response().body()).isEqualTo("/" + i);
            }
            sender.join(Duration.ofSeconds(10));
        }
    }

    private static void awaitStandstill(AtomicInteger counter) {
        AtomicInteger last = new AtomicInteger(-1);
        AtomicInteger same = new AtomicInteger();
        Eventually.until("the sender is stopped by back-pressure", () -> {
            int now = counter.get();
            return last.getAndSet(now) == now ? same.incrementAndGet() > 200 : same.getAndSet(0) < 0;
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(RawClient client, String octets) {
        try {
            client.send(octets);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> SM_21_forwardsBodiesOfGetHeadAndDelete() {
        return Stream.of("GET", "HEAD", "DELETE", "OPTIONS")
                .flatMap(method -> Stream.of(
                        DynamicTest.dynamicTest(method + " with length", () -> {
                            String body = Messages.SMUGGLED;
                            assertBodyForwarded(
                                    method, request(method, "/fat", "Content-Length: " + body.length()) + body, body);
                        }),
                        DynamicTest.dynamicTest(method + " in chunks", () -> {
                            String body = Messages.SMUGGLED;
                            String chunks = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
                            assertBodyForwarded(
                                    method, request(method, "/fat", "Transfer-Encoding: chunked") + chunks, body);
                        })));
    }

    private static void assertBodyForwarded(String method, String octets, String body) throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            client.send(octets);
            Response response = method.equals("HEAD") ? client.responseToHead() : client.response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(client.exchange(get("/next")).body()).isEqualTo("GET /next");
        }
        assertThat(ARENA.upstream().requests()).extracting(Request::target).containsExactly("/fat", "/next");
        assertThat(ARENA.upstream().requests().getFirst().body()).isEqualTo(body);
        assertThat(ARENA.upstream().violations()).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> SM_22_refusesDraftWebSocketKeys() {
        return ARENA.refusesEach(
                FIELD,
                get("/", "Sec-WebSocket-Key1: x", "Sec-WebSocket-Key2: y") + "8 octets",
                get("/", "Sec-WebSocket-Key1: x") + "8 octets",
                get("/", "sec-websocket-key2: y") + "8 octets");
    }

    @TestFactory
    Stream<DynamicTest> SM_23_refusesTransferEncodingWithoutChunked() {
        return ARENA.refusesEach(
                TRANSFER_CODING,
                post("Transfer-Encoding: gzip"),
                post("Transfer-Encoding: compress") + "body",
                get("/", "Transfer-Encoding: gzip"));
    }

    @TestFactory
    Stream<DynamicTest> SM_26_refusesHeadsBeyondTheLimits() {
        return ARENA.refusesEach(
                new Attack("1 MiB of target", get("/" + "a".repeat(1 << 20)), TARGET_TOO_LONG),
                new Attack("1 MiB of method", "A".repeat(1 << 20), TARGET_TOO_LONG),
                new Attack("1 MiB of one field", get("/", "X: " + "a".repeat(1 << 20)), HEAD_TOO_LARGE),
                new Attack("1 MiB of one name", get("/", "X".repeat(1 << 20)), HEAD_TOO_LARGE),
                new Attack("101 fields", get("/", "X: y\r\n".repeat(99) + "X: y"), TOO_MANY_FIELDS),
                new Attack("10 000 fields", get("/", "X: y\r\n".repeat(9_999) + "X: y"), TOO_MANY_FIELDS));
    }

    @Test
    void SM_26_takesAHeadWithinTheLimits() throws IOException {
        assertThat(ARENA.forwards(get("/", "X: y\r\n".repeat(98) + "X: y")).values("X"))
                .hasSize(99);
        assertThat(ARENA.forwards(get("/", "X: " + "a".repeat(31 * 1024))).value("X"))
                .hasSize(31 * 1024);
    }

    @TestFactory
    Stream<DynamicTest> SM_26_waitsForNoHeadLongerThanItsTimeout() {
        return Stream.of("GET / HTTP/1.1\r\nHost: gateway.test\r\nX: a", "G", "GET / HTTP/1.1\r\n", "\r")
                .map(octets -> DynamicTest.dynamicTest(Octets.visible(octets), () -> {
                    try (RawClient client = ARENA.client()) {
                        client.send(octets);
                        Response response = client.response();
                        assertThat(response.status()).isEqualTo(408);
                        assertThat(response.code()).isEqualTo(HEAD_TIMEOUT.code());
                        assertThat(client.end()).isEqualTo(RawClient.End.CLOSED);
                        assertThat(ARENA.gateway().awaitLogOf(client).field("gateway.reason"))
                                .isEqualTo(HEAD_TIMEOUT.code());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> SM_27_refusesThePrefaceOfHttp2() {
        String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        return Stream.concat(
                ARENA.refusesEach(REQUEST_LINE, preface, preface + "\0\0\0\4\0\0\0\0\0"),
                Stream.of(DynamicTest.dynamicTest("after a request", () -> {
                    ARENA.upstream().clear();
                    try (RawClient client = ARENA.client()) {
                        assertThat(client.exchange(get("/first")).status()).isEqualTo(200);
                        ARENA.upstream().clear();
                        assertThat(client.exchange(preface).status()).isEqualTo(400);
                        assertThat(client.end()).isEqualTo(RawClient.End.CLOSED);
                    }
                    ARENA.assertVictimUnharmed();
                })));
    }

    @TestFactory
    Stream<DynamicTest> SM_28_neverParsesTheBodyOfARequestItAnsweredEarly() {
        String smuggled = Messages.SMUGGLED.repeat(20);
        return Stream.of(
                        new EarlyAnswer(
                                "403", request("POST", "/denied/x", "Content-Length: " + smuggled.length()), 403),
                        new EarlyAnswer("405", request("TRACE", "/x", "Content-Length: " + smuggled.length()), 405),
                        new EarlyAnswer("413", post("Content-Length: 999999999"), 413))
                .map(early -> DynamicTest.dynamicTest(early.name(), () -> {
                    ARENA.upstream().clear();
                    try (RawClient client = ARENA.client()) {
                        client.send(early.octets() + smuggled.substring(0, 10));
                        assertThat(client.response().status()).isEqualTo(early.status());
                        client.send(smuggled.substring(10) + get("/after"));
                        String rest = client.halfClose().rest();
                        assertThat(rest).doesNotContain("smuggled");
                        assertThat(rest.split("HTTP/1.1 ", -1)).hasSizeLessThanOrEqualTo(2);
                    }
                    ARENA.assertVictimUnharmedBeside("/after");
                }));
    }

    private record EarlyAnswer(String name, String octets, int status) {}

    @Test
    void SM_28_drainsNoEndlessBody() throws IOException {
        try (RawClient client = ARENA.client()) {
            client.send(request("POST", "/denied/x", "Transfer-Encoding: chunked"));
            assertThat(client.response().status()).isEqualTo(403);
            String chunk = "10000\r\n" + "a".repeat(0x10000) + "\r\n";
            for (int i = 0; i < 400; i++) {
                client.send(chunk);
            }
            client.rest();
        }
        ARENA.upstream().clear();
        ARENA.assertVictimUnharmed();
    }

    @Test
    void SM_28_answersABodyBeyondTheLimitWithoutWaitingForIt() throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            Response response =
                    client.exchange(head("POST /attack HTTP/1.1", "Host: gateway.test", "Content-Length: 10485761"));
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.code()).isEqualTo("body-too-large");
            assertThat(client.end()).isEqualTo(RawClient.End.CLOSED);
        }
        ARENA.assertVictimUnharmed();
    }

    @Test
    void SM_28_breaksOffAChunkedBodyBeyondTheLimit() throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            client.send(post("Transfer-Encoding: chunked"));
            String chunk = "100000\r\n" + "a".repeat(0x100000) + "\r\n";
            for (int i = 0; i < 12; i++) {
                client.send(chunk);
            }
            assertThat(client.response().status()).isEqualTo(413);
        }
        ARENA.assertVictimUnharmed();
    }
}
