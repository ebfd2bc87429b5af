package dev.sallyport.app.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedFileTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void followsALogThatGrowsAndIsRotated() throws IOException {
        Path log = folder.resolve("access.jsonl");
        Files.writeString(log, "first\nsecond\nthird\n");
        List<String> lines = new ArrayList<>();
        try (FollowedFile followed = new FollowedFile(log)) {
            followed.last(1);
            followed.read(lines::add);
            assertThat(lines).containsExactly("third");
            Files.writeString(log, "half", StandardOpenOption.APPEND);
            followed.read(lines::add);
            assertThat(lines).hasSize(1);
            Files.writeString(log, " and whole\nlast of the old\n", StandardOpenOption.APPEND);
            Files.move(log, folder.resolve("access.jsonl.1"));
            Files.writeString(log, "first of the new\n");
            followed.read(lines::add);
            assertThat(lines.subList(1, 4)).containsExactly("half and whole", "last of the old", "first of the new");
        }
    }

    @Test
    void goesToTheBeginningWhenThereAreFewer() throws IOException {
        Path log = folder.resolve("access.jsonl");
        String long1 = "x".repeat(100_000);
        Files.writeString(log, long1 + "\nsecond\n");
        List<String> lines = new ArrayList<>();
        try (FollowedFile followed = new FollowedFile(log)) {
            followed.last(2);
            followed.read(lines::add);
            followed.last(5);
            followed.read(lines::add);
        }
        assertThat(lines).containsExactly(long1, "second", long1, "second");
    }
}
