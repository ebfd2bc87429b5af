package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.telemetry.Json;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Bodies in the access log, over real sockets: what is shown, what never is, and that what passes is neither changed
/// nor held up.
class PayloadIT {
    private static final String CANARY = "canary0secret";

    @RegisterExtension
    static final Arena ARENA = new Arena("""
            version: 1
            listeners:
              public: { bind: "127.0.0.1:0" }
            upstreams:
              recorder: { endpoints: ["http://127.0.0.1:$PORT"] }
            routes:
              change: { match: { path: "/change/**" }, access: public, upstream: recorder }
              other: { match: { path: "/other/**" }, access: public, upstream: recorder }
            observe:
              redact: { json: ["$..pin", "$.card.number"], query: [shop-pin] }
              payload: { routes: [change], max: 1KiB, memory: 64KiB }
            """);

    @AfterEach
    void nothingIsHeld() {
        Eventually.until("no body is held in memory", () -> {
            try {
                return ARENA.gateway().metric("sallyport_payload_held_bytes", "") == 0;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static String post(String path, String type, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: gateway.test\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static String answer(String type, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static Map<String, Object> logged(RawClient client, int number) {
        LogLine line = ARENA.gateway().awaitLogOf(client, number).get(number - 1);
        return Json.lines((line.text() + "\n").getBytes(StandardCharsets.UTF_8)).getFirst();
    }

    @Test
    void showsBothBodiesWithoutTheirSecrets() throws IOException {
        ARENA.upstream().answer(_ -> answer("application/json", "{\"ok\":true,\"access_token\":\"" + CANARY + "\"}"));
        try (RawClient client = ARENA.client()) {
            String sent =
                    "{\"item\":7,\"card\":{\"number\":\"" + CANARY + "\"},\"deep\":[{\"pin\":\"" + CANARY + "\"}]}";
            Response response = client.exchange(post("/change/1", "application/json", sent));
            assertThat(response.body()).contains(CANARY);
            assertThat(ARENA.upstream().lastRequest().body()).isEqualTo(sent);
            assertThat(logged(client, 1))
                    .containsEntry(
                            "gateway.request.body",
                            Map.of(
                                    "type",
                                    "application/json",
                                    "text",
                                    "{\"item\":7,\"card\":{\"number\":\"[redacted]\"},\"deep\":[{\"pin\":\"[redacted]\"}]}"))
                    .containsEntry(
                            "gateway.response.body",
                            Map.of(
                                    "type",
                                    "application/json",
                                    "text",
                                    "{\"ok\":true,\"access_token\":\"[redacted]\"}"));
            client.exchange(post(
                    "/change/2",
                    "application/x-www-form-urlencoded",
                    "user=ann&password=" + CANARY + "&shop_pin=" + CANARY));
            assertThat(logged(client, 2))
                    .containsEntry(
                            "gateway.request.body",
                            Map.of(
                                    "type",
                                    "application/x-www-form-urlencoded",
                                    "text",
                                    "user=ann&password=[redacted]&shop_pin=[redacted]"));
        }
        assertThat(ARENA.gateway().logText()).doesNotContain(CANARY);
    }

    @Test
    void LG_02_aBodyThatIsCutWithinASecretDoesNotShowIt() throws IOException {
        ARENA.upstream().answer(_ -> RecordingUpstream.ok("x"));
        try (RawClient client = ARENA.client()) {
            int number = 0;
            for (int padding = 960; padding < 1024; padding += 7) {
                String body = "{\"a\":\"" + "x".repeat(padding) + "\",\"pin\":\"" + CANARY.repeat(20) + "\"}";
                client.exchange(post("/change/cut", "application/json", body));
                Object shown = logged(client, ++number).get("gateway.request.body");
                assertThat(shown).asString().contains("truncated=true").doesNotContain("canary");
            }
        }
    }

    @Test
    void otherRoutesShowNothing() throws IOException {
        ARENA.upstream().answer(_ -> answer("application/json", "{\"a\":1}"));
        try (RawClient client = ARENA.client()) {
            client.exchange(post("/other/1", "application/json", "{\"a\":1}"));
            assertThat(logged(client, 1)).doesNotContainKeys("gateway.request.body", "gateway.response.body");
        }
    }

    @Test
    void ofWhatPeopleCannotReadTypeAndSizeAreTold() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        }
        String octets = zipped.toString(StandardCharsets.ISO_8859_1);
        ARENA.upstream()
                .answer(_ ->
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: "
                                + octets.length() + "\r\n\r\n" + octets);
        try (RawClient client = ARENA.client()) {
            Response response = client.exchange(post("/change/1", "image/png", "PNG" + CANARY));
            assertThat(response.body()).isEqualTo(octets);
            assertThat(logged(client, 1))
                    .containsEntry("gateway.request.body", Map.of("type", "image/png"))
                    .containsEntry("gateway.response.body", Map.of("type", "application/json", "encoded", "gzip"))
                    .containsEntry("http.request.body.size", 3L + CANARY.length());
        }
    }

    @Test
    void refusalsOfTheGatewayAreBodiesToo() throws IOException {
        try (RawClient client = ARENA.client()) {
            ARENA.upstream().answer(_ -> "");
            client.exchange(post("/change/1", "text/plain", "hello"));
            assertThat(logged(client, 1).get("gateway.response.body"))
                    .asString()
                    .contains("type=application/problem+json");
        }
    }

    @Test
    void whatPassesIsNeitherHeldUpNorRegrouped() throws IOException {
        ARENA.upstream()
                .answer(
                        _ ->
                                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        try (RawClient client = ARENA.client()) {
            client.send(String.join(
                    "\r\n",
                    "POST /change/1 HTTP/1.1",
                    "Host: gateway.test",
                    "Content-Type: text/plain",
                    "Transfer-Encoding: chunked",
                    "",
                    "3",
                    "abc",
                    ""));
            Eventually.until(
                    "the first piece is there before the body is over",
                    () -> ARENA.upstream().octets().stream().anyMatch(octets -> octets.contains("\r\nabc\r\n")));
            client.send("0\r\n\r\n");
            client.responseToHead();
            // the body is not over, and its first piece is here all the same
            assertThat(client.read(10)).isEqualTo("5\r\nhello\r\n");
        }
        ARENA.upstream().closeConnections();
    }

    @Test
    void LG_04_manyLargeBodiesAtOnceTakeNoMoreMemoryThanIsAllowed() throws IOException {
        ARENA.upstream().answer(_ -> answer("text/plain", "y".repeat(100_000)));
        try (RawClient client = ARENA.client()) {
            StringBuilder many = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                many.append(post("/change/1", "text/plain", "x".repeat(5_000)));
            }
            client.send(many.toString());
            for (int i = 0; i < 200; i++) {
                assertThat(client.response().body()).hasSize(100_000);
                assertThat(ARENA.gateway().metric("sallyport_payload_held_bytes", ""))
                        .isLessThanOrEqualTo(64 * 1024);
            }
            for (Map<String, Object> line : List.of(logged(client, 1), logged(client, 200))) {
                assertThat(line.get("gateway.response.body")).asString().contains("truncated=true");
            }
        }
    }
}
