package dev.sallyport.extension.observe.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    Path folder;

    private Path path() {
        return folder.resolve("access.jsonl");
    }

    private static void write(LogFile file, String lines) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
        file.write(buffer);
        assertThat(buffer.hasRemaining()).isFalse();
    }

    private static String content(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void appendsToWhatIsThere() throws IOException {
        Files.writeString(path(), "old\n");
        try (LogFile file = new LogFile(path(), 1000, 1)) {
            write(file, "new\n");
        }
        assertThat(content(path())).isEqualTo("old\nnew\n");
    }

    @Test
    void isNotForEveryonesEyes() throws IOException {
        new LogFile(path(), 1000, 1).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .startsWith("rw-")
                .endsWith("---");
    }

    @Test
    void rotatesBySizeAndKeepsSoMany() throws IOException {
        try (LogFile file = new LogFile(path(), 10, 2)) {
            for (int i = 1; i <= 9; i++) {
                write(file, "line" + i + "\n");
            }
        }
        assertThat(content(path())).isEqualTo("line9\n");
        assertThat(content(folder.resolve("access.jsonl.1"))).isEqualTo("line8\n");
        assertThat(content(folder.resolve("access.jsonl.2"))).isEqualTo("line7\n");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void keepsNoneWhenNoneAreWanted() throws IOException {
        try (LogFile file = new LogFile(path(), 10, 0)) {
            write(file, "line1\n");
            write(file, "line2\n");
        }
        assertThat(content(path())).isEqualTo("line2\n");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void isOpenedAgainWhenDeleted() throws IOException {
        try (LogFile file = new LogFile(path(), 1000, 1)) {
            write(file, "one\n");
            Files.delete(path());
            Eventually.until("the file is there again", () -> {
                try {
                    write(file, "two\n");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return Files.exists(path());
            });
            assertThat(content(path())).isEqualTo("two\n");
        }
    }

    @Test
    void isOpenedAgainWhenMovedByOthers() throws IOException {
        Path moved = folder.resolve("moved");
        try (LogFile file = new LogFile(path(), 1000, 1)) {
            write(file, "one\n");
            Files.move(path(), moved);
            Eventually.until("there is a new file", () -> {
                try {
                    write(file, "two\n");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return Files.exists(path());
            });
            assertThat(content(moved)).startsWith("one\n");
            assertThat(content(path())).isEqualTo("two\n");
        }
    }

    @Test
    void aNewFileBeginsWithAWholeLine() throws IOException {
        LogFile file = new LogFile(path(), 1000, 1);
        file.close();
        ByteBuffer buffer = ByteBuffer.wrap("line1\nline2\n".getBytes(StandardCharsets.UTF_8));
        buffer.position(9);
        file.write(buffer);
        file.close();
        assertThat(content(path())).isEqualTo("line2\n");
    }

    @Test
    void LG_08_linesMatterMoreThanRotation() throws IOException {
        Files.createDirectories(folder.resolve("access.jsonl.1/full"));
        try (LogFile file = new LogFile(path(), 10, 1)) {
            write(file, "line1\n");
            ByteBuffer buffer = ByteBuffer.wrap("line2\n".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> file.write(buffer)).isInstanceOf(IOException.class);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(content(path())).isEqualTo("line1\nline2\n");
        }
    }

    @Test
    void refusesAPlaceThatIsNone() {
        assertThatThrownBy(() -> new LogFile(folder.resolve("no/such/folder/x"), 1000, 1))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new LogFile(path(), 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String unzipped(Path path) {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(path))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void oldFilesAreCompressedAndKeptInOrder() throws IOException {
        try (LogFile file = new LogFile(path(), 10, 2, true)) {
            for (int i = 1; i <= 5; i++) {
                write(file, "line " + i + "\n");
                Eventually.until(
                        "all old files are compressed",
                        () -> names().stream().allMatch(name -> name.equals("access.jsonl") || name.endsWith(".gz")));
            }
        }
        assertThat(names()).containsExactly("access.jsonl", "access.jsonl.1.gz", "access.jsonl.2.gz");
        assertThat(content(path())).isEqualTo("line 5\n");
        assertThat(unzipped(folder.resolve("access.jsonl.1.gz"))).isEqualTo("line 4\n");
        assertThat(unzipped(folder.resolve("access.jsonl.2.gz"))).isEqualTo("line 3\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("access.jsonl.1.gz"))))
                .endsWith("---");
    }

    @Test
    void FA_06_rotatingFasterThanCompressingLosesNothing() throws IOException {
        int count = 200;
        try (LogFile file = new LogFile(path(), 10, count, true)) {
            for (int i = 0; i < count; i++) {
                write(file, "line " + i + "\n");
            }
            Eventually.until(
                    "all old files are compressed",
                    () -> names().stream().filter(name -> name.endsWith(".gz")).count() == count - 1
                            && names().size() == count);
        }
        for (int i = 0; i < count - 1; i++) {
            assertThat(unzipped(folder.resolve("access.jsonl." + (count - 1 - i) + ".gz")))
                    .isEqualTo("line " + i + "\n");
        }
    }

    @Test
    void FA_06_whatAKilledProcessLeftIsMadeWhole() throws IOException {
        Files.writeString(folder.resolve("access.jsonl.1"), "one\n");
        Files.writeString(folder.resolve("access.jsonl.2"), "two\n");
        Files.write(folder.resolve("access.jsonl.2.gz"), new byte[] {0x1f, (byte) 0x8b, 8});
        Files.write(folder.resolve(".access.jsonl.99-1.gz.part"), new byte[] {0x1f, (byte) 0x8b, 8});
        try (LogFile file = new LogFile(path(), 10, 5, true)) {
            Eventually.until(
                    "all is as it should be",
                    () -> names().equals(List.of("access.jsonl", "access.jsonl.1.gz", "access.jsonl.2.gz")));
            assertThat(unzipped(folder.resolve("access.jsonl.1.gz"))).isEqualTo("one\n");
            assertThat(unzipped(folder.resolve("access.jsonl.2.gz"))).isEqualTo("two\n");
            write(file, "new\n");
        }
    }

    @Test
    void knowsHowFullItsDiskIs() throws IOException {
        try (LogFile file = new LogFile(path(), 10, 1)) {
            LogSink.Disk disk = Objects.requireNonNull(file.disk());
            assertThat(disk.taken()).isNotNegative();
            assertThat(disk.free()).isNotNegative();
            assertThat(disk.used()).isBetween(0.0, 1.0);
        }
        assertThat(new LogSink.Disk(3, 1).used()).isEqualTo(0.75);
        assertThat(new LogSink.Disk(0, 0).used()).isZero();
    }

    @Test
    void aFileThatCannotBeWrittenSaysSo() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "this system has no disk that is always full");
        try (LogFile file = new LogFile(full, 1000, 1)) {
            ByteBuffer lines = ByteBuffer.wrap("line\n".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> file.write(lines)).isInstanceOf(IOException.class);
            assertThat(lines.position()).isZero();
        }
    }
}
