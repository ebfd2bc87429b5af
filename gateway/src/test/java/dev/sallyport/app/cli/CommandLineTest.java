package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.cli.outcome.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @TempDir
    Path folder;

    /// What a command did.
    private record Outcome(int code, String out, String err) {}

    private static Outcome run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
        return new Outcome(code, out.toString(), err.toString());
    }

    @Test
    void helpTellsCommandsAndExitCodes() {
        Outcome help = run("--help");
        assertThat(help.code()).isZero();
        assertThat(help.out())
                .contains("init", "validate", "run", "reload", "status", "routes", "schema", "version", "demo")
                .contains("healthcheck", "completion", "Exit codes:", "SALLYPORT_ADMIN_TOKEN")
                .doesNotContain("train");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "init",
                "validate",
                "run",
                "demo",
                "reload",
                "status",
                "routes",
                "healthcheck",
                "revoke",
                "dpop-proof",
                "schema",
                "reference",
                "completion",
                "version"
            })
    void everyCommandExplainsItself(String command) {
        Outcome help = run(command, "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: sallyport " + command);
    }

    @Test
    void noCommandIsAUsageError() {
        Outcome nothing = run();
        assertThat(nothing.code()).isEqualTo(ExitCode.USAGE);
        assertThat(nothing.err()).contains("Which command?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"frobnicate", "run", "run --drain 5", "run --loops x f.yaml", "validate --format xml f.yaml"})
    void mistakesAreUsageErrors(String line) {
        assertThat(run(line.split(" ")).code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void initWritesAUsableStarterAndItsSchema() {
        Path file = folder.resolve("new").resolve("gateway.yaml");
        assertThat(run("init", file.toString()).code()).isZero();
        assertThat(file).exists();
        assertThat(file.resolveSibling("sallyport.schema.json")).content().startsWith("{");

        Outcome check = run("validate", file.toString());
        assertThat(check.code()).isZero();
        assertThat(check.out())
                .contains("is usable. 2 routes, 2 open to everybody")
                .contains("GET /status");
    }

    @Test
    void initNeverOverwrites() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "precious");
        Outcome again = run("init", file.toString());
        assertThat(again.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(again.err()).contains("mine.yaml");
        assertThat(file).hasContent("precious");
    }

    @Test
    void validatePrintsEverythingThatIsWrong() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), """
                version: 1
                listeners:
                  web: { bnd: 127.0.0.1:8080 }
                routes:
                  a: { match: { path: /a }, access: public, upstream: nowhere }
                  b: { match: { path: /b }, respond: { status: 200 } }
                """);
        Outcome check = run("validate", file.toString());
        assertThat(check.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(check.out())
                .contains("bad.yaml:3:", "bnd", "bind")
                .contains("bad.yaml:5:", "nowhere")
                .contains("bad.yaml:6:", "access")
                .contains("is not usable: ");

        Outcome json = run("validate", "--format", "json", file.toString());
        assertThat(json.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(json.out()).contains("\"usable\": false", "\"line\": 3", "\"path\": \"routes.a.upstream\"");
    }

    @Test
    void validateTellsOfAMissingFile() {
        Outcome check = run("validate", folder.resolve("none.yaml").toString());
        assertThat(check.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(check.out()).contains("none.yaml", "no such file");
    }

    @Test
    void runRefusesAnUnusableConfiguration() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), "version: 3\n");
        Outcome run = run("run", file.toString());
        assertThat(run.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("bad.yaml:1", "Not started");
    }

    @Test
    void statusWithoutAGatewaySaysSo() {
        Outcome status = run("status", "--admin", "http://127.0.0.1:1", "--token", "0123456789abcdef");
        assertThat(status.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(status.err()).contains("http://127.0.0.1:1 cannot be reached");
    }

    @Test
    void healthcheckWithoutAGatewayIsNotReady() {
        assertThat(run("healthcheck", "--admin", "http://127.0.0.1:1").code()).isEqualTo(ExitCode.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completionIsAScript(String shell) {
        Outcome completion = run("completion", shell);
        assertThat(completion.code()).isZero();
        assertThat(completion.out()).contains("complete -F").contains("healthcheck");
    }

    @Test
    void schemaAndReferenceArePrinted() {
        assertThat(run("schema").out()).contains("\"$schema\"");
        assertThat(run("reference").out()).contains("listeners");
    }

    @Test
    void versionIsPrinted() {
        assertThat(run("version").out()).startsWith("Sallyport ");
        assertThat(run("--version").out()).startsWith("Sallyport ");
    }
}
