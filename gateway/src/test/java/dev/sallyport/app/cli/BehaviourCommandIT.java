package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `sallyport behaviour` against a running gateway.
class BehaviourCommandIT {
    private static final String ROUTES = """
            version: 1
            listeners: { public: { bind: "127.0.0.1:0" } }
            routes: { all: { match: { path: "/x" }, access: public, respond: { status: 200 } } }
            """;

    /// What the command did.
    private record Outcome(int code, String out, String err) {}

    private static Outcome behaviour(TestGateway gateway, String command, String... options) {
        List<String> line = new ArrayList<>(List.of(
                "behaviour",
                command,
                "--admin",
                "http://127.0.0.1:" + gateway.gateway().admin().getPort(),
                "--token",
                gateway.gateway().adminToken()));
        line.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    private static int get(TestGateway gateway, String path) throws IOException {
        try (RawClient client = RawClient.connectFrom("127.0.33.7", gateway.port())) {
            return client.exchange("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n")
                    .status();
        }
    }

    @Test
    void showsBansAndPardons() throws IOException {
        try (TestGateway gateway = TestGateway.start(ROUTES + "behaviour: {}\n")) {
            assertThat(behaviour(gateway, "top").out()).isEqualTo("nothing speaks against anybody\n");
            assertThat(get(gateway, "/no")).isEqualTo(404);
            assertThat(behaviour(gateway, "top").out())
                    .containsPattern("address +127\\.0\\.33\\.7 +normal +[01]\\.[0-9] +not-found [01]\\.[0-9]")
                    .containsPattern("network +127\\.0\\.33\\.0/24 +normal");
            Outcome banned = behaviour(gateway, "ban", "127.0.33.7", "--for", "1h");
            assertThat(banned.code()).as(banned.err()).isEqualTo(ExitCode.OK);
            assertThat(banned.out()).isEqualTo("banned address 127.0.33.7 for 1h\n");
            assertThat(get(gateway, "/x")).isEqualTo(429);
            assertThat(behaviour(gateway, "show", "127.0.33.7").out()).contains("hostile", "banned for 59m");
            assertThat(behaviour(gateway, "show", "127.0.33.7", "--format", "json")
                            .out())
                    .contains("\"level\": \"hostile\"");
            assertThat(behaviour(gateway, "pardon", "127.0.33.7").out()).isEqualTo("pardoned 127.0.33.7\n");
            assertThat(behaviour(gateway, "pardon", "127.0.33.7").out()).startsWith("nothing to pardon");
            assertThat(get(gateway, "/x")).isEqualTo(200);
            assertThat(behaviour(gateway, "ban", "staff/anna", "--for", "30m").out())
                    .isEqualTo("banned caller staff/anna for 30m\n");
            assertThat(behaviour(gateway, "show", "staff/anna").out()).contains("caller", "account");
        }
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        try (TestGateway gateway = TestGateway.start(ROUTES + "behaviour: {}\n")) {
            Outcome unknown = behaviour(gateway, "show", "anna");
            assertThat(unknown.code()).isEqualTo(ExitCode.REFUSED);
            assertThat(unknown.err()).contains("nothing is like anna", "authenticator/caller");
            assertThat(behaviour(gateway, "ban", "127.0.33.7", "--for", "9000h").err())
                    .contains("expected: 1s to 8784h");
            assertThat(behaviour(gateway, "ban", "127.0.33.7").code()).isEqualTo(ExitCode.USAGE);
            assertThat(gateway.reload(ROUTES)).isNotNull();
            assertThat(behaviour(gateway, "top").err()).contains("conduct is not watched");
        }
    }
}
