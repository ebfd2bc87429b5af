package dev.sallyport.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private final Breaker breaker = new Breaker(3, Duration.ofNanos(100));

    private void fail(int times, long now) {
        for (int i = 0; i < times; i++) {
            breaker.failed(now);
        }
    }

    @Test
    void opensAfterFailuresInARow() {
        fail(2, 0);
        assertThat(breaker.lets(0)).isTrue();
        breaker.succeeded();
        fail(2, 0);
        assertThat(breaker.lets(0)).isTrue();
        assertThat(breaker.failed(0)).isTrue();
        assertThat(breaker.lets(0)).isFalse();
        assertThat(breaker.lets(99)).isFalse();
    }

    @Test
    void letsOneTryWhenTheTimeIsOver() {
        fail(3, 0);
        assertThat(breaker.lets(100)).isTrue();
        assertThat(breaker.lets(100)).isFalse();
        assertThat(breaker.lets(199)).isFalse();
        assertThat(breaker.lets(200)).isTrue();
    }

    @Test
    void staysOpenWhenTheTryFailsAndClosesWhenItSucceeds() {
        fail(3, 0);
        assertThat(breaker.lets(100)).isTrue();
        assertThat(breaker.failed(110)).isFalse();
        assertThat(breaker.lets(209)).isFalse();
        assertThat(breaker.lets(210)).isTrue();
        assertThat(breaker.succeeded()).isTrue();
        assertThat(breaker.succeeded()).isFalse();
        assertThat(breaker.lets(211)).isTrue();
        assertThat(breaker.lets(211)).isTrue();
    }
}
