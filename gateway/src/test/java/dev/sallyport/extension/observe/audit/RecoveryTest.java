package dev.sallyport.extension.observe.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Threats LG-06, FA-06 and FA-16: an audit log goes on where it was left, whatever became of it meanwhile.
class RecoveryTest {
    private static final int ROUNDS = 4;

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final EventLog events = new EventLog(told, EventLog.Format.LOGFMT);

    private Path file() {
        return folder.resolve("audit.jsonl");
    }

    private Path head() {
        return folder.resolve(".audit.jsonl.head");
    }

    private String told() {
        return told.toString(StandardCharsets.UTF_8);
    }

    private void writeOne() {
        try (AuditLog log = Logged.open(file(), Logged.DENIALS, null, events)) {
            log.record(Logged.denied("/again"));
        }
    }

    /// Records for ever.
    public static final class Recording {
        private Recording() {}

        public static void main(String[] args) {
            AuditLog log = Logged.open(Path.of(args[0]), Logged.ALL);
            for (int i = 0; true; i++) {
                log.record(Logged.allowed("orders", "/" + "x".repeat(i % 500)));
            }
        }
    }

    @Test
    void FA_16_LG_06_aProcessThatIsKilledLeavesAChainThatGoesOn() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (int round = 0; round < ROUNDS; round++) {
            long before = Files.exists(file()) ? Files.size(file()) : 0;
            Process process = new ProcessBuilder(
                            java,
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classes,
                            Recording.class.getName(),
                            file().toString())
                    .inheritIO()
                    .start();
            long enough = before + 300_000L + 77_777L * round;
            Eventually.until("so many octets", () -> size(file()) > enough);
            process.destroyForcibly().waitFor();
            writeOne();
            assertThat(Logged.verify(file()).problems()).isEmpty();
        }
        assertThat(told()).doesNotContain("damaged");
        assertThat(Files.readString(file())).contains("started-after-kill");
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void FA_16_aTornLineIsCutOffWhereverItWasTorn() throws IOException {
        Logged.write(file(), 2);
        byte[] whole = Files.readAllBytes(file());
        byte[] head = Files.readAllBytes(head());
        writeOne();
        byte[] more = Files.readAllBytes(file());
        int next = whole.length;
        while (more[next++] != '\n') {
            // the line that is going to be torn
        }
        for (int torn = whole.length + 1; torn < next; torn += 13) {
            Files.write(file(), Arrays.copyOf(more, torn));
            Files.write(head(), head);
            writeOne();
            List<Map<String, Object>> entries = Logged.entries(file());
            assertThat(entries).hasSize(8);
            assertThat(entries.get(5))
                    .containsEntry("event", "audit_log.cut")
                    .containsEntry("octets", (long) torn - whole.length)
                    .containsEntry("text", new String(more, whole.length, torn - whole.length, StandardCharsets.UTF_8));
            Logged.assertWhole(file());
        }
        assertThat(told()).contains("event=audit_log.cut").doesNotContain("damaged");
    }

    @Test
    void FA_16_theFirstWriteMayBeTornToo() throws IOException {
        Logged.write(file(), 1);
        byte[] whole = Files.readAllBytes(file());
        for (int torn : new int[] {0, 1, 5, 40}) {
            Files.write(file(), Arrays.copyOf(whole, torn));
            Files.deleteIfExists(head());
            writeOne();
            Logged.assertWhole(file());
        }
    }

    @Test
    void FA_16_zeroesOfALostWriteAreCutOff() throws IOException {
        Logged.write(file(), 2);
        Files.write(file(), new byte[5000], StandardOpenOption.APPEND);
        writeOne();
        Logged.assertWhole(file());
        assertThat(Logged.entries(file()).get(5)).containsEntry("octets", 5000L);
    }

    @Test
    void LG_06_linesRemovedWhileItWasNotWrittenAreMissed() throws IOException {
        Logged.write(file(), 6);
        List<String> lines = new ArrayList<>(Files.readAllLines(file()));
        Files.write(file(), lines.subList(0, 4));
        writeOne();
        assertThat(told()).contains("event=audit_log.damaged").contains("lines 5 to 8 are missing");
        assertThat(Logged.entries(file()))
                .anySatisfy(entry -> assertThat(entry).containsEntry("event", "audit_log.damaged"));
        assertThat(Logged.verify(file()).problems())
                .extracting(Verification.Problem::kind)
                .containsExactly(Verification.Kind.GAP);
    }

