package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.telemetry.Json;
import dev.sallyport.testing.Badges;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FullDisk;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Threats LG-06, LG-08, LG-02 and AD-03: the audit log of a gateway at work.
class AuditIT {
    private static final String YAML = """
            version: 1
            listeners:
              public: { bind: "127.0.0.1:0" }
            upstreams:
              recorder: { endpoints: ["http://127.0.0.1:$PORT"] }
            authenticators:
              staff: { kind: badge }
            routes:
              orders: { match: { path: "/orders/**" }, access: { authenticate: [staff] }, upstream: recorder }
              payments:
                match: { path: "/payments/**" }
                access: { authenticate: [staff] }
                audit: required
                upstream: recorder
              public: { match: { path: "/public/**" }, access: public, upstream: recorder }
            observe:
              audit-log: { to: { file: audit.jsonl }, allows: [orders] }
            """;

    private final RecordingUpstream upstream = RecordingUpstream.start();
    private TestGateway gateway = TestGateway.of("");

    @BeforeEach
    void start() {
        gateway = TestGateway.of(yaml()).with(new Badges.Factory()).start();
    }

    private String yaml() {
        return YAML.replace("$PORT", Integer.toString(upstream.port()));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    private Path file() {
        return gateway.file().resolveSibling("audit.jsonl");
    }

    private String text() {
        try {
            String all = Files.readString(file());
            return all.substring(0, all.lastIndexOf('\n') + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Map<String, Object>> entries(String event) {
        return Json.lines(text().getBytes(java.nio.charset.StandardCharsets.UTF_8)).stream()
                .filter(entry -> event.equals(entry.get("event")))
                .toList();
    }

    private List<Map<String, Object>> await(String event, int count) {
        return Eventually.present(count + " times " + event, () -> {
            List<Map<String, Object>> found = entries(event);
            return found.size() >= count ? found : null;
        });
    }

    private Response get(String path, String... fields) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange(Messages.get(path, fields));
        }
    }

    @Test
    void LG_06_everyDenialAndEveryChosenAllowIsRecorded() throws IOException {
        assertThat(get("/orders/7").status()).isEqualTo(401);
        assertThat(get("/orders/7", "Authorization: Badge us alice t1").status())
                .isEqualTo(200);
        assertThat(get("/payments/7", "Authorization: Badge us alice t1").status())
                .isEqualTo(200);
        assertThat(get("/public/7").status()).isEqualTo(200);
        assertThat(get("/nowhere").status()).isEqualTo(404);
        assertThat(await("access.denied", 1).getFirst())
                .containsEntry("gateway.reason", "credential-missing")
                .containsEntry("gateway.route", "orders")
                .containsEntry("client.address", "127.0.0.1")
                .containsEntry("http.response.status_code", 401L)
                .containsKeys("http.request.id", "gateway.config");
        assertThat(await("access.allowed", 2))
                .extracting(entry -> entry.get("gateway.route"))
                .containsExactlyInAnyOrder("orders", "payments");
        assertThat(entries("access.allowed").getFirst())
                .containsEntry("user.id", "alice")
                .containsEntry("gateway.authenticator", "staff")
                .containsEntry("gateway.credential.id", "t1")
                .containsEntry("gateway.rule", "authenticated");
    }

    @Test
    void AD_03_LG_06_whatOperatorsDoIsRecorded() throws IOException {
        gateway.admin("POST", "/revocations", "{\"subject\": \"bob\", \"reason\": \"left\"}");
        gateway.admin("POST", "/keys/rotate", "");
        gateway.admin("GET", "/status", "");
        gateway.admin("POST", "/reload", "");
        Files.writeString(gateway.file(), Files.readString(gateway.file()) + "more: 1\n");
        gateway.admin("POST", "/reload", "");
        List<Map<String, Object>> acts = await("admin.request", 4);
        assertThat(acts)
                .extracting(entry -> entry.get("http.request.method") + " " + entry.get("url.path") + " "
                        + entry.get("http.response.status_code"))
                .containsExactly(
                        "POST /revocations 201", "POST /keys/rotate 409", "POST /reload 200", "POST /reload 422");
        assertThat(acts)
                .allSatisfy(entry -> assertThat(entry)
                        .containsEntry("admin.identity", "admin-token")
                        .containsEntry("client.address", "127.0.0.1"));
        assertThat(acts.getLast()).containsEntry("gateway.reason", "config-refused");
        assertThat(entries("revocation.made").getFirst().toString()).contains("bob");
        assertThat(entries("config.loaded").getFirst())
                .containsEntry("config.before", "none")
                .containsKeys("config.version", "config.trigger");
        assertThat(entries("config.unchanged")).hasSize(1);
        assertThat(entries("config.refused").getFirst().toString()).contains("more", "config.version=1-");
        try (RawClient client = RawClient.connect(gateway.gateway().admin().getPort())) {
            client.exchange(Messages.head(
                    "POST /reload HTTP/1.1",
                    "Host: localhost",
                    "Authorization: Bearer not-this-one-here",
                    "Content-Length: 0"));
        }
        assertThat(await("admin.request", 5).getLast())
                .containsEntry("admin.identity", "nobody")
                .containsEntry("http.response.status_code", 401L);
        assertThat(text()).doesNotContain(gateway.gateway().adminToken(), "not-this-one-here");
        assertThat(gateway.admin("/status").body()).contains("\"audit-log\": {", "\"state\": \"writing\"");
    }

    @Test
    void startAndStopAreRecordedAndTheChainIsWhole() throws IOException {
        get("/orders/1");
        await("start.done", 1);
        gateway.gateway().close();
        assertThat(text().lines().toList())
                .first()
                .asString()
                .contains("\"event\":\"audit_log.opened\",\"reason\":\"created\"");
        assertThat(entries("drain.begun")).hasSize(1);
        assertThat(text().lines().toList()).last().asString().contains("audit_log.closed");
        assertThat(gateway.events()).contains("event=audit_log.opened", "event=audit_log.closed");
        assertThat(dev.sallyport.extension.observe.audit.Verification.of(
                                List.of(file()),
                                new dev.sallyport.extension.observe.audit.Verification.Options(
                                        List.of(), null, null, true))
                        .problems())
                .isEmpty();
    }

    @Test
    void LG_08_requiredRoutesAreNotServedUnrecorded() throws IOException {
        String badge = "Authorization: Badge us alice t1";
        assertThat(get("/payments/1", badge).status()).isEqualTo(200);
        await("access.allowed", 1);
        FullDisk disk = FullDisk.under(file());
        // found out by the first that cannot be written
        get("/orders/1");
        Eventually.until("it fails", () -> gateway.events().contains("event=audit_log.failing"));
        upstream.clear();
        Response refused = get("/payments/2", badge);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("audit-unavailable");
        assertThat(upstream.requests()).isEmpty();
        assertThat(get("/orders/2", badge).status()).as("others go on").isEqualTo(200);
        assertThat(gateway.metric("sallyport_audit_log_failing", "")).isEqualTo(1);
        assertThat(gateway.admin("/status").body()).contains("\"state\": \"failing\"");
        disk.mend();
        Eventually.until("it is written again", () -> gateway.events().contains("event=audit_log.recovered"));
        assertThat(get("/payments/3", badge).status()).isEqualTo(200);
        assertThat(await("access.undecided", 1).getFirst()).containsEntry("gateway.reason", "audit-unavailable");
    }

    @Test
    void LG_02_noSecretIsWritten() throws IOException {
        String canary = "canary0secret";
        String query = "?token=" + canary + "&access_token=" + canary + "&x=" + canary;
        String[] slots = {
            "Authorization: Bearer " + canary,
            "Cookie: sid=" + canary,
            "X-Api-Key: " + canary,
            "DPoP: " + canary,
            "X-Other: " + canary,
            "User-Agent: " + canary,
            "Referer: https://x.test/?" + canary
        };
        for (String path : List.of("/orders/7", "/payments/7", "/public/7")) {
            get(path + query, slots);
        }
        get("/orders/8" + query, "Authorization: Badge us alice t1", "Cookie: sid=" + canary);
        try (RawClient client = RawClient.connect(gateway.gateway().admin().getPort())) {
            client.exchange(Messages.head(
                            "POST /reload?token=" + canary + " HTTP/1.1",
                            "Host: localhost",
                            "Authorization: Bearer " + canary + canary,
                            "Content-Length: " + canary.length())
                    + canary);
        }
        await("access.denied", 2);
        await("access.allowed", 1);
        await("admin.request", 1);
        assertThat(text()).doesNotContain(canary);
        assertThat(gateway.events()).doesNotContain(canary);
    }

    @Test
    void theLogFollowsTheConfiguration() throws IOException {
        Path other = file().resolveSibling("other.jsonl");
        gateway.reload(yaml().replace("audit.jsonl }, allows: [orders]", "other.jsonl }, allows: all"));
        get("/public/1");
        Eventually.until("an entry in the other file", () -> {
            try {
                return Files.readString(other).contains("\"gateway.route\":\"public\"");
            } catch (IOException e) {
                return false;
            }
        });
        assertThat(text().lines().toList()).last().asString().contains("audit_log.closed");
        gateway.reload(yaml().replace("audit.jsonl }, allows: [orders]", "other.jsonl, rotate: 64KiB }, allows: none"));
        get("/orders/1");
        Eventually.until("a denial there", () -> {
            try {
                return Files.readString(other).contains("access.denied");
            } catch (IOException e) {
                return false;
            }
        });
        assertThat(Files.readString(other).split("audit_log.opened", -1))
                .as("one file, one opening")
                .hasSize(2);
    }
}
