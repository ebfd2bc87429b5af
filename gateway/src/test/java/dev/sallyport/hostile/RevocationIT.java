package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Badges;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.Http2Peer;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Threats OA-15, UP-10 and AD-01: what is taken back stops counting, also for responses under way.
class RevocationIT {
    private static final Pattern ID = Pattern.compile("\"id\": \"([0-9a-f]+)\"");

    @TempDir
    private static Path lists = Path.of("");

    /// Streams that go on until somebody ends them.
    private static final EvilUpstream ENDLESS = EvilUpstream.start(gateway -> {
        String head = gateway.readHead();
        if (head.startsWith("GET /short")) {
            gateway.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            return;
        }
        gateway.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        gateway.send("9\r\ndata: 1\n\n\r\n");
        gateway.readAll();
    });

    private static TestGateway gateway;

    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(lists.resolve("revoked.yaml"), "revoked: []\n");
        gateway = TestGateway.of("""
                        version: 1
                        listeners:
                          public: { bind: "127.0.0.1:0", protocols: [http/1.1, h2] }
                        revocation: { list: "%s", check-every: 100ms }
                        upstreams:
                          endless: { endpoints: ["http://127.0.0.1:%d"] }
                        authenticators:
                          staff: { kind: badge }
                        routes:
                          all: { match: {}, access: { authenticate: [staff] }, upstream: endless }
                          open: { match: { path: /open }, access: { optional: [staff] }, upstream: endless }
                        """.formatted(lists.resolve("revoked.yaml"), ENDLESS.port()))
                .with(new Badges.Factory())
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        ENDLESS.close();
    }

    @AfterEach
    void nothingStaysRevoked() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        Matcher id = ID.matcher(gateway.admin("/revocations").body());
        while (id.find()) {
            gateway.admin("DELETE", "/revocations?id=" + id.group(1), "");
        }
        Files.writeString(lists.resolve("revoked.yaml"), "revoked: []\n");
        Eventually.until("nothing is revoked", () -> {
            try {
                return !gateway.admin("/revocations").body().contains("\"id\"");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static String get(String path, String badge) {
        return "GET " + path + " HTTP/1.1\r\nHost: gateway.test\r\nAuthorization: Badge " + badge + "\r\n\r\n";
    }

    /// A client whose response has begun and goes on.
    private RawClient downloading(String badge) throws IOException {
        RawClient client = RawClient.connect(gateway.port());
        open.add(client);
        client.send(get("/events", badge));
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf("data: 1\n\n") < 0) {
            seen.append(client.read(1));
        }
        assertThat(seen.toString()).startsWith("HTTP/1.1 200");
        return client;
    }

    private Response ask(String badge) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange(get("/short", badge));
        }
    }

    private static void revoke(String json) throws IOException {
        Response response = gateway.admin("POST", "/revocations", json);
        assertThat(response.status()).as(response.body()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"jti\": \"t1\", \"issuer\": \"us\"}",
                "{\"subject\": \"alice\", \"authenticator\": \"staff\"}",
                "{\"client\": \"client-alice\"}",
                "{\"subject\": \"alice\", \"issued-before\": \"2020-01-01T00:00:00Z\"}"
            })
    void OA_15_UP_10_aLiveResponseEndsWhenItsCredentialIsRevoked(String json) throws IOException {
        RawClient alice = downloading("us alice t1");
        RawClient bob = downloading("us bob t2");
        assertThat(ask("us alice t1").status()).isEqualTo(200);

        revoke(json);
        Response refused = ask("us alice t1");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.code()).isEqualTo("credential-revoked");
        assertThat(refused.values("www-authenticate").getFirst()).contains("error=\"invalid_token\"");
        assertThat(alice.rest()).doesNotContain("0\r\n\r\n");
        LogLine line = gateway.awaitLogOf(alice);
        assertThat(line.field("gateway.reason")).isEqualTo("access-ended");
        assertThat(line.field("gateway.decision")).isEqualTo("failed");
        assertThat(line.field("user.id")).isEqualTo("alice");
        assertThat(line.field("gateway.credential.id")).isEqualTo("t1");

        assertThat(ask("us bob t2").status()).isEqualTo(200);
        assertThat(gateway.logOf(bob)).isEmpty();
    }

    @Test
    void OA_15_UP_10_aLiveStreamOfHttp2EndsAloneWhenItsCredentialIsRevoked() throws IOException {
        try (Http2Peer peer = Http2Peer.connect(gateway.port())) {
            peer.request(1, true, "GET", "/events", "authorization", "Badge us alice t1");
            peer.request(3, true, "GET", "/events", "authorization", "Badge us bob t2");
            for (int begun = 0; begun < 2; ) {
                Http2Peer.Frame frame = peer.some();
                if (frame.type() == Http2Peer.HEADERS) {
                    assertThat(peer.fields(frame)).contains(":status: 200");
                }
                begun += frame.type() == Http2Peer.DATA && frame.payload().length > 0 ? 1 : 0;
            }
            revoke("{\"jti\": \"t1\"}");
            assertThat(peer.resetCode(1)).isPositive();
            assertThat(peer.alive()).isTrue();
            peer.request(5, true, "GET", "/short", "authorization", "Badge us bob t2");
            assertThat(peer.message(5).status()).isEqualTo("200");
            peer.request(7, true, "GET", "/short", "authorization", "Badge us alice t1");
            assertThat(peer.message(7).status()).isEqualTo("401");
        }
    }

    @Test
    void OA_15_UP_10_aListFileEndsLiveResponsesByItself() throws IOException {
        RawClient alice = downloading("us alice t1");
        Files.writeString(lists.resolve("revoked.yaml"), "revoked:\n  - { subject: alice, reason: left }\n");
        alice.rest();
        assertThat(gateway.awaitLogOf(alice).field("gateway.reason")).isEqualTo("access-ended");
        assertThat(ask("us alice t9").code()).isEqualTo("credential-revoked");
        assertThat(ask("us bob t2").status()).isEqualTo(200);
    }

    @Test
    void UP_10_aLiveResponseEndsWhenItsCredentialExpires() throws IOException {
        long soon = System.currentTimeMillis() / 1000 + 1;
        RawClient alice = downloading("us alice t1 " + soon);
        alice.rest();
        assertThat(System.currentTimeMillis() / 1000).isGreaterThanOrEqualTo(soon);
        assertThat(gateway.awaitLogOf(alice).field("gateway.reason")).isEqualTo("access-ended");
    }

    @Test
    void DP_12_everyRequestOfAConnectionIsLookedAt() throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(get("/short", "us alice t1")).status()).isEqualTo(200);
            revoke("{\"jti\": \"t1\"}");
            assertThat(client.exchange(get("/short", "us bob t2")).status()).isEqualTo(200);
            assertThat(client.exchange(get("/short", "us alice t1")).status()).isEqualTo(401);
        }
    }

    @Test
    void AZ_10_aRevokedCredentialIsNotAnonymous() throws IOException {
        revoke("{\"jti\": \"t1\"}");
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(get("/open", "us alice t1")).status()).isEqualTo(401);
        }
    }

    @Test
    void whatIsRevokedIsCounted() throws IOException {
        double before = gateway.metric("sallyport_revocation_found_total", "");
        revoke("{\"jti\": \"t1\"}");
        ask("us alice t1");
        assertThat(gateway.metric("sallyport_revocation_found_total", "")).isEqualTo(before + 1);
        assertThat(gateway.metric("sallyport_revocation_entries", "operators")).isEqualTo(1);
        assertThat(gateway.metric("sallyport_revocation_age_seconds", "")).isLessThan(10);
    }

    @Test
    void anOperatorSeesAndTakesBack() throws IOException {
        revoke("{\"jti\": \"t1\", \"reason\": \"lost laptop\"}");
        String listed = gateway.admin("/revocations").body();
        assertThat(listed).contains("\"jti\": \"t1\"", "\"source\": \"operator\"", "\"reason\": \"lost laptop\"");
        Matcher id = ID.matcher(listed);
        assertThat(id.find()).isTrue();
        assertThat(gateway.admin("DELETE", "/revocations?id=" + id.group(1), "").status())
                .isEqualTo(200);
        assertThat(ask("us alice t1").status()).isEqualTo(200);
        assertThat(gateway.admin("DELETE", "/revocations?id=" + id.group(1), "").status())
                .isEqualTo(404);
        assertThat(gateway.admin("DELETE", "/revocations", "").status()).isEqualTo(400);
    }

    @Test
    void AD_01_nobodyRevokesWithoutTheAdminToken() throws IOException {
        for (String method : List.of("GET", "POST", "DELETE")) {
            try (RawClient client = RawClient.connect(gateway.gateway().admin().getPort())) {
                String body = method.equals("POST") ? "{\"jti\": \"t1\"}" : "";
                Response response = client.exchange(method + " /revocations HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                assertThat(response.status()).isEqualTo(401);
            }
        }
        assertThat(ask("us alice t1").status()).isEqualTo(200);
    }

    @Test
    void AD_07_aBodyThatIsNoRevocationIsRefused() throws IOException {
        for (String body : List.of(
                "{\"jti\": 1}", "{}", "{\"jti\": \"a\", \"key\": \"b\"}", "{jti: a}", "[]", "{\"jit\": \"a\"}")) {
            Response response = gateway.admin("POST", "/revocations", body);
            assertThat(response.status()).as(body).isEqualTo(422);
        }
        Response past =
                gateway.admin("POST", "/revocations", "{\"jti\": \"a\", \"expires\": \"2020-01-01T00:00:00Z\"}");
        assertThat(past.code()).isEqualTo("revocation-past");
        assertThat(gateway.admin("/revocations").body()).doesNotContain("\"id\"");
    }

    @Test
    void AD_03_whoRevokedWhatIsAnEvent() throws IOException {
        revoke("{\"jti\": \"t-audited\", \"reason\": \"lost\"}");
        assertThat(gateway.events())
                .containsPattern("event=revocation.made .*id=[0-9a-f]{16} what=\"jti=t-audited\" reason=lost");
    }
}
