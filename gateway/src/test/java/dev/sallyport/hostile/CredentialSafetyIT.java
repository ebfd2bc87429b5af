package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Badges;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Response;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Threats LG-02, AK-03 and HD-06: what callers show is seen by their authenticator and nobody else; and what the
/// log says of them instead.
class CredentialSafetyIT {
    private static final String CANARY = "canary0secret";
    private static final String QUERY = "?token=" + CANARY + "&access_token=" + CANARY + "&api_key=" + CANARY + "&key="
            + CANARY + "&password=" + CANARY + "&client_secret=" + CANARY + "&id_token=" + CANARY + "&code=" + CANARY;

    @RegisterExtension
    static final Arena ARENA = new Arena("""
            version: 1
            listeners:
              public: { bind: "127.0.0.1:0" }
            upstreams:
              recorder: { endpoints: ["http://127.0.0.1:$PORT"] }
            authenticators:
              staff: { kind: badge }
            routes:
              all: { match: {}, access: { authenticate: [staff] }, upstream: recorder }
              maybe: { match: { path: "/maybe/**" }, access: { optional: [staff] }, upstream: recorder }
              victims: { match: { path: "/public/**" }, access: public, upstream: recorder }
            """).with(new Badges.Factory());

    private static String request(String path, String authorization) {
        return "GET " + path + QUERY + " HTTP/1.1\r\nHost: gateway.test\r\n"
                + (authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n")
                + "X-Api-Key: " + CANARY + "\r\nX-Badge: " + CANARY + "\r\nCookie: sid=" + CANARY
                + "\r\nDPoP: " + CANARY + "\r\nProxy-Authorization: Basic " + CANARY + "\r\n\r\n";
    }

    @Test
    void LG_02_noCredentialIsWrittenAnywhere() throws IOException {
        for (String path : List.of("/", "/maybe/a", "/public/a")) {
            for (String authorization : List.of(
                    "",
                    "Badge " + CANARY,
                    "Badge other alice " + CANARY + "-not-taken",
                    "Bearer " + CANARY,
                    "Basic " + CANARY,
                    "DPoP " + CANARY,
                    CANARY)) {
                try (RawClient client = ARENA.client()) {
                    Response response = client.exchange(request(path, authorization));
                    if (response.status() >= 400) {
                        assertThat(response.body()).doesNotContain(CANARY);
                    }
                    assertThat(String.join(" ", response.values("www-authenticate")))
                            .doesNotContain(CANARY);
                    ARENA.gateway().awaitLogOf(client);
                }
            }
        }
        assertThat(ARENA.gateway().logText()).doesNotContain(CANARY);
        assertThat(ARENA.gateway().events()).doesNotContain(CANARY);
        assertThat(ARENA.gateway().metrics()).doesNotContain(CANARY);
        for (String page : List.of("/config", "/status", "/routes", "/revocations")) {
            assertThat(ARENA.gateway().admin(page).body()).doesNotContain(CANARY);
        }
    }

    @Test
    void HD_06_credentialsOfTheRoutesAuthenticatorsReachNoUpstream() throws IOException {
        for (String path : List.of("/", "/maybe/a")) {
            ARENA.upstream().clear();
            try (RawClient client = ARENA.client()) {
                assertThat(client.exchange(request(path, "Badge us alice t1")).status())
                        .isEqualTo(200);
            }
            assertThat(ARENA.upstream().lastRequest().names()).doesNotContain("authorization", "x-badge");
        }
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            assertThat(client.exchange(request("/maybe/a", "")).status()).isEqualTo(200);
        }
        assertThat(ARENA.upstream().lastRequest().names()).doesNotContain("authorization", "x-badge");
    }

    @Test
    void theLogSaysWhoWasLetInAndWhyOthersWereNot() throws IOException {
        try (RawClient client = ARENA.client()) {
            client.exchange(request("/", "Badge us alice t1"));
            LogLine line = ARENA.gateway().awaitLogOf(client);
            assertThat(line.field("gateway.decision")).isEqualTo("allowed");
            assertThat(line.field("user.id")).isEqualTo("alice");
            assertThat(line.field("gateway.authenticator")).isEqualTo("staff");
            assertThat(line.field("gateway.credential.id")).isEqualTo("t1");
            assertThat(line.field("gateway.rule")).isEqualTo("authenticated");
        }
        assertReason("", "credential-missing");
        assertReason("Badge " + CANARY, "badge-bad");
        assertReason("Badge other alice t1", "badge-of-other");
        assertThat(ARENA.gateway().metrics()).containsPattern("sallyport_refusals_total.*reason=\"badge-bad\"");
    }

    private static void assertReason(String authorization, String reason) throws IOException {
        try (RawClient client = ARENA.client()) {
            assertThat(client.exchange(request("/", authorization)).code()).isEqualTo(reason);
            LogLine line = ARENA.gateway().awaitLogOf(client);
            assertThat(line.field("gateway.decision")).isEqualTo("refused");
            assertThat(line.field("gateway.reason")).isEqualTo(reason);
            assertThat(line.fields()).doesNotContainKeys("user.id", "gateway.credential.id", "gateway.rule");
        }
    }

    @Test
    void metadataTellsWhereTokensComeFrom() throws IOException {
        try (RawClient client = ARENA.client()) {
            Response response =
                    client.exchange("GET /.well-known/oauth-protected-resource HTTP/1.1\r\nHost: gateway.test\r\n\r\n");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.value("content-type")).isEqualTo("application/json");
            assertThat(response.body())
                    .isEqualTo("{\"resource\":\"http://gateway.test\",\"authorization_servers\":[\"https://us.test\"],"
                            + "\"bearer_methods_supported\":[\"header\"]}\n");
        }
    }
}
