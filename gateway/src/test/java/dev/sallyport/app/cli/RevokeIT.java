package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.testing.TestGateway;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `sallyport revoke` against a running gateway.
class RevokeIT {
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.before(9);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /// What the command did.
    private record Outcome(int code, String out, String err) {}

    private static Outcome revoke(String... options) {
        List<String> line = new ArrayList<>(List.of(
                "revoke",
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

    @Test
    void revokesListsAndTakesBack() {
        assertThat(revoke("--list").out()).isEqualTo("nothing is revoked\n");
        Outcome done = revoke("--jti", "t1", "--issuer", "https://id.test", "--for", "1h", "--reason", "lost laptop");
        assertThat(done.code()).as(done.err()).isEqualTo(ExitCode.OK);
        assertThat(done.out()).startsWith("revoked ").contains("jti=t1 issuer=https://id.test expires=20");
        String listed = revoke("--list").out();
        assertThat(listed).contains("operator", "jti=t1", "(lost laptop)");
        assertThat(revoke("--list", "--format", "json").out()).contains("\"jti\": \"t1\"");
        String id = listed.substring(0, listed.indexOf(' '));
        assertThat(revoke("--undo", id).out()).isEqualTo("undone " + id + "\n");
        assertThat(revoke("--list").out()).isEqualTo("nothing is revoked\n");
        assertThat(revoke("--undo", id).code()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void saysWhatIsWrong() {
        Outcome vague = revoke("--issuer", "https://id.test");
        assertThat(vague.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(vague.err()).contains("none of jti, subject, client, key");
        assertThat(revoke("--subject", "a", "--issued-before", "yesterday").err())
                .contains("a time such as");
        assertThat(revoke().code()).isEqualTo(ExitCode.USAGE);
        assertThat(revoke("--list", "--jti", "a").code()).isEqualTo(ExitCode.USAGE);
    }
}
