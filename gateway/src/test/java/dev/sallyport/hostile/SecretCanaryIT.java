package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Badges;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.SyslogCollector;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.otlp.FakeCollector;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Threat LG-02 as a whole: a secret of its own is planted in every slot that a secret can be in, whatever can be
/// logged is logged, and then everything that the gateway ever says is searched for each of them.
class SecretCanaryIT {
    @TempDir
    private Path folder;

    private final Map<String, String> planted = new LinkedHashMap<>();

    /// A secret for `slot`, recognizable in any writing.
    private String plant(String slot) {
        String canary = "cnry" + String.format("%04d", planted.size()) + "zq" + Integer.toHexString(slot.hashCode());
        planted.put(slot, canary);
        return canary;
    }

    private TestGateway gateway(RecordingUpstream upstream, SyslogCollector collector, FakeCollector telemetry)
            throws IOException {
        Files.writeString(folder.resolve("admin"), plant("the admin's token") + "-long-enough-to-be-one");
        Files.writeString(folder.resolve("client"), plant("an oidc client's secret") + "-of-the-client");
        Files.writeString(folder.resolve("hook"), plant("a webhook's secret") + "-0123456789");
        Files.writeString(folder.resolve("audit"), plant("the audit log's key") + "-0123456789-0123456789-0123456789");
        return TestGateway.of("""
                version: 1
                listeners:
                  public: { bind: "127.0.0.1:0", public-url: "https://gateway.test" }
                upstreams:
                  recorder: { endpoints: ["http://127.0.0.1:%1$d"] }
                authenticators:
                  staff: { kind: badge }
                  web: { kind: oidc, issuer: "http://127.0.0.1:9/", client: { id: portal, secret: "${file:%3$s/client}" } }
                routes:
                  web: { match: { path: "/web/**" }, access: { authenticate: [web] }, upstream: recorder }
                  badge: { match: { path: "/badge/**" }, access: { authenticate: [staff] }, upstream: recorder }
                  reset: { match: { path: "/reset/{token}/now" }, access: public, upstream: recorder }
                  open: { match: { path: "/open/**" }, access: public, upstream: recorder }
                observe:
                  signals: { every: 100ms }
                  access-log:
                    to: [stdout, { file: %3$s/access.jsonl }, { syslog: "tcp://127.0.0.1:%2$d" }, { otlp: "%4$s" }]
                    headers:
                      request: [authorization, proxy-authorization, cookie, x-api-key, dpop, x-internal, referer, x-badge,
                        x-auth-token, x-amz-security-token, x-csrf-token]
                      response: [set-cookie, location, authentication-info, x-internal, www-authenticate]
                  audit-log: { to: { file: %3$s/audit.jsonl }, allows: all, key: "${file:%3$s/audit}" }
                  redact: { headers: [x-internal], query: [shop-pin], json: ["$..pin", "$.card.number", "$.list[1]"] }
                  payload: { routes: [open, badge, web], max: 4KiB }
                  notify: [{ webhook: "http://127.0.0.1:9/", secret: "${file:%3$s/hook}" }]
                admin: { bind: "127.0.0.1:0", token: "${file:%3$s/admin}" }
                """.formatted(upstream.port(), collector.port(), folder, telemetry.url()))
                .with(new Badges.Factory())
                .start();
    }

