package dev.sallyport.extension.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.extension.authz.envoy.FakeExtAuthz;
import dev.sallyport.extension.authz.opa.FakeOpa;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.FakeIssuer;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.TestKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Policy servers, end to end: the examples of `docs/external-authorization.md` before servers of both kinds.
class ExternalAuthorizationIT {
    private static final TestKey KEY = TestKey.of("one", "ES256");
    private static final Pattern BLOCK = Pattern.compile("```(yaml|json)\n(.*?)```", Pattern.DOTALL);
    private static final String STREAM = """
              events: { match: { path: "/events" }, access: { authenticate: [staff], ask: [policies] }, upstream: endless }
            """;

    private final FakeIssuer issuer = FakeIssuer.of(KEY);
    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final EvilUpstream endless = EvilUpstream.start(gateway -> {
        gateway.readHead();
        gateway.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        gateway.send("9\r\ndata: 1\n\n\r\n");
        gateway.readAll();
    });
    private final AtomicInteger serial = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // each test begins with it
    private FakePolicyServer server;

    @SuppressWarnings("NullAway.Init") // each test begins with it
    private TestGateway gateway;

    enum Kind {
        OPA("http://127.0.0.1:8181/v1/data/shop/authz"),
        EXT_AUTHZ("http://127.0.0.1:9191");

        private final String documented;

        Kind(String documented) {
            this.documented = documented;
        }

        FakePolicyServer start() {
            return switch (this) {
                case OPA -> new FakeOpa();
                case EXT_AUTHZ -> new FakeExtAuthz();
            };
        }
    }

