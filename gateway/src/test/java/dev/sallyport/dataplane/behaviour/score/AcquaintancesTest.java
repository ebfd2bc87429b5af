package dev.sallyport.dataplane.behaviour.score;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.table.TableMemory;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcquaintancesTest {
    private static final long DAY = TimeUnit.DAYS.toSeconds(1);

    private final Acquaintances acquaintances = new Acquaintances(new TableMemory(1L << 30, Runnable::run));

    @Test
    void whoIsSeenIsKnownSinceTheFirstTime() {
        assertThat(acquaintances.since(1, 1, 100)).isEqualTo(-1);
        assertThat(acquaintances.seen(1, 1, 100)).isEqualTo(100);
        assertThat(acquaintances.seen(1, 1, 200)).isEqualTo(100);
        assertThat(acquaintances.since(1, 1, 300)).isEqualTo(100);
        assertThat(acquaintances.since(1, 2, 300)).isEqualTo(-1);
    }

    @Test
    void whoIsNotSeenForLongIsForgottenAndWhoIsNever() {
        acquaintances.seen(1, 1, 100);
        acquaintances.seen(2, 2, 100);
        for (long at = 100; at < 100 + 90 * DAY; at += DAY) {
            acquaintances.seen(2, 2, at);
        }
        assertThat(acquaintances.since(1, 1, 100 + 31 * DAY)).isEqualTo(-1);
        assertThat(acquaintances.since(2, 2, 100 + 90 * DAY)).isEqualTo(100);
        assertThat(acquaintances.seen(1, 1, 100 + 31 * DAY)).as("anew").isEqualTo(100 + 31 * DAY);
    }

    @Test
    void whomThereIsNoRoomForIsNotKnown() {
        Acquaintances small = new Acquaintances(new TableMemory(65_536, Runnable::run));
        small.seen(5, 5, 1000);
        SplittableRandom random = new SplittableRandom(7);
        int unknown = 0;
        for (int i = 0; i < 20_000; i++) {
            long high = random.nextLong();
            long low = random.nextLong();
            boolean said = small.seen(high, low, 1000) >= 0;
            assertThat(small.since(high, low, 1000) >= 0).isEqualTo(said);
            unknown += said ? 0 : 1;
        }
        assertThat(unknown).isGreaterThan(15_000);
        assertThat(small.since(5, 5, 1000)).as("who was").isEqualTo(1000);
    }
}
