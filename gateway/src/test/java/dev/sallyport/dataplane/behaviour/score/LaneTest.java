package dev.sallyport.dataplane.behaviour.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.api.behaviour.Signal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LaneTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final long FIVE = 5 * MINUTE;
    private static final long START = TimeUnit.DAYS.toNanos(40);

    private final Lane lane = new Lane(Signal.DENIED, 3, FIVE, 1e6);

    private long add(long word, double weight, long at) {
        return lane.after(word, Lane.cost(weight), at);
    }

    @Test
    void aSignalCountsWhatItWeighsAndHalfAfterItsHalfLife() {
        long word = add(0, 10, START);
        assertThat(lane.score(word, START)).isCloseTo(10, within(1e-6));
        assertThat(lane.score(word, START + FIVE)).isCloseTo(5, within(1e-6));
        assertThat(lane.score(word, START + 3 * FIVE)).isCloseTo(1.25, within(1e-6));
        assertThat(lane.score(word, START + 100 * FIVE)).isZero();
        assertThat(lane.free(word, START + 100 * FIVE)).isTrue();
        assertThat(lane.free(word, START)).isFalse();
    }

    @Test
    void whatIsMoreThanCountsIsCountedNoHigher() {
        Lane low = new Lane(Signal.DENIED, 3, FIVE, 400);
        long word = 0;
        for (int i = 0; i < 1000; i++) {
            word = low.after(word, Lane.cost(10), START);
        }
        assertThat(low.score(word, START)).isCloseTo(400, within(1e-3));
    }

    @Property
    void theOrderOfSignalsDoesNotMatter(
            @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = 0.1, max = 100) Double> weights,
            @ForAll @Size(30) List<@LongRange(min = 0, max = 3_600_000_000_000L) Long> times,
            @ForAll Random random) {
        List<Integer> order = new ArrayList<>();
        double expected = 0;
        long end = START + TimeUnit.HOURS.toNanos(1);
        for (int i = 0; i < weights.size(); i++) {
            order.add(i);
            double rounded = Lane.cost(weights.get(i)) / 1000.0;
            expected += rounded * Math.pow(2, -(double) (end - START - times.get(i)) / FIVE);
        }
        Collections.shuffle(order, random);
        long word = 0;
        for (int i : order) {
            word = add(word, weights.get(i), START + times.get(i));
        }
        // what has fallen below the least that counts is forgotten when it is counted on
        assertThat(lane.score(word, end)).isCloseTo(expected, within(Lane.LEAST * 2 + expected * 1e-6));
    }

    @Property
    void scoresAreNeverNegativeAndFallWithTimeAndRiseWithSignals(
            @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = 0.1, max = 1000) Double> weights,
            @ForAll @LongRange(min = 0, max = 100_000_000_000L) long step) {
        long word = 0;
        long now = START;
        for (double weight : weights) {
            double before = lane.score(word, now);
            long after = add(word, weight, now);
            assertThat(after).as("words only grow").isGreaterThanOrEqualTo(word);
            assertThat(lane.score(after, now)).isGreaterThan(before);
            word = after;
            double then = lane.score(word, now);
            now += step;
            assertThat(lane.score(word, now)).isBetween(0.0, then);
        }
    }

    @Property
    void anotherHalfLifeIsAnotherScore(@ForAll @IntRange(min = 1, max = 1000) int seconds) {
        Lane other = new Lane(Signal.DENIED, 3, TimeUnit.SECONDS.toNanos(seconds), 1e6);
        Lane another = new Lane(Signal.NOT_FOUND, 3, TimeUnit.SECONDS.toNanos(seconds), 1e6);
        assertThat(other.salt() == lane.salt()).isEqualTo(seconds == 300);
        assertThat(other.salt()).isNotEqualTo(another.salt());
    }
}
