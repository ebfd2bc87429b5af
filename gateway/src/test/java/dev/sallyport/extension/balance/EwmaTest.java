package dev.sallyport.extension.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.traffic.LoadBalancer;
import org.junit.jupiter.api.Test;

class EwmaTest extends LoadBalancerContract {
    @Override
    LoadBalancer.Factory factory() {
        return new Ewma.Factory().create(new Ewma.Config(), CONTEXT);
    }

    @Test
    void prefersTheFastOneAndStillLooksAtTheSlowOne() throws PluginException {
        Fake[] endpoints = fakes(1, 1);
        endpoints[0].latency = 100_000_000;
        endpoints[1].latency = 1_000_000;
        int[] picks = picks(factory().create(endpoints), 2, 10_000, 0);
        assertThat(picks[1]).isGreaterThan(9_000);
        assertThat(picks[0]).isPositive();
    }

    @Test
    void doesNotSendEverythingToTheFastOneWhenItIsBusy() throws PluginException {
        Fake[] endpoints = fakes(1, 1);
        endpoints[0].latency = 2_000_000;
        endpoints[1].latency = 1_000_000;
        endpoints[1].inFlight = 100;
        int[] picks = picks(factory().create(endpoints), 2, 10_000, 0);
        assertThat(picks[0]).isGreaterThan(9_000);
    }
}
