package dev.sallyport.extension.authn.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeIssuer;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.TestKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tokens at a real gateway, with keys of an issuer that can be made to fail.
class JwtIT {
    private static final TestKey OLD = TestKey.of("old", "ES256");
    private static final TestKey NEW = TestKey.of("new", "ES256");

    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final FakeIssuer issuer = FakeIssuer.of(OLD);
    private final AtomicInteger serial = new AtomicInteger();

    @AfterEach
    void stop() throws IOException {
        issuer.close();
        upstream.close();
    }

    private String yaml(String access) {
        return """
                version: 1
                listeners:
                  public:
                    bind: 127.0.0.1:0
                upstreams:
                  only:
                    endpoints: ["http://127.0.0.1:%d"]
                authenticators:
                  staff:
                    kind: jwt
                    issuer: %s
                    audience: orders-api
                    algorithms: [ES256, RS256]
                    refresh: { every: 1h, cooldown: 1s }
                routes:
                  all:
                    match: { path: "/**" }
                    access: { %s }
                    upstream: only
                """.formatted(upstream.port(), issuer.name(), access);
    }

    private TestGateway start() {
        return TestGateway.start(yaml("authenticate: [staff]"));
    }

    private String token(TestKey key) {
        long now = System.currentTimeMillis() / 1000;
        return key.token("{\"iss\":\"" + issuer.name() + "\",\"sub\":\"anna\",\"aud\":\"orders-api\",\"iat\":" + now
                + ",\"exp\":" + (now + 300) + ",\"jti\":\"" + serial.incrementAndGet() + "\"}");
    }

    private static String request(String fields) {
        return "GET /orders HTTP/1.1\r\nHost: shop.example.com\r\n" + fields + "\r\n";
    }

    private static String bearer(String token) {
        return request("Authorization: Bearer " + token + "\r\n");
    }

