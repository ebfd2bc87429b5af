package dev.sallyport.extension.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.state.SharedState;
import dev.sallyport.api.state.SharedState.Mark;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// State in memory keeps the laws of shared state, and takes no room beyond its entries.
class MemoryStateTest extends SharedStateContract {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private MemoryState memory(int entries, int perOwner, long octets) {
        return new MemoryState(() -> now, new Room.Bounds(entries, perOwner, octets));
    }

    @Override
    protected SharedState state(int entries, int perOwner) {
        return memory(entries, perOwner, 1 << 20);
    }

    @Override
    protected void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void DP_05_knowsSinceWhenItsMarksAreWhole() {
        SharedState state = state(10, 10);
        pass(MINUTE);
        assertThat(state.completeSince()).isEqualTo(now.minus(MINUTE));
    }

    @Test
    void DP_05_endedMarksAndOwnersTakeNoRoom() {
        MemoryState state = memory(100_000, 10, 1 << 20);
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 100; i++) {
                mark(state, "o" + round + "." + i, "k" + round + "." + i);
            }
            pass(MINUTE);
        }
        mark(state, "o", "k");
        assertThat(state.room("proofs").entries()).isLessThanOrEqualTo(101);
        assertThat(state.room("proofs").owners()).isLessThanOrEqualTo(101);
    }

    @Test
    void valuesSetAgainAndAgainTakeRoomOnce() {
        MemoryState state = memory(10, 10, 1000);
        String before = null;
        for (int i = 0; i < 10_000; i++) {
            String next = "v" + i % 7;
            assertThat(replace(state, "k", before, next)).isTrue();
            before = next;
            pass(Duration.ofMillis(1));
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(replace(state, "gone", null, "x")).isTrue();
            assertThat(replace(state, "gone", "x", null)).isTrue();
        }
        assertThat(state.room("values").entries()).isEqualTo(1);
        assertThat(state.ends("values")).isEqualTo(1);
    }

    @Test
    void refusesMoreOctetsThanASpaceMayHold() {
        MemoryState state = memory(1000, 1000, 1000);
        assertThat(replace(state, "a", null, "x".repeat(900))).isTrue();
        assertThat(replace(state, "b", null, "x".repeat(200))).isFalse();
        assertThat(replace(state, "a", "x".repeat(900), "x".repeat(1000))).isFalse();
        assertThat(replace(state, "a", "x".repeat(900), "x".repeat(500))).isTrue();
        assertThat(replace(state, "b", null, "x".repeat(200))).isTrue();
        pass(MINUTE);
        assertThat(replace(state, "c", null, "x".repeat(900))).isTrue();
    }

    @Test
    void DP_05_clearsABacklogBeforeItSaysFull() {
        MemoryState state = memory(5000, 100, 1 << 20);
        for (int i = 0; i < 5000; i++) {
            mark(state, "o" + i, "k" + i);
        }
        assertThat(mark(state, "late", "late")).isEqualTo(Mark.FULL);
        pass(MINUTE);
        for (int i = 0; i < 5000; i++) {
            assertThat(mark(state, "p" + i, "l" + i)).isEqualTo(Mark.FRESH);
        }
        assertThat(mark(state, "late", "late")).isEqualTo(Mark.FULL);
    }

    @Test
    void DP_05_whatEndedOfAnOwnerDoesNotCountBehindABacklog() {
        MemoryState state = memory(5000, 10, 1 << 20);
        for (int i = 0; i < 1000; i++) {
            mark(state, "o" + i, "k" + i);
        }
        pass(Duration.ofMillis(1));
        for (int i = 0; i < 10; i++) {
            mark(state, "owner", "own" + i);
        }
        assertThat(mark(state, "owner", "next")).isEqualTo(Mark.FULL);
        pass(MINUTE);
        assertThat(mark(state, "owner", "next")).isEqualTo(Mark.FRESH);
    }
}
