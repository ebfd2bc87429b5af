package dev.sallyport.extension.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.state.SharedState;
import dev.sallyport.api.state.SharedState.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The laws that every [SharedState] keeps.
public abstract class SharedStateContract {
    protected static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int CALLERS = 8;

    /// A new, empty state with room for so many entries in a space, and for so many marks of one owner.
    protected abstract SharedState state(int entries, int perOwner);

    /// Lets time pass for every state made.
    protected abstract void pass(Duration time);

    /// How exactly time passes.
    protected Duration tick() {
        return Duration.ofMillis(1);
    }

    protected static <T extends @Nullable Object> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    protected static Mark mark(SharedState state, String owner, String key) {
        return get(state.mark("proofs", owner, key, MINUTE));
    }

    protected static byte[] octets(String text) {
        return text.getBytes(UTF_8);
    }

    protected static boolean replace(SharedState state, String key, @Nullable String expected, @Nullable String next) {
        return get(state.replace(
                "values", key, expected == null ? null : octets(expected), next == null ? null : octets(next), MINUTE));
    }

    protected static @Nullable String value(SharedState state, String key) {
        byte[] value = get(state.get("values", key));
        return value == null ? null : new String(value, UTF_8);
    }

    /// What callers at the same moment get.
    protected static <T> List<T> atOnce(int callers, Callable<T> call) throws Exception {
        CyclicBarrier start = new CyclicBarrier(callers);
        List<Future<T>> running = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(callers)) {
            for (int i = 0; i < callers; i++) {
                running.add(pool.submit(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    return call.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get(10, TimeUnit.SECONDS));
            }
            return results;
        }
    }

    // ---- marks

    @Test
    void DP_05_JW_24_marksOnce() {
        SharedState state = state(100, 100);
        assertThat(mark(state, "a", "k")).isEqualTo(Mark.FRESH);
        assertThat(mark(state, "a", "k")).isEqualTo(Mark.SEEN);
        assertThat(mark(state, "another", "k")).isEqualTo(Mark.SEEN);
        assertThat(mark(state, "a", "other")).isEqualTo(Mark.FRESH);
    }

    @Test
    void DP_05_JW_24_oneOfManyAtTheSameMomentMarks() throws Exception {
        SharedState state = state(1000, 1000);
        for (int round = 0; round < 200; round++) {
            String owner = "o" + round;
            assertThat(atOnce(CALLERS, () -> mark(state, owner, "k of " + owner)))
                    .containsOnlyOnce(Mark.FRESH)
                    .hasSize(CALLERS);
        }
    }

    @Test
    void DP_05_marksLastToTheirEnd() {
        SharedState state = state(100, 100);
        mark(state, "a", "k");
        pass(MINUTE.minus(tick()));
        assertThat(mark(state, "a", "k")).isEqualTo(Mark.SEEN);
        pass(tick());
        assertThat(mark(state, "a", "k")).isEqualTo(Mark.FRESH);
        pass(MINUTE.minus(tick()));
        assertThat(mark(state, "a", "k")).isEqualTo(Mark.SEEN);
    }

    @Test
    void DP_05_fullRefusesAndForgetsNothing() {
        SharedState state = state(50, 50);
        for (int i = 0; i < 50; i++) {
            assertThat(mark(state, "o" + i, "k" + i)).isEqualTo(Mark.FRESH);
        }
        for (int i = 0; i < 200; i++) {
            assertThat(mark(state, "flood" + i, "f" + i)).isEqualTo(Mark.FULL);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(mark(state, "o" + i, "k" + i)).isEqualTo(Mark.SEEN);
        }
    }

    @Test
    void DP_05_whatDidNotFitIsNotMarked() {
        SharedState state = state(1, 1);
        mark(state, "a", "k");
        assertThat(mark(state, "b", "late")).isEqualTo(Mark.FULL);
        pass(MINUTE);
        assertThat(mark(state, "b", "late")).isEqualTo(Mark.FRESH);
    }

