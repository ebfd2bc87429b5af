package dev.sallyport.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FailureThrottleTest {
    private long now = 1_000_000_000_000L;
    private final FailureThrottle throttle = new FailureThrottle(() -> now);

    private int failures(String address, int times) {
        int allowed = 0;
        for (int i = 0; i < times; i++) {
            allowed += throttle.failed(InetAddress.ofLiteral(address)) ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void AD_10_twentyAtOnceThenOneASecond() {
        assertThat(failures("203.0.113.7", 100)).isEqualTo(20);
        now += TimeUnit.SECONDS.toNanos(3);
        assertThat(failures("203.0.113.7", 100)).isEqualTo(3);
        assertThat(failures("203.0.113.8", 100)).isEqualTo(20);
        now += TimeUnit.HOURS.toNanos(1);
        assertThat(failures("203.0.113.7", 100)).isEqualTo(20);
    }

    @Test
    void AD_10_RL_01_anIpv6SubnetIsOneAddress() {
        int allowed = 0;
        for (int i = 1; i <= 100; i++) {
            allowed += failures("2001:db8:1:1::" + i, 1);
        }
        assertThat(allowed).isEqualTo(20);
        assertThat(failures("2001:db8:1:2::1", 1)).isEqualTo(1);
    }

    @Test
    void AD_10_manyAddressesMakeNobodyForgotten() {
        assertThat(failures("203.0.113.7", 30)).isEqualTo(20);
        int allowed = 0;
        for (int i = 0; i < 5000; i++) {
            allowed += failures("198." + (18 + i / 65536) + "." + (i >> 8 & 255) + "." + (i & 255), 1);
        }
        assertThat(allowed).as("1023 of their own, and 20 together").isEqualTo(1043);
        assertThat(failures("203.0.113.7", 30)).isZero();
        now += TimeUnit.MINUTES.toNanos(1);
        assertThat(failures("198.51.100.7", 30)).as("when there is room again").isEqualTo(20);
    }
}
