package dev.sallyport.dataplane.behaviour.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.table.TableMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BoardTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final long NOW = TimeUnit.HOURS.toNanos(1);
    private static final Rules RULES = new Rules(
            Map.of(
                    Signal.FAILED_AUTHENTICATION, new Rules.Weight(10, 5 * MINUTE),
                    Signal.NOT_FOUND, new Rules.Weight(1, 2 * MINUTE),
                    Signal.LIMIT_HIT, new Rules.Weight(20, MINUTE),
                    Signal.NEW_NETWORK_FOR_TOKEN, new Rules.Weight(8, 15 * MINUTE)),
            new Rules.Levels(
                    new Rules.Terms(30, 250, TimeUnit.MILLISECONDS.toNanos(100), null),
                    new Rules.Terms(100, 100, 0, null),
                    5 * MINUTE,
                    new Rules.Trust(1, 86_400, 2000)),
            new Rules.Networks(32, 64, 24, 48, 8),
            new Rules.Guesses(30, 1, 1),
            new Rules.Siege(0.5, 100, 1));

    private final Board board = new Board(new TableMemory(1L << 30, Runnable::run));
    private final Reading read = new Reading();

    private static Lane lane(Signal signal) {
        return Objects.requireNonNull(RULES.lane(signal, Kind.ADDRESS));
    }

    private Reading read(long high, long low, long now) {
        board.read(high, low, RULES, now, read);
        return read;
    }

    @Test
    void nothingIsKnownOfWhoDidNothing() {
        assertThat(board.quiet(NOW)).isTrue();
        board.add(1, 1, lane(Signal.NOT_FOUND), NOW);
        assertThat(board.quiet(NOW)).isFalse();
        assertThat(RULES.score(read(2, 2, NOW), true, 1)).isZero();
        assertThat(RULES.score(read(1, 1, NOW), true, 1)).isCloseTo(1, within(1e-6));
        assertThat(board.quiet(NOW + TimeUnit.DAYS.toNanos(1))).isTrue();
    }

    @Test
    void signalsAddUpEachAtItsPace() {
        board.add(1, 1, lane(Signal.FAILED_AUTHENTICATION), NOW);
        board.add(1, 1, lane(Signal.NOT_FOUND), NOW);
        board.add(1, 1, lane(Signal.NOT_FOUND), NOW);
        assertThat(RULES.score(read(1, 1, NOW), false, 1)).isCloseTo(12, within(1e-6));
        assertThat(RULES.score(read(1, 1, NOW + 2 * MINUTE), false, 1))
                .isCloseTo(10 * Math.pow(2, -0.4) + 1, within(1e-6));
    }

    @Test
    void whatHappensToHonestCallersTooMakesNobodyHostile() {
        for (int i = 0; i < 50; i++) {
            board.add(1, 1, lane(Signal.LIMIT_HIT), NOW);
            board.add(1, 1, lane(Signal.NEW_NETWORK_FOR_TOKEN), NOW);
        }
        double score = RULES.score(read(1, 1, NOW), true, 1);
        assertThat(score).isCloseTo(50, within(1e-6));
        assertThat(RULES.condemns(score, 1)).isFalse();
        assertThat(RULES.level(score, 1, 0)).isEqualTo(Level.SUSPICIOUS);
    }

    @Test
    void whoRoamsIsStrangeAndNobodyElse() {
        for (int i = 0; i < 5; i++) {
            board.add(1, 1, lane(Signal.NEW_NETWORK_FOR_TOKEN), NOW);
        }
        assertThat(RULES.score(read(1, 1, NOW), false, 1)).isZero();
        assertThat(RULES.score(read(1, 1, NOW), true, 1)).isCloseTo(40, within(1e-6));
    }

    @Test
    void bansAndRefusalsEndByThemselvesAndByPardon() {
        board.refuse(1, 1, NOW + 5 * MINUTE, NOW);
        board.ban(1, 1, NOW + 10 * MINUTE, NOW);
        assertThat(read(1, 1, NOW + MINUTE).refusedFor).isEqualTo(4 * MINUTE);
        assertThat(read(1, 1, NOW + 6 * MINUTE).refusedFor).isZero();
        assertThat(read(1, 1, NOW + 6 * MINUTE).bannedFor).isEqualTo(4 * MINUTE);
        board.add(1, 1, lane(Signal.NOT_FOUND), NOW);
        assertThat(board.forget(1, 1, RULES, NOW + MINUTE)).isTrue();
        assertThat(board.forget(1, 1, RULES, NOW + MINUTE)).isFalse();
        Reading after = read(1, 1, NOW + MINUTE);
        assertThat(after.bannedFor + after.refusedFor).isZero();
        assertThat(RULES.score(after, true, 1)).isZero();
    }

    @Test
    void whatWasForgottenDoesNotComeBackWithTheNextSignal() {
        for (int i = 0; i < 20; i++) {
            board.add(1, 1, lane(Signal.FAILED_AUTHENTICATION), NOW);
        }
        board.refuse(1, 1, NOW + 5 * MINUTE, NOW);
        board.ban(1, 1, NOW + 10 * MINUTE, NOW);
        board.forget(1, 1, RULES, NOW + 1);
        board.add(1, 1, lane(Signal.NOT_FOUND), NOW + 2);
        Reading after = read(1, 1, NOW + 2);
        assertThat(RULES.score(after, true, 1)).isCloseTo(1, within(1e-6));
        assertThat(after.refusedFor).isZero();
        assertThat(after.bannedFor).isZero();
    }

    @Test
    void noSignalIsLostBetweenThreads() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int j = 0; j < 20; j++) {
                    board.add(7, 7, lane(Signal.NOT_FOUND), NOW);
                    board.add(8, 8, lane(Signal.NOT_FOUND), NOW);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(RULES.score(read(7, 7, NOW), false, 1)).isCloseTo(80, within(1e-3));
        assertThat(RULES.score(read(8, 8, NOW), false, 1)).isCloseTo(80, within(1e-3));
    }

    @Test
    void RL_11_nobodyIsForgottenToPleaseWhoBringsManyKeys() {
        // room for the first level only
        Board small = new Board(new TableMemory(65_536, Runnable::run));
        for (int i = 0; i < 12; i++) {
            small.add(42L << 32, 42, lane(Signal.FAILED_AUTHENTICATION), NOW);
        }
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100_000; i++) {
            small.add(random.nextLong(), random.nextLong(), lane(Signal.FAILED_AUTHENTICATION), NOW);
        }
        small.read(42L << 32, 42, RULES, NOW, read);
        assertThat(RULES.score(read, false, 1)).isCloseTo(120, within(1e-3));
        small.read(random.nextLong(), random.nextLong(), RULES, NOW, read);
        assertThat(read.crowded).isTrue();
        double score = RULES.score(read, false, 1);
        assertThat(RULES.level(score, 1, read.refusedFor))
                .as("whoever else there was no room for may be among the unknown: they are not refused")
                .isEqualTo(Level.SUSPICIOUS);
        assertThat(small.census(NOW).overflowed()).isPositive();
        small.read(random.nextLong(), random.nextLong(), RULES, NOW + TimeUnit.DAYS.toNanos(2), read);
        assertThat(read.crowded).isFalse();
    }

    @Test
    void levelsBeginAboveTheirScores() {
        assertThat(RULES.level(30, 1, 0)).isEqualTo(Level.NORMAL);
        assertThat(RULES.level(30.1, 1, 0)).isEqualTo(Level.SUSPICIOUS);
        assertThat(RULES.condemns(100, 1)).isFalse();
        assertThat(RULES.condemns(100.1, 1)).isTrue();
        assertThat(RULES.level(1000, 1, 0)).as("after the refusal").isEqualTo(Level.SUSPICIOUS);
        assertThat(RULES.level(0, 1, 1)).isEqualTo(Level.HOSTILE);
        assertThat(RULES.level(240, 8, 0)).isEqualTo(Level.NORMAL);
        assertThat(RULES.level(241, 8, 0)).isEqualTo(Level.SUSPICIOUS);
        assertThat(RULES.trusts(0.9, 100, 100 + 86_400)).isTrue();
        assertThat(RULES.trusts(1, 100, 100 + 86_400)).isFalse();
        assertThat(RULES.trusts(0, 101, 100 + 86_400)).isFalse();
        assertThat(RULES.trusts(0, -1, 1_000_000)).as("never seen").isFalse();
    }

    @Test
    void waitsGrowWithScoresUpToABound() {
        long base = TimeUnit.MILLISECONDS.toNanos(100);
        assertThat(RULES.delay(RULES.conduct(Level.SUSPICIOUS, 30))).isEqualTo(base);
        assertThat(RULES.delay(RULES.conduct(Level.SUSPICIOUS, 90))).isEqualTo(3 * base);
        assertThat(RULES.delay(RULES.conduct(Level.SUSPICIOUS, 90_000))).isEqualTo(Rules.LONGEST_DELAY_NANOS);
        assertThat(RULES.delay(RULES.conduct(Level.NORMAL, 20))).isZero();
        assertThat(RULES.delay(RULES.conduct(Level.TRUSTED, 0))).isZero();
    }
}