    @Test
    void DP_05_oneOwnerUsesUpItsOwnRoomOnly() {
        SharedState state = state(1000, 10);
        for (int i = 0; i < 10; i++) {
            assertThat(mark(state, "greedy", "g" + i)).isEqualTo(Mark.FRESH);
        }
        assertThat(mark(state, "greedy", "g10")).isEqualTo(Mark.FULL);
        assertThat(mark(state, "modest", "m")).isEqualTo(Mark.FRESH);
        pass(MINUTE);
        assertThat(mark(state, "greedy", "g11")).isEqualTo(Mark.FRESH);
    }

    @Test
    void DP_05_manyGreedyOwnersLeaveRoomForTheNext() {
        SharedState state = state(1000, 1000);
        for (int owner = 0; owner < 20; owner++) {
            for (int i = 0; i < 1000; i++) {
                mark(state, "greedy" + owner, owner + "." + i);
            }
        }
        for (int i = 0; i < 5; i++) {
            assertThat(mark(state, "modest", "m" + i)).isEqualTo(Mark.FRESH);
        }
    }

    @Test
    void DP_05_boundsHoldAtTheSameMoment() throws Exception {
        SharedState state = state(1000, 10);
        for (int round = 0; round < 20; round++) {
            int fixed = round;
            List<List<Mark>> marks = atOnce(CALLERS, () -> {
                List<Mark> mine = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    mine.add(mark(state, "owner" + fixed, Thread.currentThread().threadId() + "." + i));
                }
                return mine;
            });
            assertThat(marks.stream().flatMap(List::stream).filter(Mark.FRESH::equals))
                    .hasSizeLessThanOrEqualTo(10);
            assertThat(mark(state, "owner" + fixed, "one more")).isEqualTo(Mark.FULL);
        }
    }

    @Test
    void whatEndedMakesRoom() {
        SharedState state = state(300, 300);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 300; i++) {
                assertThat(mark(state, "o" + i, "k" + i)).isEqualTo(Mark.FRESH);
            }
            assertThat(mark(state, "late", "late")).isEqualTo(Mark.FULL);
            pass(MINUTE);
        }
    }

    @Test
    void spacesDoNotSeeEachOther() {
        SharedState state = state(1, 1);
        assertThat(get(state.mark("one", "a", "k", MINUTE))).isEqualTo(Mark.FRESH);
        assertThat(get(state.mark("two", "a", "k", MINUTE))).isEqualTo(Mark.FRESH);
        assertThat(get(state.mark("one", "a", "k", MINUTE))).isEqualTo(Mark.SEEN);
    }

    // ---- values

    @Test
    void replacesOnlyWhatIsExpected() {
        SharedState state = state(100, 100);
        assertThat(value(state, "k")).isNull();
        assertThat(replace(state, "k", "x", "one")).isFalse();
        assertThat(replace(state, "k", null, "one")).isTrue();
        assertThat(replace(state, "k", null, "two")).isFalse();
        assertThat(replace(state, "k", "other", "two")).isFalse();
        assertThat(value(state, "k")).isEqualTo("one");
        assertThat(replace(state, "k", "one", "two")).isTrue();
        assertThat(value(state, "k")).isEqualTo("two");
        assertThat(replace(state, "k", "one", null)).isFalse();
        assertThat(replace(state, "k", "two", null)).isTrue();
        assertThat(value(state, "k")).isNull();
        assertThat(replace(state, "k", null, null)).isTrue();
    }

    @Test
    void oneOfManyAtTheSameMomentReplaces() throws Exception {
        SharedState state = state(100, 100);
        for (int round = 0; round < 200; round++) {
            String expected = round == 0 ? null : "v" + (round - 1);
            String next = "v" + round;
            assertThat(atOnce(CALLERS, () -> replace(state, "k", expected, next)))
                    .containsOnlyOnce(true)
                    .hasSize(CALLERS);
        }
    }

    @Test
    void noReplacementIsLost() throws Exception {
        SharedState state = state(100, 100);
        replace(state, "count", null, "0");
        atOnce(CALLERS, () -> {
            for (int i = 0; i < 100; i++) {
                String before = String.valueOf(value(state, "count"));
                while (!replace(state, "count", before, Integer.toString(Integer.parseInt(before) + 1))) {
                    before = String.valueOf(value(state, "count"));
                }
            }
            return true;
        });
        assertThat(value(state, "count")).isEqualTo("800");
    }

    @Test
    void valuesLastToTheirEnd() {
        SharedState state = state(100, 100);
        replace(state, "k", null, "one");
        pass(MINUTE.minus(tick()));
        assertThat(value(state, "k")).isEqualTo("one");
        assertThat(replace(state, "k", "one", "two")).isTrue();
        pass(MINUTE.minus(tick()));
        assertThat(value(state, "k")).isEqualTo("two");
        pass(tick());
        assertThat(value(state, "k")).isNull();
        assertThat(replace(state, "k", "two", "three")).isFalse();
        assertThat(replace(state, "k", null, "three")).isTrue();
    }

    @Test
    void aLiveValueIsReplacedEvenWhenAllIsFull() {
        SharedState state = state(2, 2);
        replace(state, "a", null, "one");
        replace(state, "b", null, "one");
        assertThat(replace(state, "c", null, "one")).isFalse();
        assertThat(replace(state, "a", "one", "two")).isTrue();
        assertThat(value(state, "b")).isEqualTo("one");
        assertThat(replace(state, "a", "two", null)).isTrue();
        assertThat(replace(state, "c", null, "one")).isTrue();
        assertThat(replace(state, "d", null, "one")).isFalse();
    }

    @Test
    void tellsAllLiveValues() {
        SharedState state = state(100, 100);
        replace(state, "old", null, "x");
        pass(Duration.ofSeconds(30));
        replace(state, "a", null, "one");
        replace(state, "b", null, "two");
        get(state.replace("elsewhere", "c", null, octets("three"), MINUTE));
        pass(Duration.ofSeconds(30));
        assertThat(get(state.all("values")))
                .containsOnlyKeys("a", "b")
                .hasEntrySatisfying("a", one -> assertThat(one).isEqualTo(octets("one")));
    }

    @Test
    void keepsItsValuesToItself() {
        SharedState state = state(100, 100);
        byte[] given = octets("one");
        get(state.replace("values", "k", null, given, MINUTE));
        given[0] = 'X';
        byte[] taken = Objects.requireNonNull(get(state.get("values", "k")));
        taken[1] = 'X';
        assertThat(value(state, "k")).isEqualTo("one");
    }

    // ---- sizes

    @Test
    void refusesWhatIsTooLarge() {
        SharedState state = state(100, 100);
        String long1 = "k".repeat(SharedState.LONGEST_KEY + 1);
        String octets1 = "ü".repeat(SharedState.LONGEST_KEY / 2 + 1);
        for (String key : List.of(long1, octets1)) {
            assertThatThrownBy(() -> state.mark("s", "o", key, MINUTE)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> state.mark("s", key, "k", MINUTE)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> state.replace("s", key, null, new byte[0], MINUTE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> state.replace("s", "k", null, new byte[SharedState.LARGEST_VALUE + 1], MINUTE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(get(state.mark("s", "o", "k".repeat(SharedState.LONGEST_KEY), MINUTE)))
                .isEqualTo(Mark.FRESH);
        assertThat(get(state.replace("s", "v", null, new byte[SharedState.LARGEST_VALUE], MINUTE)))
                .isTrue();
    }

    @Test
    void refusesDurationsOutOfRange() {
        SharedState state = state(100, 100);
        for (Duration wrong : List.of(
                Duration.ZERO,
                Duration.ofNanos(999_999),
                Duration.ofMillis(-1),
                SharedState.LONGEST_MARK.plusMillis(1),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> state.mark("s", "o", "k", wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> state.replace("s", "k", null, new byte[0], SharedState.LONGEST_VALUE.plusMillis(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