    private static Stream<String> blocks(String language) throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("../docs/external-authorization.md")))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map((MatchResult block) -> block.group(2));
    }

    /// The example of the page for this kind, with the ports of this test, and a route to what never ends.
    private String yaml(Kind kind) throws IOException {
        return yaml(kind, "5s"); // a slow machine is no slow server
    }

    private String yaml(Kind kind, String timeout) throws IOException {
        String example = blocks("yaml")
                .filter(block -> block.contains(kind.documented))
                .findFirst()
                .orElseThrow();
        return example.replace(kind.documented, server.url())
                        .replace("timeout: 500ms", "timeout: " + timeout)
                        .replace(
                                "    recheck: 5s\n",
                                "    recheck: 5s\n    limits: { timeout: %s }\n".formatted(timeout))
                        .replace("https://id.example.com", issuer.name())
                        .replace("127.0.0.1:8080", "127.0.0.1:0")
                        .replace("http://127.0.0.1:9001", "http://127.0.0.1:" + upstream.port())
                        .replace(
                                "upstreams:\n",
                                "upstreams:\n  endless: { endpoints: [\"http://127.0.0.1:%d\"] }\n"
                                        .formatted(endless.port()))
                + STREAM;
    }

    private void start(Kind kind) throws IOException {
        server = kind.start();
        server.allow(Map.of());
        gateway = TestGateway.start(yaml(kind));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        server.release();
        server.close();
        upstream.close();
        endless.close();
        issuer.close();
    }

    private String token() {
        long now = System.currentTimeMillis() / 1000;
        return KEY.token("{\"iss\":\"" + issuer.name() + "\",\"sub\":\"anna\",\"aud\":\"orders-api\",\"iat\":" + now
                + ",\"exp\":" + (now + 300) + ",\"jti\":\"" + serial.incrementAndGet()
                + "\",\"tenant\":\"acme\",\"department\":\"orders\",\"realm_access\":{\"roles\":[\"clerk\"]}}");
    }

    private static String get(String path, String token, String... fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: shop.example.com\r\nAuthorization: Bearer " + token + "\r\n"
                + (fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n") + "\r\n";
    }

    private Response ask(String path, String... fields) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange(get(path, token(), fields));
        }
    }

    // ---- decisions

    @ParameterizedTest
    @EnumSource(Kind.class)
    void allowsWhatTheServerAllowsAndTellsTheUpstreamWhatItMay(Kind kind) throws IOException {
        start(kind);
        server.allow(Map.of("x-quota", "100", "x-evil", "1"));
        Response response = ask("/orders/7", "X-Quota: 1000000", "X-Evil: 2");
        assertThat(response.status()).isEqualTo(200);
        assertThat(upstream.lastRequest().values("x-quota")).containsExactly("100");
        assertThat(upstream.lastRequest().values("x-evil")).containsExactly("2");
        assertThat(server.lastQuestion()).contains("/orders/7", "anna").doesNotContain("Bearer", "1000000");
        assertThat(gateway.metric(
                        "sallyport_authorizer_decisions_total", "authorizer=\"policies\",outcome=\"allowed\""))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void deniesWhatTheServerDenies(Kind kind) throws IOException {
        start(kind);
        server.deny(0, "");
        try (RawClient client = RawClient.connect(gateway.port())) {
            Response response = client.exchange(get("/orders/7", token()));
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.code()).isEqualTo("access-denied");
            LogLine line = gateway.awaitLogOf(client);
            assertThat(line.field("gateway.reason")).isEqualTo("policy-denied");
            assertThat(line.field("gateway.rule")).isEqualTo("ask policies");
            assertThat(line.field("user.id")).isEqualTo("anna");
        }
        server.deny(401, "");
        Response challenged = ask("/orders/7");
        assertThat(challenged.status()).isEqualTo(401);
        assertThat(challenged.value("www-authenticate")).startsWith("Bearer");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void theServerIsToldWhatThePageShows() throws IOException {
        start(Kind.OPA);
        assertThat(ask("/orders/7", "X-Channel: web").status()).isEqualTo(200);
        assertThat(server.lastQuestion())
                .isEqualTo(blocks("json").findFirst().orElseThrow().replaceAll("\\s+", ""));
    }

    // ---- no decision, no pass

    @ParameterizedTest
    @EnumSource(Kind.class)
    void AZ_11_aServerThatIsDownLetsNobodyIn(Kind kind) throws IOException {
        start(kind);
        server.close();
        try (RawClient client = RawClient.connect(gateway.port())) {
            Response response = client.exchange(get("/orders/7", token()));
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.code()).isEqualTo("authorizer-unavailable");
            assertThat(response.value("retry-after")).isEqualTo("1");
            assertThat(gateway.awaitLogOf(client).field("gateway.reason")).isEqualTo("authorizer-unavailable");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void AZ_11_aSlowServerLetsNobodyInAndHoldsUpNobodyElse(Kind kind) throws IOException {
        start(kind);
        gateway.reload(yaml(kind, "300ms"));
        server.stall();
        try (RawClient waiting = RawClient.connect(gateway.port())) {
            waiting.send(get("/orders/7", token()));
            Eventually.until("a question", () -> server.asked() == 1);
            assertThat(ask("/elsewhere").status()).isEqualTo(404);
            assertThat(gateway.logOf(waiting)).isEmpty();
            Response response = waiting.response();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.code()).isEqualTo("authorizer-unavailable");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void AZ_11_aServerThatFailsIsLeftAloneAndComesBack(Kind kind) throws IOException {
        start(kind);
        server.fail();
        while (!gateway.events().contains("authorizer.failing")) {
            assertThat(ask("/orders/7").status()).isEqualTo(503);
        }
        int asked = server.asked();
        server.allow(Map.of());
        assertThat(ask("/orders/7").status()).isEqualTo(503);
        assertThat(server.asked()).isEqualTo(asked);
        assertThat(gateway.metric("sallyport_authorizer_paused", "authorizer=\"policies\""))
                .isEqualTo(1);
        Eventually.until("the server is asked again", this::passes);
        assertThat(gateway.events()).contains("authorizer.recovered");
    }

    private boolean passes() {
        try {
            return ask("/orders/7").status() == 200;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- live responses, reloads, trials

    private RawClient streaming() throws IOException {
        RawClient client = RawClient.connect(gateway.port());
        client.send(get("/events", token()));
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf("data: 1\n\n") < 0) {
            seen.append(client.read(1));
        }
        return client;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void AZ_06_UP_10_aLiveStreamEndsWhenTheServerChangesItsMind(Kind kind) throws IOException {
        start(kind);
        gateway.reload(withRecheck(kind));
        try (RawClient client = streaming()) {
            int asked = server.asked();
            Eventually.until("two more questions", () -> server.asked() > asked + 1);
            assertThat(gateway.logOf(client)).isEmpty();
            server.deny(0, "");
            assertThat(client.rest()).doesNotContain("0\r\n\r\n");
            LogLine line = gateway.awaitLogOf(client);
            assertThat(line.field("gateway.reason")).isEqualTo("access-ended");
            assertThat(line.field("gateway.rule")).isEqualTo("ask policies");
        }
    }

    @Test
    void AZ_11_UP_10_aLiveStreamEndsWhenTheServerStaysAway() throws IOException {
        start(Kind.OPA);
        gateway.reload(withRecheck(Kind.OPA));
        try (RawClient client = streaming()) {
            server.fail();
            client.rest();
            assertThat(gateway.awaitLogOf(client).field("gateway.rule")).isEqualTo("ask policies");
            assertThat(server.asked()).isGreaterThanOrEqualTo(3);
        }
    }

    /// The shortest time, and nothing remembered.
    private String withRecheck(Kind kind) throws IOException {
        String yaml = yaml(kind).replace("    cache: { positive: 5s }\n", "").replace("    recheck: 5s\n", "");
        return yaml.replace("    headers: [x-quota]\n", "    headers: [x-quota]\n    recheck: 1s\n");
    }

    @Test
    void AZ_06_aReloadKeepsWhatIsRememberedWhereNothingChangedForIt() throws IOException {
        start(Kind.OPA);
        String yaml = yaml(Kind.OPA).replace("positive: 5s", "positive: 10m");
        gateway.reload(yaml);
        String token = token();
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(get("/orders/7", token)).status()).isEqualTo(200);
            int asked = server.asked();
            server.deny(0, "");
            assertThat(client.exchange(get("/orders/7", token)).status()).isEqualTo(200);
            gateway.reload(yaml + "  more: { match: { path: /more }, access: public, upstream: orders }\n");
            assertThat(client.exchange(get("/orders/7", token)).status()).isEqualTo(200);
            assertThat(server.asked()).isEqualTo(asked);
            assertThat(client.exchange(get("/orders/8", token)).status()).isEqualTo(403);
            assertThat(ask("/orders/7").status()).isEqualTo(403);
            gateway.reload(yaml.replace("positive: 10m", "positive: 9m"));
            assertThat(client.exchange(get("/orders/7", token)).status()).isEqualTo(403);
        }
    }

    @Test
    void onTrialWhatTheServerDeniesPassesAndIsLogged() throws IOException {
        start(Kind.OPA);
        for (Runnable behaviour : new Runnable[] {() -> server.deny(0, ""), server::fail}) {
            behaviour.run();
            try (RawClient client = RawClient.connect(gateway.port())) {
                Response response = client.exchange(get("/trial", token(), "X-Quota: 1000000"));
                assertThat(response.status()).isEqualTo(200);
                assertThat(upstream.lastRequest().values("x-quota")).isEmpty();
                assertThat(gateway.awaitLogOf(client).field("gateway.shadow_rule"))
                        .isEqualTo("ask policies");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aRunningGatewayAsksTheServerToExplain(Kind kind) throws IOException {
        start(kind);
        String question = "{\"method\":\"GET\",\"url\":\"http://shop.example.com/orders/7\",\"roles\":[\"clerk\"]}";
        assertThat(gateway.admin("POST", "/explain", question).body()).contains("\"decision\": \"allowed\"");
        server.deny(0, "");
        String other = question.replace("/7", "/8");
        assertThat(gateway.admin("POST", "/explain", other).body())
                .contains("\"decision\": \"refused\"", "ask policies", "policy-denied");
        server.fail();
        String third = question.replace("/7", "/9");
        assertThat(gateway.admin("POST", "/explain", third).body())
                .contains("\"decision\": \"refused\"", "authorizer-unavailable", "\"answer\": \"unknown\"");
    }
}
