package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `sallyport limits try`: an access log against other limits.
class LimitsTryTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    private Path folder = Path.of("");

    private final StringBuilder log = new StringBuilder();

    private static String config(String limits) {
        return """
                version: 1
                listeners: { plain: { bind: "127.0.0.1:8080" } }
                upstreams: { orders: { endpoints: ["http://127.0.0.1:9001"] } }
                authenticators: { staff: { kind: jwt, issuer: "https://id.test", audience: orders } }
                limits: %s
                routes:
                  orders: { match: { path: "/orders/{id}" }, access: { authenticate: [staff] }, limits: [a, b], upstream: orders }
                  open: { match: { path: "/open" }, access: public, limits: [a], upstream: orders }
                """.formatted(limits);
    }

    private LimitsTryTest line(long afterMillis, String address, String path, String more) {
        log.append("{\"timestamp\":\"").append(NOON.plusMillis(afterMillis)).append('"');
        log.append(",\"client.address\":\"").append(address).append('"');
        log.append(",\"http.request.method\":\"GET\",\"url.scheme\":\"http\",\"server.address\":\"a.test\"");
        log.append(",\"url.path\":\"").append(path).append("\",\"gateway.duration_ms\":5.5");
        log.append(",\"gateway.listener\":\"plain\"").append(more).append("}\n");
        return this;
    }

    private static String caller(String id) {
        return ",\"gateway.decision\":\"allowed\",\"user.id\":\"" + id + "\",\"gateway.authenticator\":\"staff\"";
    }

    private String tried(String limits, int code, String... options) {
        try {
            Path config = Files.writeString(folder.resolve("new.yaml"), config(limits));
            Path file = Files.writeString(folder.resolve("access.jsonl"), log);
            StringWriter out = new StringWriter();
            List<String> line =
                    new ArrayList<>(List.of("limits", "try", "--log", file.toString(), "-c", config.toString()));
            line.addAll(List.of(options));
            assertThat(Main.commandLine()
                            .setOut(new PrintWriter(out, true))
                            .setErr(new PrintWriter(out, true))
                            .execute(line.toArray(String[]::new)))
                    .as(out.toString())
                    .isEqualTo(code);
            return out.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void tellsWhoWouldHaveBeenRefused() {
        for (int i = 0; i < 20; i++) {
            line(i * 100L, "192.0.2.1", "/open", ",\"gateway.decision\":\"allowed\"");
        }
        line(50, "192.0.2.2", "/orders/1", caller("anna"));
        line(51, "192.0.2.2", "/orders/1", caller("anna"));
        line(52, "192.0.2.3", "/orders/1", caller("bob"));
        String text = tried("{ a: { key: client.address, rate: 5/s }, b: { key: principal.id, rate: 1/h } }", 0);
        // five at once and one each 200 ms: 5 + 9 in 1.9 s
        assertThat(text)
                .contains("23 requests in 1 s: 7 would have been refused by limits")
                .contains("a  5/s burst 5  asked 23 by 3 keys, refused 6")
                .contains("  192.0.2.1  refused 6")
                .contains("b  1/h burst 1  asked 3 by 2 keys, refused 1")
                .contains("  staff/anna  refused 1");
        assertThat(tried(
                        "{ a: { key: client.address, rate: 5/s }, b: { key: principal.id, rate: 1/h } }",
                        0,
                        "--format",
                        "json"))
                .contains("\"refused\": 7");
    }

    @Test
    void saysWhatItCannotJudge() {
        line(0, "192.0.2.1", "/orders/1", caller("anna"));
        line(
                1,
                "192.0.2.1",
                "/orders/1",
                ",\"gateway.decision\":\"refused\",\"http.response.status_code\":401,\"gateway.reason\":\"credential-missing\"");
        line(2, "192.0.2.1", "/nowhere", caller("anna"));
        line(
                3,
                "192.0.2.1",
                "/open",
                ",\"gateway.decision\":\"refused\",\"gateway.left_out\":40,\"gateway.sampled_out\":7");
        log.append("{\"timestamp\":\"2026-06-01T12:00:00Z\",\"gateway.decision\":\"malformed\"}\nnonsense\n");
        String text = tried("{ a: { key: client.address, rate: 5/s }, b: { key: principal.tenant, rate: 1/h } }", 0);
        assertThat(text)
                .contains("note: b is left out: an access log does not tell tenants")
                .contains("note: 1 have no route in this configuration")
                .contains("note: 2 lines tell of no request that can be replayed")
                .contains("note: 7 requests were not logged because of sampling")
                .contains("note: 40 refusals were left out of the log");
        assertThat(tried("{ a: { key: client.address, rate: 5/s }, b: { key: principal.id, rate: 1/h } }", 0))
                .contains("note: 1 were refused for other reasons then");
    }

    @Test
    void timeIsTheLogsOwnAndLinesMayBeOutOfOrder() {
        for (int i = 0; i < 5; i++) {
            line((4 - i) * 1000L, "192.0.2.1", "/open", ",\"gateway.decision\":\"allowed\"");
        }
        assertThat(tried("{ a: { key: client.address, rate: 1/s }, b: { key: global, rate: 1/h } }", 0))
                .contains("5 requests in 4 s: 0 would");
    }

    @Test
    void concurrentLastsAsLongAsTheLogSays() {
        line(0, "192.0.2.1", "/open", ",\"gateway.decision\":\"allowed\"");
        line(5, "192.0.2.1", "/open", ",\"gateway.decision\":\"allowed\"");
        line(6, "192.0.2.1", "/open", ",\"gateway.decision\":\"allowed\"");
        assertThat(tried("{ a: { key: client.address, concurrent: 1 }, b: { key: global, rate: 1/h } }", 0))
                .contains("a  1 at once  asked 3 by 1 keys, refused 1");
    }

    @Test
    void aConfigurationThatIsWrongIsToldSo() {
        assertThat(tried("{ a: { key: client.adress, rate: 1/s }, b: { key: global, rate: 1/h } }", 2))
                .contains("did you mean `client.address`?")
                .contains("Nothing to try");
    }
}
