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
import java.util.stream.Stream;
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
}
