package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.extension.observe.audit.Audit;
import dev.sallyport.extension.observe.audit.AuditFile;
import dev.sallyport.extension.observe.audit.AuditLog;
import dev.sallyport.extension.observe.audit.AuditSettings;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogCommandTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path folder = Path.of("");

    private Path file = Path.of("");
    private Path key = Path.of("");

    /// What a command did.
    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("audit.jsonl");
        key = Files.writeString(folder.resolve("key"), KEY + "\n");
        AuditSettings settings = new AuditSettings(false, Set.of(), 1 << 30, AuditSettings.ALL);
        Audit audit = new Audit();
        try (AuditLog log = new AuditLog(AuditFile.open(file, KEY), settings, 1, 16, EventLog.SILENT)) {
            audit.use(log);
            audit.operatorDid("url.path", "/reload");
            audit.operatorDid("url.path", "/revocations");
        }
    }

    private Outcome verify(String... args) {
        List<String> all = new ArrayList<>(List.of("audit-log", "verify", file.toString()));
        all.addAll(List.of(args));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    @Test
    void saysThatALogIsWholeAndWhereItEnds() {
        Outcome outcome = verify("--key", key.toString());
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out()).matches("whole: 4 lines, the last one 4:[0-9a-f]{64}\\R");
        String last = outcome.out().strip().replaceFirst(".* ", "");
        assertThat(verify("--key", key.toString(), "--expect-last", last).code())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void saysWhereALogIsNot() throws IOException {
        Files.writeString(file, Files.readString(file).replace("/reload", "/status"));
        Outcome outcome = verify("--key", key.toString());
        assertThat(outcome.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(outcome.out()).contains(file + ":2: changed: line 2", "NOT whole: 4 lines");
        Outcome json = verify("--key", key.toString(), "--format", "json");
        assertThat(json.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(json.out()).contains("\"intact\": false", "\"kind\": \"changed\"", "\"line\": 2");
    }

    @Test
    void wantsTheKey() {
        Outcome outcome = verify();
        assertThat(outcome.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(outcome.out()).contains("sealed with the key").doesNotContain(KEY);
    }

    @Test
    void toldWhatCannotBeRead() throws IOException {
        file = folder.resolve("none.jsonl");
        assertThat(verify().code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(verify().err()).contains("none.jsonl");
        Files.writeString(key, "short\n");
        assertThat(verify("--key", key.toString()).err()).contains("too short").doesNotContain("short\n:");
    }

    @Test
    void refusesAWrongCommandLine() {
        assertThat(verify("--expect-last", "4").code()).isEqualTo(ExitCode.USAGE);
        assertThat(verify("--after", "x:y").err()).contains("NUMBER:HASH");
    }
}
