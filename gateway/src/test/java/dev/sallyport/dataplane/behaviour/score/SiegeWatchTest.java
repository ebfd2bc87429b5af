package dev.sallyport.dataplane.behaviour.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SiegeWatchTest {
    private static final long NOW = TimeUnit.HOURS.toNanos(1);
    private static final Rules.Siege RULES = new Rules.Siege(0.5, 100, 1);

    private final SiegeWatch siege = new SiegeWatch();

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            siege.failed(NOW);
        }
    }

    @Test
    void fewFailuresAreNoSiege() {
        fail(99);
        assertThat(siege.share(NOW)).isEqualTo(1);
        assertThat(siege.on(RULES, NOW)).isFalse();
        fail(2);
        assertThat(siege.on(RULES, NOW)).isTrue();
        assertThat(siege.on(RULES, NOW + TimeUnit.MINUTES.toNanos(1))).isFalse();
    }

    @Test
    void manyFailuresAmongMoreThatAreNoneAreNoSiege() {
        fail(200);
        siege.proven(208, NOW);
        assertThat(siege.share(NOW)).isCloseTo(200.0 / 408, within(1e-6));
        assertThat(siege.on(RULES, NOW)).isFalse();
        fail(20);
        assertThat(siege.on(RULES, NOW)).isTrue();
    }

    @Test
    void everyTurnIsToldOnce() {
        assertThat(siege.turned(false)).isFalse();
        assertThat(siege.turned(true)).isTrue();
        assertThat(siege.turned(true)).isFalse();
        assertThat(siege.turned(false)).isTrue();
    }
}
