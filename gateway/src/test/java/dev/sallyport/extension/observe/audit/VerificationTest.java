package dev.sallyport.extension.observe.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.extension.observe.audit.Verification.Kind;
import dev.sallyport.extension.observe.audit.Verification.Options;
import dev.sallyport.extension.observe.audit.Verification.Point;
import dev.sallyport.extension.observe.audit.Verification.Problem;
import dev.sallyport.extension.observe.audit.Verification.Result;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Threat LG-06: whatever is done to an audit log is found.
class VerificationTest {
    private static final Options ALONE = new Options(List.of(), null, null, false);

    @TempDir
    private Path folder = Path.of("");

    private List<String> lines = new ArrayList<>();

    private Path file() {
        return folder.resolve("audit.jsonl");
    }

    @BeforeEach
    void writeTen() throws IOException {
        Logged.write(file(), 8);
        lines = new ArrayList<>(Files.readAllLines(file()));
        assertThat(lines).hasSize(10);
    }

    private Result changed() throws IOException {
        Files.write(file(), lines);
        return Logged.verify(file());
    }

    private static void assertProblems(Result result, Kind... kinds) {
        assertThat(result.problems()).extracting(Problem::kind).containsExactly(kinds);
        assertThat(result.intact()).isFalse();
    }

    @Test
    void aWholeLogIsWhole() {
        Result result = Logged.verify(file());
        assertThat(result.intact()).isTrue();
        assertThat(result.notes()).isEmpty();
        assertThat(result.lines()).isEqualTo(10);
        assertThat(Objects.requireNonNull(result.last()).sequence()).isEqualTo(10);
        assertThat(Objects.requireNonNull(result.begins()).sequence()).isZero();
    }

    @Test
    void LG_06_findsAnEdit() throws IOException {
        for (int i = 0; i < 10; i++) {
            lines = new ArrayList<>(Files.readAllLines(file()));
            String before = lines.get(i);
            lines.set(i, before.replaceFirst("\"time\":\"2", "\"time\":\"3"));
            Result result = changed();
            assertProblems(result, Kind.CHANGED);
            assertThat(result.problems().getFirst().line()).isEqualTo(i + 1);
            lines.set(i, before);
            Files.write(file(), lines);
        }
    }

    @Test
    void LG_06_findsEveryChangedOctet() throws IOException {
        byte[] octets = Files.readAllBytes(file());
        for (int i = 0; i < octets.length; i += 7) {
            byte[] other = octets.clone();
            other[i] ^= 1;
            Files.write(file(), other);
            assertThat(Logged.verify(file()).intact()).as("octet %d", i).isFalse();
        }
    }

    @Test
    void LG_06_findsAnEditWhoseHashWasMadeAnew() throws IOException {
        String edited = lines.get(4).replace("/3", "/x");
        String content = edited.substring(0, edited.lastIndexOf(",\"hash\""));
        byte[] previous = HexFormat.of().parseHex(hash(lines.get(3)));
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        String made = HexFormat.of().formatHex(Seal.of(null).hash(previous, octets, 0, octets.length));
        lines.set(4, content + ",\"hash\":\"" + made + "\"}");
        Result result = changed();
        assertProblems(result, Kind.CHANGED);
        assertThat(result.problems().getFirst().line()).isEqualTo(6);
    }

    private static String hash(String line) {
        return line.substring(line.length() - 66, line.length() - 2);
    }

    @Test
    void LG_06_findsAGap() throws IOException {
        lines.subList(3, 6).clear();
        Result result = changed();
        assertProblems(result, Kind.GAP);
        assertThat(result.problems().getFirst().message()).contains("3 lines are missing between line 3 and line 7");
    }

    @Test
    void LG_06_findsALineThatIsNone() throws IOException {
        lines.set(5, "{}");
        assertProblems(changed(), Kind.BROKEN_LINE);
        lines.remove(4);
        assertProblems(changed(), Kind.BROKEN_LINE, Kind.GAP);
    }

    @Test
    void LG_06_findsADuplicateAndAnotherOrder() throws IOException {
        lines.add(5, lines.get(4));
        assertProblems(changed(), Kind.DUPLICATE);
        lines.remove(5);
        Collections.swap(lines, 4, 5);
        assertThat(changed().problems()).extracting(Problem::kind).contains(Kind.GAP, Kind.ORDER);
    }

    @Test
    void LG_06_findsAnEndThatIsCutOff() throws IOException {
        String last = "10:" + hash(lines.get(9));
        lines.removeLast();
        assertProblems(changed(), Kind.TRUNCATED);
        // without the head nobody can see it, and says so
        Result alone = Logged.verify(ALONE, file());
        assertThat(alone.intact()).isTrue();
        Files.delete(folder.resolve(".audit.jsonl.head"));
        assertThat(Logged.verify(file()).notes()).anyMatch(note -> note.contains("no head file"));
        // unless it is known where it ended
        Options known = new Options(List.of(), null, Point.parse(last), false);
        assertProblems(Logged.verify(known, file()), Kind.TRUNCATED);
        lines.clear();
        assertProblems(Logged.verify(known, Files.write(file(), lines)), Kind.TRUNCATED);
    }

    @Test
    void LG_06_findsAnEndThatIsAnother() {
        Options known = new Options(List.of(), null, Point.parse("10:" + "0".repeat(64)), false);
        assertProblems(Logged.verify(known, file()), Kind.CHANGED);
        Options earlier = new Options(List.of(), null, Point.parse("4:" + hash(lines.get(3))), false);
        assertThat(Logged.verify(earlier, file()).intact()).isTrue();
    }

