package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.cli.outcome.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `sallyport logs`.
class LogsCommandTest {
    private static final String OTEL =
            "{\"timestamp\":\"2026-06-01T12:00:0%d.000Z\",\"client.address\":\"192.0.2.%d\",\"http.request.method\":\"GET\","
                    + "\"url.path\":\"/orders/%d\",\"http.response.status_code\":%d,\"gateway.duration_ms\":%s,"
                    + "\"gateway.route\":\"read-order\",\"user.roles\":[\"clerk\"]}\n";

    @TempDir
    private Path folder = Path.of("");

    private Path log = Path.of("");

    @BeforeEach
    void write() throws IOException {
        log = folder.resolve("access.jsonl");
        Files.writeString(
                log,
                OTEL.formatted(1, 1, 1, 200, "1.5")
                        + OTEL.formatted(2, 2, 2, 404, "2.5")
                        + "not a line of a log\n"
                        + OTEL.formatted(3, 3, 3, 503, "700"));
    }

    private record Outcome(int code, String out, String err) {}

    private Outcome logs(String... options) {
        List<String> line = new ArrayList<>(List.of("logs", log.toString()));
        line.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    @Test
    void showsLinesForWhichTheExpressionHolds() {
        Outcome found = logs("--where", "status >= 400 && route == \"read-order\"");
        assertThat(found.code()).as(found.err()).isEqualTo(ExitCode.OK);
        assertThat(found.out().lines()).hasSize(2);
        assertThat(found.out()).contains("404", "/orders/2", "503", "700.0 ms").doesNotContain("/orders/1");
        assertThat(logs("--where", "millis > 500").out().lines()).hasSize(1);
        assertThat(logs("--where", "\"clerk\" in roles").out().lines()).hasSize(3);
        assertThat(logs("--where", "line[\"client.address\"] == \"192.0.2.2\"").out())
                .contains("/orders/2");
        assertThat(logs("--where", "line[\"no.such.field\"] == 1").out()).isEmpty();
    }

    @Test
    void readsFieldsThatAreListsAndObjects() throws IOException {
        Files.writeString(
                log,
                "{\"timestamp\":\"2026-06-01T12:00:01.000Z\",\"client.address\":\"192.0.2.1\","
                        + "\"gateway.client.network\":\"192.0.2.0/24\",\"http.request.method\":\"POST\",\"url.path\":\"/a\","
                        + "\"http.response.status_code\":200,\"gateway.sampled_out\":99,\"gateway.behaviour.level\":\"hostile\","
                        + "\"gateway.limits\":[{\"limit\":\"a\",\"remaining\":3,\"of\":9}],"
                        + "\"http.response.header.etag\":[\"x\"],\"gateway.request.body\":{\"type\":\"text/plain\","
                        + "\"text\":\"hi\",\"truncated\":true}}\n");
        for (String where : List.of(
                "network == \"192.0.2.0/24\" && level == \"hostile\"",
                "line[\"gateway.request.body\"].text == \"hi\"",
                "line[\"gateway.limits\"][0].remaining < 4",
                "line[\"gateway.sampled_out\"] == 99")) {
            Outcome found = logs("--where", where);
            assertThat(found.out().lines()).as(where + found.err()).hasSize(1);
        }
    }

    @Test
    void showsTheLastOnes() {
        assertThat(logs("--last", "1").out()).contains("/orders/3").doesNotContain("/orders/2");
        assertThat(logs("--last", "100").out().lines()).hasSize(3);
        assertThat(logs("--last", "1", "--format", "json").out())
                .isEqualTo(OTEL.formatted(3, 3, 3, 503, "700").replace("\n", System.lineSeparator()));
    }

    @Test
    void readsTheOtherFormat() throws IOException {
        Files.writeString(
                log,
                "{\"@timestamp\":\"2026-06-01T12:00:00Z\",\"source.ip\":\"192.0.2.9\",\"event.duration\":7000000}\n");
        assertThat(logs("--where", "client == \"192.0.2.9\" && millis == 7.0").out())
                .contains("7.0 ms");
    }

    @Test
    void saysWhatIsWrong() {
        Outcome unknown = logs("--where", "statu >= 400");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("statu", "status, ");
        log = folder.resolve("none.jsonl");
        assertThat(logs().code()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void LG_01_aTerminalIsToldNothing() throws IOException {
        Files.writeString(
                log, "{\"timestamp\":\"t\",\"url.path\":\"/\\u001b[2J\\u202e\",\"http.response.status_code\":200}\n");
        assertThat(logs().out()).contains("/?[2J?").doesNotContain("\u001b", "\u202e");
    }
}
