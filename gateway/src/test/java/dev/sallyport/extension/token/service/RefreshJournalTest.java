package dev.sallyport.extension.token.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefreshJournalTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RefreshFamily FAMILY = new RefreshFamily(
            "app",
            "read write",
            NOW.plusSeconds(60),
            "digest",
            List.of(new AccessTokens.Name("one", 1), new AccessTokens.Name("two", 2)));
    private static final RefreshFamily NEXT = FAMILY.next(new byte[32], new AccessTokens.Name("three", 3), NOW);

    @TempDir
    private Path folder;

    private RefreshJournal open(Instant now) throws Exception {
        return RefreshJournal.open(folder, "tokens.journal", now);
    }

    @Test
    void keepsTheLastChangeOfEachFamily() throws Exception {
        try (RefreshJournal journal = open(NOW)) {
            journal.keep("one", FAMILY, NOW);
            journal.keep("two", FAMILY, NOW);
            journal.keep("one", NEXT, NOW);
        }
        try (RefreshJournal journal = open(NOW)) {
            assertThat(journal.families()).containsEntry("one", NEXT).containsEntry("two", FAMILY);
        }
    }

    @Test
    void OA_10_aChangeThatComesAfterTheRevocationChangesNothing() throws Exception {
        try (RefreshJournal journal = open(NOW)) {
            journal.keep("one", FAMILY.asRevoked(), NOW);
            journal.keep("one", FAMILY, NOW);
            assertThat(journal.families().get("one")).isEqualTo(FAMILY.asRevoked());
        }
        try (RefreshJournal journal = open(NOW)) {
            assertThat(journal.families().get("one")).isEqualTo(FAMILY.asRevoked());
        }
    }

    @Test
    void forgetsFamiliesThatHaveEnded() throws Exception {
        try (RefreshJournal journal = open(NOW)) {
            journal.keep("one", FAMILY, NOW);
        }
        try (RefreshJournal journal = open(NOW.plusSeconds(60))) {
            assertThat(journal.families()).isEmpty();
        }
        assertThat(folder.resolve("tokens.journal")).isEmptyFile();
    }

    @Test
    void doesNotGrowForEver() throws Exception {
        Path file = folder.resolve("tokens.journal");
        try (RefreshJournal journal = RefreshJournal.open(folder, "tokens.journal", NOW, 10)) {
            journal.keep("one", FAMILY, NOW);
            long line = Files.size(file);
            for (int i = 0; i < 100; i++) {
                journal.keep("one", FAMILY, NOW);
                assertThat(Files.size(file)).isLessThanOrEqualTo(line * 13);
            }
        }
        try (RefreshJournal journal = open(NOW)) {
            assertThat(journal.families()).containsOnlyKeys("one");
        }
    }
}