    private String fields() {
        String jwt = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("{\"alg\":\"ES256\",\"x\":\"" + plant("a token's head") + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
        return "Proxy-Authorization: Basic " + plant("proxy-authorization") + "\r\nCookie: sid=" + plant("cookie")
                + "; __Host-sallyport-web=" + plant("the session's cookie") + "\r\nX-Api-Key: " + plant("x-api-key")
                + "\r\nDPoP: " + jwt + "." + plant("a proof") + ".x\r\nX-Internal: " + plant("a configured field")
                + "\r\nX-Badge: " + plant("the authenticator's field") + "\r\nX-Auth-Token: " + plant("x-auth-token")
                + "\r\nX-Amz-Security-Token: " + plant("x-amz-security-token") + "\r\nX-Csrf-Token: "
                + plant("x-csrf-token") + "\r\nReferer: https://shop.test/cb?code=" + plant("a code in a referer")
                + "&state=" + plant("a state in a referer") + "\r\n";
    }

    private String query() {
        StringBuilder query = new StringBuilder("?page=1");
        for (String name : List.of(
                "token",
                "access_token",
                "id_token",
                "refresh_token",
                "api_key",
                "password",
                "client_secret",
                "code",
                "state",
                "sig",
                "shop-pin",
                "user%5Bpassword%5D",
                "p%61sswd",
                "X-Amz-Signature",
                "session")) {
            query.append('&').append(name).append('=').append(plant("query " + name));
        }
        return query.append("&next=%2Fcb%3Ftoken%3D")
                .append(plant("a query within a query"))
                .toString();
    }

    private List<String> requests() {
        List<String> requests = new ArrayList<>();
        for (String path : List.of("/open/a", "/badge/a", "/web/a", "/missing/a")) {
            for (String scheme : List.of("Bearer", "Basic", "DPoP", "Badge", "Digest", "Negotiate", "")) {
                requests.add("GET " + path + query() + " HTTP/1.1\r\nHost: gateway.test\r\nAuthorization: " + scheme
                        + " " + plant("authorization " + scheme + path) + "\r\n" + fields() + "\r\n");
            }
        }
        String json = "{\"a\":1,\"pin\":\"" + plant("json pin") + "\",\"card\":{\"number\":\"" + plant("json card")
                + "\"},\"list\":[0,\"" + plant("json list") + "\"],\"p\\u0069n\":\"" + plant("json escaped")
                + "\",\"newPassword\":\"" + plant("json password") + "\",\"u\":\"/cb?code=" + plant("json url")
                + "\",\"deep\":[[{\"refresh_token\":{\"v\":\"" + plant("json deep") + "\"}}]]}";
        String broken = "{\"a\":1,pin:\"" + plant("json broken") + "\"}";
        String form = "user=ann&password=" + plant("form password") + "&shop_pin=" + plant("form pin") + "&grant="
                + "&client_assertion=" + plant("form assertion");
        String cut = "{\"a\":\"" + "x".repeat(4060) + "\",\"pin\":\""
                + plant("json cut").repeat(9) + "\"}";
        for (String[] body : new String[][] {
            {"application/json", json},
            {"application/vnd.api+json", json},
            {"text/plain", json},
            {"application/x-www-form-urlencoded", json},
            {"application/json", broken},
            {"application/x-www-form-urlencoded", form},
            {"text/plain", form},
            {"application/json", form},
            {"application/json", cut},
            {"application/octet-stream", json},
            {"text/html", form}
        }) {
            requests.add("POST /open/b HTTP/1.1\r\nHost: gateway.test\r\nContent-Type: " + body[0]
                    + "\r\nContent-Length: " + body[1].length() + "\r\n\r\n" + body[1]);
        }
        requests.add("GET /reset/" + plant("a path") + "/now HTTP/1.1\r\nHost: gateway.test\r\n\r\n");
        requests.add("GET http://user:" + plant("user information") + "@gateway.test/open HTTP/1.1\r\nHost: x\r\n\r\n");
        requests.add("GET /open HTTP/" + plant("a version") + "\r\n\r\n");
        requests.add(
                "GET /open HTTP/1.1\r\nHost: gateway.test\r\nAuthorization : " + plant("a broken field") + "\r\n\r\n");
        return requests;
    }

    @Test
    void LG_02_noSecretIsFoundInAnythingThatIsSaid() throws Exception {
        try (RecordingUpstream upstream = RecordingUpstream.start();
                SyslogCollector collector = SyslogCollector.start();
                FakeCollector telemetry = FakeCollector.http()) {
            String answered = "{\"ok\":true,\"access_token\":\"" + plant("an upstream's token") + "\",\"pin\":\""
                    + plant("an upstream's pin") + "\"}";
            String answer =
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: sid=" + plant("set-cookie")
                            + "\r\nX-Internal: " + plant("an upstream's field") + "\r\nLocation: /cb?token="
                            + plant("an upstream's redirect") + "\r\nAuthentication-Info: nextnonce=" + plant("a nonce")
                            + "\r\nContent-Length: " + answered.length() + "\r\n\r\n" + answered;
            upstream.answer(_ -> answer);
            try (TestGateway gateway = gateway(upstream, collector, telemetry)) {
                StringBuilder said = new StringBuilder();
                int sent = 0;
                for (String request : requests()) {
                    try (RawClient client = RawClient.connect(gateway.port())) {
                        Response response = client.exchange(request);
                        sent++;
                        if (response.status() >= 400) {
                            // what the gateway itself answers; an upstream's answers are the upstream's
                            said.append(response.body()).append(response.values("www-authenticate"));
                        }
                    }
                }
                int lines = sent;
                Eventually.until("all is logged", () -> gateway.log().size() >= lines);
                Eventually.until(
                        "all is at the collector", () -> collector.messages().size() >= lines);
                Eventually.until("all is at the other", () -> telemetry.logs().size() >= lines);
                assertThat(gateway.logText())
                        .contains("[redacted]", "gateway.request.body", "http.response.header.set-cookie");
                said.append(gateway.logText())
                        .append(gateway.events())
                        .append(collector.messages())
                        .append(telemetry.logs());
                said.append(Files.readString(folder.resolve("access.jsonl")));
                said.append(Files.readString(folder.resolve("audit.jsonl")));
                for (String page : List.of(
                        "/metrics",
                        "/config",
                        "/status",
                        "/routes",
                        "/refusals",
                        "/alerts",
                        "/findings",
                        "/limits",
                        "/behaviour",
                        "/revocations",
                        "/keys",
                        "/explain?method=GET&url=" + "https://gateway.test/badge/a%3Ftoken="
                                + planted.get("query token"))) {
                    said.append(gateway.admin(page).body());
                }
                planted.forEach((slot, canary) ->
                        assertThat(said.toString()).as("the secret in: " + slot).doesNotContain(canary));
            }
        }
    }

    /// That the search would find something: what is no secret is in all those places.
    @Test
    void whatIsNoSecretIsFound() throws Exception {
        try (RecordingUpstream upstream = RecordingUpstream.start();
                SyslogCollector collector = SyslogCollector.start();
                FakeCollector telemetry = FakeCollector.http();
                TestGateway gateway = gateway(upstream, collector, telemetry);
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.answer(_ -> RecordingUpstream.ok("x"));
            client.exchange("POST /open/harmless?page=harmless HTTP/1.1\r\nHost: gateway.test\r\nReferer: harmless\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"x\":\"harmless\"}");
            String line = gateway.awaitLogOf(client).text();
            assertThat(line.split("harmless", -1)).hasSize(5);
            Eventually.until(
                    "it is at the collector", () -> !collector.messages().isEmpty());
            assertThat(collector.messages().getFirst()).endsWith(line);
            assertThat(Files.readString(folder.resolve("access.jsonl"))).contains(line);
            Eventually.until("it is at the other", () -> !telemetry.logs().isEmpty());
            LogRecord record = telemetry.logs().getFirst();
            assertThat(FakeCollector.attributes(record.getAttributesList()))
                    .containsEntry("url.path", "/open/harmless")
                    .containsEntry("url.query", "page=harmless")
                    .containsEntry("gateway.request.body.text", "{\"x\":\"harmless\"}")
                    .containsEntry("http.response.status_code", "200")
                    .doesNotContainKeys("trace_id", "timestamp", "severity");
            assertThat(record.getBody().getStringValue()).isEqualTo("POST /open/harmless 200");
            assertThat(record.getSeverityText()).isEqualTo("INFO");
            assertThat(line)
                    .contains(HexFormat.of().formatHex(record.getTraceId().toByteArray()));
        }
    }
}
