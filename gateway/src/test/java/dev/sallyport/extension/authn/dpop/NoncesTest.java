package dev.sallyport.extension.authn.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.dpop.Nonces.Worth;
import dev.sallyport.testing.FakeServices;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nonces need no memory, end, and are good on every node (threat DP-07).
class NoncesTest {
    private static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final long NOW = 1_795_579_200;

    @Test
    void DP_07_aNonceIsGoodForItsPeriodAndOneMore() {
        String nonce = Nonces.at(NOW, KEY);
        assertThat(Nonces.worth(nonce, NOW, KEY)).isEqualTo(Worth.CURRENT);
        assertThat(Nonces.worth(nonce, NOW + Nonces.PERIOD - 1, KEY)).isEqualTo(Worth.CURRENT);
        assertThat(Nonces.worth(nonce, NOW + Nonces.PERIOD, KEY)).isEqualTo(Worth.AGEING);
        assertThat(Nonces.worth(nonce, NOW + 2 * Nonces.PERIOD - 1, KEY)).isEqualTo(Worth.AGEING);
        assertThat(Nonces.worth(nonce, NOW + 2 * Nonces.PERIOD, KEY)).isEqualTo(Worth.NONE);
    }

    @Test
    void DP_07_aNodeWhoseClockIsBehindTakesItToo() {
        assertThat(Nonces.worth(Nonces.at(NOW, KEY), NOW - 1, KEY)).isEqualTo(Worth.CURRENT);
        assertThat(Nonces.worth(Nonces.at(NOW, KEY), NOW - Nonces.PERIOD - 1, KEY))
                .isEqualTo(Worth.NONE);
    }

    @Test
    void DP_07_refusesANonceOfAnotherServer() {
        byte[] other = KEY.clone();
        other[0]++;
        assertThat(Nonces.worth(Nonces.at(NOW, other), NOW, KEY)).isEqualTo(Worth.NONE);
    }

    @Test
    void DP_07_refusesAnotherTimeWithTheSameMac() {
        byte[] octets = Base64.getUrlDecoder().decode(Nonces.at(NOW - 10 * Nonces.PERIOD, KEY));
        octets[7] = (byte) (octets[7] + 10);
        String moved = Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        assertThat(Nonces.worth(moved, NOW, KEY)).isEqualTo(Worth.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "===============================,"})
    void DP_07_refusesWhatIsNoNonce(String nonce) {
        assertThat(Nonces.worth(nonce, NOW, KEY)).isEqualTo(Worth.NONE);
        assertThat(Nonces.worth("x".repeat(10_000), NOW, KEY)).isEqualTo(Worth.NONE);
        assertThat(Nonces.worth(null, NOW, KEY)).isEqualTo(Worth.NONE);
    }

    @Test
    void DP_07_nodesThatShareAStateShareTheKey() throws Exception {
        FakeServices services = new FakeServices();
        SharedState state = services.state();
        NonceKey one = new NonceKey(state, services.clock());
        NonceKey other = new NonceKey(state, services.clock());
        byte[] key = one.ask().toCompletableFuture().get();
        assertThat(other.ask().toCompletableFuture().get()).isEqualTo(key);
        assertThat(other.known()).isEqualTo(key);
        assertThat(new NonceKey(new FakeServices().state(), services.clock())
                        .ask()
                        .toCompletableFuture()
                        .get())
                .isNotEqualTo(key);
    }

    @Test
    void DP_07_learnsAKeyThatAnotherNodeMadeLater() throws Exception {
        FakeServices services = new FakeServices();
        NonceKey key = new NonceKey(services.state(), services.clock());
        byte[] first = key.ask().toCompletableFuture().get();
        byte[] next = {9};
        services.state().replace("dpop-nonce-key", "key", first, next, Duration.ofDays(1));
        assertThat(key.known()).isEqualTo(first);
        services.at(Instant.parse("2026-01-01T00:01:00Z"));
        key.known();
        assertThat(key.known()).isEqualTo(next);
    }
}
