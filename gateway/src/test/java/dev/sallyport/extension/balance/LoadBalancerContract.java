package dev.sallyport.extension.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.traffic.Endpoint;
import dev.sallyport.api.traffic.LoadBalancer;
import dev.sallyport.testing.FakeServices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The laws that every load balancer keeps.
abstract class LoadBalancerContract {
    static final PluginContext CONTEXT = new PluginContext("u", 2, new FakeServices());

    /// An endpoint whose figures a test sets.
    static final class Fake implements Endpoint {
        private final String address;
        private final int weight;
        int inFlight;
        long latency;

        Fake(String address, int weight) {
            this.address = address;
            this.weight = weight;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public int weight() {
            return weight;
        }

        @Override
        public int inFlight() {
            return inFlight;
        }

        @Override
        public long latency() {
            return latency;
        }
    }

    abstract LoadBalancer.Factory factory() throws PluginException;

    /// A balancer over endpoints of these weights.
    LoadBalancer over(int... weights) throws PluginException {
        return factory().create(fakes(weights));
    }

    static Fake[] fakes(int... weights) {
        Fake[] endpoints = new Fake[weights.length];
        for (int i = 0; i < weights.length; i++) {
            endpoints[i] = new Fake("10.0.0." + i + ":80", weights[i]);
        }
        return endpoints;
    }

    static int[] equal(int count) {
        int[] weights = new int[count];
        Arrays.fill(weights, 1);
        return weights;
    }

    static Exchange request(int number) {
        return Exchanges.request().path("/" + number).exchange();
    }

    static int[] picks(LoadBalancer balancer, int endpoints, int count, long excluded) {
        int[] picks = new int[endpoints];
        for (int i = 0; i < count; i++) {
            picks[balancer.pick(request(i), excluded)]++;
        }
        return picks;
    }

    @Test
    void picksTheOnlyOne() throws PluginException {
        LoadBalancer balancer = over(1);
        assertThat(picks(balancer, 1, 100, 0)).containsExactly(100);
        assertThat(balancer.pick(request(1), 1)).isEqualTo(-1);
    }

    @Test
    void picksEachOfSeveral() throws PluginException {
        assertThat(picks(over(1, 1, 1, 1), 4, 4000, 0)).doesNotContain(0);
    }

    @Test
    void neverPicksAnExcludedOne() throws PluginException {
        LoadBalancer balancer = over(1, 5, 1, 2);
        int[] picks = picks(balancer, 4, 2000, 0b1010);
        assertThat(picks[1]).isZero();
        assertThat(picks[3]).isZero();
        assertThat(picks[0]).isPositive();
        assertThat(picks[2]).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 63, 64})
    void picksTheLastOneLeftAndThenNone(int count) throws PluginException {
        LoadBalancer balancer = over(equal(count));
        long all = count == 64 ? -1L : (1L << count) - 1;
        for (int left = 0; left < count; left += Math.max(1, count / 3)) {
            for (int i = 0; i < 20; i++) {
                assertThat(balancer.pick(request(i), all & ~(1L << left))).isEqualTo(left);
            }
        }
        assertThat(balancer.pick(request(0), all)).isEqualTo(-1);
    }

    @Test
    void endpointsBeyondTheBitsAreNeverExcluded() throws PluginException {
        LoadBalancer balancer = over(equal(70));
        for (int i = 0; i < 500; i++) {
            assertThat(balancer.pick(request(i), -1L)).isBetween(64, 69);
        }
    }

    @Test
    void givesByWeight() throws PluginException {
        int[] picks = picks(over(1, 3, 6), 3, 20_000, 0);
        assertThat(picks[0] / 20_000.0).isBetween(0.05, 0.16);
        assertThat(picks[1] / 20_000.0).isBetween(0.22, 0.38);
        assertThat(picks[2] / 20_000.0).isBetween(0.50, 0.72);
    }

    @Test
    void servesSeveralLoopsAtOnce() throws Exception {
        LoadBalancer balancer = over(1, 2, 3);
        try (ExecutorService loops = Executors.newFixedThreadPool(4)) {
            List<Future<int[]>> all = new ArrayList<>();
            for (int loop = 0; loop < 4; loop++) {
                all.add(loops.submit(() -> picks(balancer, 3, 5000, 0b001)));
            }
            for (Future<int[]> one : all) {
                int[] picks = one.get();
                assertThat(picks[0]).isZero();
                assertThat(picks[1] + picks[2]).isEqualTo(5000);
            }
        }
    }
}
