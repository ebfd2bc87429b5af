package dev.sallyport.extension.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.state.SharedState;
import dev.sallyport.api.state.SharedState.Mark;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What has ended counts no more, though it is not cleared away yet.
class MemoryBacklogTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final SharedState state = new MemoryState(() -> now, new Room.Bounds(5000, 5000, 1 << 20));

    private Mark mark(String key) {
        return state.mark("proofs", "owner", key, MINUTE).toCompletableFuture().join();
    }

    @Test
    void DP_05_aMarkThatEndedBehindABacklogIsFresh() {
        for (int i = 0; i < 500; i++) {
            assertThat(mark("k" + i)).isEqualTo(Mark.FRESH);
        }
        now = now.plus(Duration.ofMillis(1));
        assertThat(mark("last")).isEqualTo(Mark.FRESH);
        now = now.plus(MINUTE.minusMillis(1));
        assertThat(mark("last")).isEqualTo(Mark.SEEN);
        now = now.plus(Duration.ofMillis(1));
        assertThat(mark("last")).isEqualTo(Mark.FRESH);
        assertThat(mark("last")).isEqualTo(Mark.SEEN);
    }
}