    @Test
    void LG_06_findsABeginningThatIsCutOff() throws IOException {
        lines.subList(0, 3).clear();
        assertProblems(changed(), Kind.BEGINNING);
    }

    @Test
    void LG_06_aChainMadeAnewEndsElsewhere() throws IOException {
        String before = hash(lines.get(9));
        Path forged = folder.resolve("forged");
        Files.createDirectory(forged);
        Logged.write(forged.resolve("audit.jsonl"), 8);
        Files.copy(forged.resolve("audit.jsonl"), file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(Logged.verify(ALONE, file()).intact()).as("whole by itself").isTrue();
        assertProblems(Logged.verify(file()), Kind.CHANGED);
        Options known = new Options(List.of(), null, Point.parse("10:" + before), false);
        assertProblems(Logged.verify(known, file()), Kind.CHANGED);
    }

    @Test
    void LG_06_withAKeyNobodyElseMakesAChain() throws IOException {
        Path keyed = folder.resolve("keyed.jsonl");
        try (AuditLog log = Logged.open(keyed, Logged.DENIALS, Logged.KEY, EventLog.SILENT)) {
            log.record(Logged.denied("/1"));
        }
        assertThat(Logged.verify(keyed(Logged.KEY), keyed).intact()).isTrue();
        assertProblems(Logged.verify(keyed), Kind.KEY);
        assertProblems(Logged.verify(keyed("another key of thirty-two octets"), keyed), Kind.KEY);
        // one that was made without the key is not taken for one with it
        assertProblems(Logged.verify(keyed(Logged.KEY), file()), Kind.KEY);
        // and its name is not enough
        String text = Files.readString(file())
                .replaceFirst(
                        "(\"previous\":\"[0-9a-f]{64}\")",
                        "$1,\"key\":\"" + Seal.of(Logged.KEY).keyId() + "\"");
        Files.writeString(file(), text);
        assertThat(Logged.verify(keyed(Logged.KEY), file()).problems())
                .extracting(Problem::kind)
                .contains(Kind.CHANGED);
    }

    @Test
    void LG_06_hashesMadeWithoutTheKeyAreNotTakenForHashesWithIt() throws IOException {
        Path keyed = folder.resolve("keyed.jsonl");
        try (AuditLog log = Logged.open(keyed, Logged.DENIALS, Logged.KEY, EventLog.SILENT)) {
            log.record(Logged.denied("/1"));
        }
        List<String> forged = new ArrayList<>();
        byte[] previous = Seal.beginning();
        for (String line : Files.readAllLines(keyed)) {
            String content = line.substring(0, line.lastIndexOf(",\"hash\""));
            byte[] octets = content.getBytes(StandardCharsets.UTF_8);
            previous = Seal.of(null).hash(previous, octets, 0, octets.length);
            forged.add(content + ",\"hash\":\"" + HexFormat.of().formatHex(previous) + "\"}");
        }
        Files.write(keyed, forged);
        Options alone = new Options(List.of(Logged.KEY), null, null, false);
        assertThat(Logged.verify(alone, keyed).problems())
                .extracting(Problem::kind)
                .containsOnly(Kind.CHANGED)
                .hasSize(3);
    }

    private static Options keyed(String key) {
        return new Options(List.of(key), null, null, true);
    }

    @Test
    void filesAreCheckedInTheirOrderWhateverTheyAreCalled() throws IOException {
        try (AuditLog log = Logged.open(
                file(), new AuditSettings(false, java.util.Set.of(), 1, AuditSettings.ALL), null, EventLog.SILENT)) {
            log.record(Logged.denied("/more"));
        }
        List<Path> all = new ArrayList<>(List.of(file()));
        OldFiles.of(file()).forEach(one -> all.add(one.path()));
        assertThat(all).hasSizeGreaterThan(1);
        Logged.assertWhole(all.toArray(Path[]::new));
        Logged.assertWhole(all.reversed().toArray(Path[]::new));
        Path old = all.get(1);
        Result newest = Logged.verify(file());
        assertThat(newest.intact()).isTrue();
        assertThat(newest.notes()).anyMatch(note -> note.contains("older files"));
        Options after = new Options(List.of(), Point.parse("10:" + hash(lines.get(9))), null, true);
        assertThat(Logged.verify(after, file()).problems())
                .extracting(Problem::kind)
                .containsOnly(Kind.BEGINNING);
        Point before = Objects.requireNonNull(newest.begins());
        assertThat(Logged.verify(new Options(List.of(), before, null, true), file())
                        .intact())
                .isTrue();
        assertProblems(Logged.verify(old), Kind.TRUNCATED);
        assertThat(Logged.verify(ALONE, old).intact()).isTrue();
    }

    @Test
    void anUnfinishedLineIsNoHarmWhereTheHeadIsReached() throws IOException {
        Files.writeString(file(), "{\"sequence\":11,", java.nio.file.StandardOpenOption.APPEND);
        Result result = Logged.verify(file());
        assertThat(result.intact()).isTrue();
        assertThat(result.notes()).anyMatch(note -> note.contains("unfinished"));
        assertProblems(Logged.verify(ALONE, file()), Kind.TRUNCATED);
    }

    @Test
    void pointsAreReadStrictly() {
        assertThat(Point.parse("3:" + "a".repeat(64)).toString()).isEqualTo("3:" + "a".repeat(64));
        for (@Nullable
        String text : List.of("", "3", "3:", ":" + "a".repeat(64), "x:" + "a".repeat(64), "3:" + "A".repeat(64))) {
            assertThatThrownBy(() -> Point.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