    @Test
    void LG_06_aFileThatIsGoneIsMissed() throws IOException {
        Logged.write(file(), 6);
        Files.delete(file());
        writeOne();
        assertThat(told()).contains("event=audit_log.damaged").contains("up to 8 is gone");
        assertThat(Logged.entries(file()).getFirst()).containsEntry("sequence", 9L);
    }

    @Test
    void LG_06_anotherFileInItsPlaceIsMissed() throws IOException {
        Logged.write(file(), 6);
        Path other = folder.resolve("other.jsonl");
        Logged.write(other, 3);
        Files.copy(other, file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        writeOne();
        assertThat(told()).contains("event=audit_log.damaged");
        assertThat(Logged.verify(file()).intact()).isFalse();
    }

    @Test
    void LG_06_aHeadThatIsGoneIsMissed() throws IOException {
        Logged.write(file(), 6);
        Files.delete(head());
        writeOne();
        assertThat(told()).contains("event=audit_log.damaged").contains("head file is gone");
        Logged.assertWhole(file());
    }

    @Test
    void aHeadThatIsBrokenIsNotWrittenOver() throws IOException {
        Logged.write(file(), 6);
        Files.writeString(head(), "{}");
        assertThatThrownBy(() -> AuditFile.open(file(), null)).hasMessageContaining("broken");
    }

    @Test
    void LG_06_editsInWhatTheHeadDoesNotCoverAreMissed() throws IOException {
        Logged.write(file(), 2);
        byte[] head = Files.readAllBytes(head());
        writeOne();
        Files.write(head(), head);
        Files.writeString(file(), Files.readString(file()).replace("/again", "/other"));
        writeOne();
        assertThat(told()).contains("was changed");
        assertThat(Logged.verify(file()).problems())
                .extracting(Verification.Problem::kind)
                .containsExactly(Verification.Kind.CHANGED);
    }

    @Test
    void aKillBetweenTheRenameAndTheNewFileLosesNothing() throws IOException {
        Logged.write(file(), 3);
        Files.move(file(), OldFiles.name(file(), 1, 5));
        writeOne();
        Logged.assertWhole(OldFiles.name(file(), 1, 5), file());
        assertThat(told()).doesNotContain("damaged");
    }

    @Test
    void aKillBetweenTheNewFileAndItsHeadLosesNothing() throws IOException {
        Logged.write(file(), 3);
        byte[] head = Files.readAllBytes(head());
        Path old = OldFiles.name(file(), 1, 5);
        Files.move(file(), old);
        writeOne();
        Files.write(head(), head);
        writeOne();
        Logged.assertWhole(old, file());
        assertThat(told()).doesNotContain("damaged");
    }

    @Test
    void LG_06_aFileThatIsMovedAwayWhileItIsWrittenIsMissed() throws IOException {
        try (AuditLog log = Logged.open(file(), Logged.DENIALS, null, events)) {
            log.record(Logged.denied("/1"));
            Eventually.until("it is written", () -> log.state().sequence() == 2);
            Files.move(file(), folder.resolve("stolen"));
            Eventually.until("it is missed", () -> told().contains("event=audit_log.damaged"));
            log.record(Logged.denied("/2"));
        }
        assertThat(Logged.events(file())).contains("audit_log.damaged", "access.denied");
        Logged.assertWhole(folder.resolve("stolen"), file());
    }

    @Test
    void LG_08_aFolderThatIsGoneIsAFailureUntilItIsBack() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("logs"));
        Path file = inner.resolve("audit.jsonl");
        Path away = folder.resolve("away");
        try (AuditLog log = Logged.open(file, Logged.DENIALS, null, events)) {
            Eventually.until("it is opened", () -> log.state().sequence() == 1);
            Files.move(inner, away);
            log.record(Logged.denied("/1"));
            Eventually.until("it fails", () -> log.state().failing());
            Files.createDirectory(inner);
            Eventually.until("a new file", () -> Files.exists(file));
            Eventually.until("it is written again", () -> !log.state().failing());
        }
        assertThat(Logged.entries(file))
                .anySatisfy(entry -> assertThat(entry).containsEntry("event", "audit_log.damaged"));
        assertThat(Logged.verify(away.resolve("audit.jsonl"), file).problems()).isEmpty();
    }
}