    private static Response ask(TestGateway gateway, String request) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange(request);
        }
    }

    @Test
    void letsAProvenCallerInAndKeepsTheToken() throws IOException {
        try (TestGateway gateway = start();
                RawClient client = RawClient.connect(gateway.port())) {
            String token = token(OLD);
            for (int i = 0; i < 3; i++) {
                assertThat(client.exchange(bearer(token)).status()).isEqualTo(200);
            }
            assertThat(upstream.octets()).noneMatch(octets -> octets.contains(token));
            assertThat(gateway.metric("sallyport_tokens_total", "outcome=\"verified\""))
                    .isEqualTo(1);
            assertThat(gateway.metric("sallyport_tokens_total", "outcome=\"remembered\""))
                    .isEqualTo(2);
            assertThat(gateway.metric("sallyport_key_set_keys", "authenticator=\"staff\""))
                    .isEqualTo(1);
            assertThat(gateway.events()).contains("verification.by").contains("keys.loaded");
        }
    }

    @Test
    void tellsWhatIsMissingAndWhatIsWrong() throws IOException {
        try (TestGateway gateway = start()) {
            Response missing = ask(gateway, request(""));
            assertThat(missing.status()).isEqualTo(401);
            assertThat(missing.value("www-authenticate")).startsWith("Bearer resource_metadata=");
            Response forged = ask(gateway, bearer(NEW.token("{\"alg\":\"ES256\",\"kid\":\"old\"}", claims())));
            assertThat(forged.status()).isEqualTo(401);
            assertThat(forged.code()).isEqualTo("token-signature");
            assertThat(forged.value("www-authenticate"))
                    .startsWith("Bearer error=\"invalid_token\", error_description=\"");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    private String claims() {
        long now = System.currentTimeMillis() / 1000;
        return "{\"iss\":\"" + issuer.name() + "\",\"sub\":\"eve\",\"aud\":\"orders-api\",\"exp\":" + (now + 300)
                + ",\"jti\":\"" + serial.incrementAndGet() + "\"}";
    }

    @Test
    void aBadTokenIsNeverAnonymous() throws IOException {
        try (TestGateway gateway = TestGateway.start(yaml("optional: [staff]"))) {
            assertThat(ask(gateway, request("")).status()).isEqualTo(200);
            assertThat(ask(gateway, bearer(token(NEW))).status()).isEqualTo(401);
            assertThat(ask(gateway, bearer("opaque")).status()).isEqualTo(401);
            assertThat(ask(gateway, bearer("a b")).status()).isEqualTo(400);
        }
    }

    @Test
    void JW_20_rotationLosesNoRequest() throws Exception {
        try (TestGateway gateway = start();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean goOn = new AtomicBoolean(true);
            List<Future<List<Integer>>> statuses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                statuses.add(callers.submit(() -> keepAsking(gateway, goOn)));
            }
            issuer.keys(OLD, NEW);
            assertThat(ask(gateway, bearer(token(NEW))).status())
                    .as("the first token of the new key")
                    .isEqualTo(200);
            for (int i = 0; i < 20; i++) {
                assertThat(ask(gateway, bearer(token(i % 2 == 0 ? OLD : NEW))).status())
                        .isEqualTo(200);
            }
            goOn.set(false);
            for (Future<List<Integer>> one : statuses) {
                assertThat(one.get(10, TimeUnit.SECONDS)).isNotEmpty().containsOnly(200);
            }
        }
    }

    private List<Integer> keepAsking(TestGateway gateway, AtomicBoolean goOn) throws IOException {
        List<Integer> statuses = new ArrayList<>();
        try (RawClient client = RawClient.connect(gateway.port())) {
            while (goOn.get() || statuses.isEmpty()) {
                statuses.add(client.exchange(bearer(token(OLD))).status());
            }
        }
        return statuses;
    }

    @Test
    void JW_20_aKeyTakenBackEndsWhatItVerified() throws IOException {
        try (TestGateway gateway = start()) {
            String token = token(OLD);
            assertThat(ask(gateway, bearer(token)).status()).isEqualTo(200);
            issuer.keys(NEW);
            assertThat(ask(gateway, bearer(token(NEW))).status()).isEqualTo(200);
            assertThat(ask(gateway, bearer(token)).code()).isEqualTo("token-key");
        }
    }

    @Test
    void JW_18_aStormOfUnknownKeysAsksTheIssuerLittle() throws IOException {
        try (TestGateway gateway = start();
                RawClient honest = RawClient.connect(gateway.port());
                RawClient storm = RawClient.connect(gateway.port())) {
            long begun = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                String header = "{\"alg\":\"ES256\",\"kid\":\"random-" + i + "\"}";
                assertThat(storm.exchange(bearer(NEW.token(header, claims()))).code())
                        .isEqualTo("token-key");
                if (i % 20 == 0) {
                    assertThat(honest.exchange(bearer(token(OLD))).status()).isEqualTo(200);
                }
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
            assertThat(issuer.keySetsServed()).isLessThanOrEqualTo(1 + 1 + (int) seconds);
        }
    }

    @Test
    void JW_19_goesOnWithTheLastGoodKeys() throws IOException {
        try (TestGateway gateway = start()) {
            issuer.status(500);
            assertThat(ask(gateway, bearer(token(NEW))).code()).isEqualTo("token-key");
            assertThat(ask(gateway, bearer(token(OLD))).status()).isEqualTo(200);
            issuer.status(200).keys("{\"keys\":[]}");
            assertThat(ask(gateway, bearer(token(OLD))).status()).isEqualTo(200);
        }
    }

    @Test
    void JW_19_withoutKeysNobodyCanSayWhoIsGood() throws IOException {
        issuer.status(500);
        try (TestGateway gateway = start()) {
            Response refused = ask(gateway, bearer(token(OLD)));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("keys-unavailable");
            assertThat(refused.values("retry-after")).isNotEmpty();
            assertThat(gateway.events()).contains("authenticator.not_ready").contains("keys.failed");
            issuer.status(200);
            Eventually.until("keys are fetched", () -> {
                try {
                    return ask(gateway, bearer(token(OLD))).status() == 200;
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Test
    void JW_18_aFloodOfForgedTokensDisturbsNoHonestCaller() throws Exception {
        try (TestGateway gateway = start();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch begun = new CountDownLatch(8);
            AtomicBoolean goOn = new AtomicBoolean(true);
            List<Future<List<Integer>>> forged = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                forged.add(callers.submit(() -> forge(gateway, begun, goOn)));
            }
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            try (RawClient honest = RawClient.connect(gateway.port())) {
                for (int i = 0; i < 30; i++) {
                    assertThat(honest.exchange(bearer(token(OLD))).status()).isEqualTo(200);
                }
            }
            goOn.set(false);
            for (Future<List<Integer>> one : forged) {
                assertThat(one.get(10, TimeUnit.SECONDS))
                        .isNotEmpty()
                        .allMatch(status -> status == 401 || status == 429);
            }
        }
    }

    private List<Integer> forge(TestGateway gateway, CountDownLatch begun, AtomicBoolean goOn) throws IOException {
        List<Integer> statuses = new ArrayList<>();
        String header = "{\"alg\":\"ES256\",\"kid\":\"old\"}";
        String template = NEW.token(header, claims());
        String signature = template.substring(template.lastIndexOf('.'));
        try (RawClient client = RawClient.connect(gateway.port())) {
            while (goOn.get()) {
                String unsigned = TestKey.base64(header.getBytes(java.nio.charset.StandardCharsets.UTF_8)) + "."
                        + TestKey.base64(claims().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                statuses.add(client.exchange(bearer(unsigned + signature)).status());
                begun.countDown();
            }
        }
        return statuses;
    }

    @Test
    void aReloadKeepsWhatIsKnown() throws IOException {
        try (TestGateway gateway = start()) {
            String token = token(OLD);
            assertThat(ask(gateway, bearer(token)).status()).isEqualTo(200);
            gateway.reload(yaml("authenticate: [staff], pass-credential: true"));
            assertThat(ask(gateway, bearer(token)).status()).isEqualTo(200);
            assertThat(gateway.metric("sallyport_tokens_total", "outcome=\"remembered\""))
                    .isEqualTo(1);
            assertThat(issuer.keySetsServed()).isEqualTo(1);
        }
    }

    @Test
    void JW_24_aTokenThatWorksOnceIsNotTakenAgainAfterARestart() throws IOException {
        String yaml = yaml("authenticate: [staff]")
                .replace(
                        "audience: orders-api",
                        "audience: orders-api\n    max-lifetime: 15m\n    clock-skew: 0s\n    replay: { single-use: true }");
        AtomicReference<String> used = new AtomicReference<>("");
        try (TestGateway gateway = TestGateway.start(yaml)) {
            Eventually.until("a token of a later second than the start", () -> {
                used.set(token(OLD));
                return answer(gateway, used.get()).status() == 200;
            });
            assertThat(answer(gateway, used.get()).code()).isEqualTo("token-replayed");
        }
        int taken = upstream.requests().size();
        try (TestGateway gateway = TestGateway.start(yaml)) {
            Response again = answer(gateway, used.get());
            assertThat(again.status()).isEqualTo(401);
            assertThat(again.code()).isEqualTo("token-before-restart");
            assertThat(again.value("www-authenticate")).startsWith("Bearer error=\"invalid_token\"");
            assertThat(upstream.requests()).hasSize(taken);
            Eventually.until(
                    "a new token is taken", () -> answer(gateway, token(OLD)).status() == 200);
        }
    }

    private static Response answer(TestGateway gateway, String token) {
        try {
            return ask(gateway, bearer(token));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
