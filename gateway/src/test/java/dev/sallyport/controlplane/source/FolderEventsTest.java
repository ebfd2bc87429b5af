package dev.sallyport.controlplane.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderEventsTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void aFileWrittenAllTheTimeIsNoLongerListenedTo() throws Exception {
        Path log = Files.writeString(folder.resolve("access.log"), "");
        try (FolderEvents events = new FolderEvents()) {
            events.follow(folder, Set.of());
            int told = 0;
            while (told <= 1000 && toldOfWrite(events, log)) {
                told++;
            }
            assertThat(told).isBetween(1, 1000);
        }
    }

    @Test
    void whatComesIntoSuchAFolderIsToldAtOnce() throws Exception {
        Path log = Files.writeString(folder.resolve("access.log"), "");
        try (FolderEvents events = new FolderEvents()) {
            events.follow(folder, Set.of());
            while (toldOfWrite(events, log)) {
                // until nobody listens to writes any more
            }
            Files.writeString(folder.resolve("new.yaml"), "version: 1");
            long begun = System.nanoTime();
            events.await(LONG);
            assertThat(System.nanoTime() - begun).isLessThan(LONG.toNanos());
        }
    }

    @Test
    void eventsThatWereWorthItAreAlwaysListenedTo() throws Exception {
        Path file = Files.writeString(folder.resolve("a.yaml"), "");
        try (FolderEvents events = new FolderEvents()) {
            events.follow(folder, Set.of());
            for (int i = 0; i < 50; i++) {
                Files.writeString(file, "change " + i);
                long begun = System.nanoTime();
                events.await(LONG);
                assertThat(System.nanoTime() - begun).isLessThan(LONG.toNanos());
                events.worthIt();
            }
        }
    }

    private static boolean toldOfWrite(FolderEvents events, Path file) throws Exception {
        long begun = System.nanoTime();
        Files.writeString(file, "a line");
        events.await(SHORT);
        return System.nanoTime() - begun < SHORT.toNanos();
    }
}
