package dev.sallyport.controlplane.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    private static final Duration SETTLE = Duration.ofMillis(20);
    private static final Duration POLL = Duration.ofMillis(100);

    @TempDir
    Path folder;

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Test
    void tellsOfAFileWrittenInPlace() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "one");
        try (FileWatch _ = watching(file, file, file)) {
            Files.writeString(file, "two");
            awaitSeen("two");
        }
    }

    @Test
    void tellsOfAFileReplacedByARename() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "one");
        try (FileWatch _ = watching(file, file, file)) {
            Path next = Files.writeString(folder.resolve("a.yaml.new"), "two");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            awaitSeen("two");
        }
    }

    @Test
    void tellsOfASymbolicLinkSwappedAboveTheFile() throws IOException {
        // as Kubernetes mounts a ConfigMap: a.yaml -> ..data/a.yaml, ..data -> ..version
        Path first = Files.createDirectory(folder.resolve("..first"));
        Path second = Files.createDirectory(folder.resolve("..second"));
        Files.writeString(first.resolve("a.yaml"), "one");
        Files.writeString(second.resolve("a.yaml"), "two");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..first"));
        Path file = Files.createSymbolicLink(folder.resolve("a.yaml"), Path.of("..data", "a.yaml"));
        try (FileWatch _ = watching(file, file, file)) {
            Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..second"));
            Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            awaitSeen("two");
        }
    }

    @Test
    void tellsOfAReferencedFileElsewhere() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "one");
        Path certificate =
                Files.writeString(Files.createDirectory(folder.resolve("tls")).resolve("c.pem"), "old");
        try (FileWatch _ = watching(file, certificate, file, certificate)) {
            Files.writeString(certificate, "renewed");
            awaitSeen("renewed");
        }
    }

    @Test
    void tellsOfAFileThatComesIntoAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "one");
        Path added = folder.resolve("b.yaml");
        try (FileWatch _ = watching(folder, added, file)) {
            Files.writeString(added, "more");
            awaitSeen("more");
        }
    }

    @Test
    void tellsOfAFileThatLeavesAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "one");
        Path other = Files.writeString(folder.resolve("b.yaml"), "two");
        try (FileWatch _ = watching(folder, other, file, other)) {
            Files.delete(other);
            awaitSeen("absent");
        }
    }

    @Test
    void tellsOnceOfTheWholeFileWhenItIsWrittenInPieces() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "");
        try (FileWatch _ = watching(file, file, file)) {
            for (int i = 0; i < 40; i++) {
                Files.writeString(file, "piece ", StandardOpenOption.APPEND);
            }
            awaitSeen("piece ".repeat(40));
        }
    }

    @Test
    void contentThatStaysIsNoChange() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "one");
        Path other = Files.writeString(folder.resolve("b.pem"), "other");
        try (FileWatch _ = watching(file, other, file, other)) {
            Files.writeString(file, "one");
            Files.writeString(other, "changed");
            awaitSeen("changed");
            assertThat(seen).hasSize(1);
        }
    }

    @Test
    void aFileWrittenWhileItWasReadCountsAsChanged() throws IOException {
        Instant begun = Instant.now().minusSeconds(5);
        Path file = Files.writeString(folder.resolve("a.yaml"), "one");
        assertThat(FileState.asRead(List.of(file), begun)).isNotEqualTo(Map.of(file, FileState.of(file)));
        assertThat(FileState.asRead(List.of(file), Instant.now().plusSeconds(5)))
                .isEqualTo(Map.of(file, FileState.of(file)));
    }

    /// Watches `location`; each time something changes notes what `shown` holds.
    private FileWatch watching(Path location, Path shown, Path... known) {
        Supplier<Map<Path, String>> states =
                () -> FileState.asRead(List.of(known), Instant.now().plusSeconds(5));
        FileWatch watch = new FileWatch(location, SETTLE, POLL, () -> seen.add(content(shown)));
        watch.observe(states.get());
        watch.start();
        return watch;
    }

    private static String content(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "absent";
        } catch (IOException e) {
            return "unreadable";
        }
    }

    private void awaitSeen(String content) {
        Eventually.until("told of " + content + ", found " + seen, () -> seen.contains(content));
    }
}
