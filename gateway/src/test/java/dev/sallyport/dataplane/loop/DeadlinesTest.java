package dev.sallyport.dataplane.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Deadlines deadlines = new Deadlines(0);
    private final List<String> passed = new ArrayList<>();

    private final class Named extends Deadline {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        protected void passed() {
            passed.add(name);
        }
    }

    @Test
    void passesAfterItsTimeAndNotBefore() {
        Named deadline = new Named("a");
        deadlines.set(deadline, 0, 100 * MS);
        deadlines.advance(99 * MS);
        assertThat(passed).isEmpty();
        deadlines.advance(140 * MS);
        assertThat(passed).containsExactly("a");
        assertThat(deadline.isSet()).isFalse();
    }

    @Test
    void meanLagIsHowLateTicksAreOnAverage() {
        long now = 0;
        for (int i = 1; i <= 1000; i++) {
            now += 20 * MS;
            deadlines.onTick(now);
        }
        assertThat(deadlines.meanLagNanos()).isZero();
        // a turn of the loop takes 100 ms: ticks wait for half of that, on average
        for (int i = 1; i <= 1000; i++) {
            now += 100 * MS;
            deadlines.onTick(now);
            for (int late = 0; late < 4; late++) {
                deadlines.onTick(now);
            }
        }
        assertThat(deadlines.meanLagNanos()).isBetween(35 * MS, 55 * MS);
    }

    @Test
    void meanLagForgivesOnePause() {
        deadlines.onTick(20 * MS);
        deadlines.onTick(320 * MS);
        assertThat(deadlines.lagNanos()).isEqualTo(280 * MS);
        assertThat(deadlines.meanLagNanos()).isLessThan(50 * MS);
    }

    @Test
    void passesOnlyOnce() {
        deadlines.set(new Named("a"), 0, 100 * MS);
        deadlines.advance(1000 * MS);
        deadlines.advance(20_000 * MS);
        assertThat(passed).containsExactly("a");
    }

    @Test
    void movesLater() {
        Named deadline = new Named("a");
        deadlines.set(deadline, 0, 100 * MS);
        deadlines.set(deadline, 0, 500 * MS);
        deadlines.advance(400 * MS);
        assertThat(passed).isEmpty();
        deadlines.advance(600 * MS);
        assertThat(passed).containsExactly("a");
    }

    @Test
    void movesEarlier() {
        Named deadline = new Named("a");
        deadlines.set(deadline, 0, 75_000 * MS);
        deadlines.set(deadline, 0, 100 * MS);
        deadlines.advance(200 * MS);
        assertThat(passed).containsExactly("a");
    }

    @Test
    void neverPassesOnceCleared() {
        Named deadline = new Named("a");
        deadlines.set(deadline, 0, 100 * MS);
        deadlines.clear(deadline);
        deadlines.advance(200_000 * MS);
        assertThat(passed).isEmpty();
    }

    @Test
    void canBeSetAgainAfterItWasCleared() {
        Named deadline = new Named("a");
        deadlines.set(deadline, 0, 100 * MS);
        deadlines.clear(deadline);
        deadlines.set(deadline, 0, 50 * MS);
        deadlines.advance(100 * MS);
        assertThat(passed).containsExactly("a");
    }

    @Test
    void reachesFarBeyondOneTurnOfTheWheel() {
        deadlines.set(new Named("far"), 0, 60_000 * MS);
        deadlines.advance(59_000 * MS);
        assertThat(passed).isEmpty();
        deadlines.advance(60_100 * MS);
        assertThat(passed).containsExactly("far");
    }

    @Test
    void letsWhatPassesSetMoveAndClearOthersOfTheSameTick() {
        Named cleared = new Named("cleared");
        Named moved = new Named("moved");
        Deadline meddler = new Deadline() {
            @Override
            protected void passed() {
                deadlines.clear(cleared);
                deadlines.set(moved, 100 * MS, 1000 * MS);
                if (passed.isEmpty()) {
                    deadlines.set(this, 100 * MS, 200 * MS);
                }
                passed.add("meddler");
            }
        };
        deadlines.set(cleared, 0, 100 * MS);
        deadlines.set(moved, 0, 100 * MS);
        deadlines.set(meddler, 0, 100 * MS);
        deadlines.advance(140 * MS);
        // the wheel is last in, first out: the meddler comes first
        assertThat(passed).containsExactly("meddler");
        deadlines.advance(2000 * MS);
        assertThat(passed).containsExactly("meddler", "meddler", "moved");
    }

    /// Against a plain list of the times asked for.
    @Property(tries = 200)
    void agreesWithAModel(@ForAll long seed) {
        Random random = new Random(seed);
        Deadlines wheel = new Deadlines(0);
        long[] due = new long[20];
        boolean[] fired = new boolean[20];
        Deadline[] all = new Deadline[20];
        for (int i = 0; i < all.length; i++) {
            int index = i;
            all[i] = new Deadline() {
                @Override
                protected void passed() {
                    fired[index] = true;
                }
            };
            due[i] = Long.MAX_VALUE;
        }
        long now = 0;
        for (int step = 0; step < 200; step++) {
            int i = random.nextInt(all.length);
            if (random.nextInt(4) == 0) {
                wheel.clear(all[i]);
                due[i] = Long.MAX_VALUE;
            } else {
                long delay = random.nextInt(30_000) * MS;
                wheel.set(all[i], now, delay);
                due[i] = now + delay;
            }
            now += random.nextInt(400) * MS;
            wheel.advance(now);
            for (int j = 0; j < all.length; j++) {
                if (fired[j]) {
                    assertThat(due[j]).isLessThanOrEqualTo(now);
                    fired[j] = false;
                    due[j] = Long.MAX_VALUE;
                } else {
                    assertThat(due[j]).isGreaterThan(now - 2 * Deadlines.TICK_NANOS);
                }
            }
        }
    }
}
