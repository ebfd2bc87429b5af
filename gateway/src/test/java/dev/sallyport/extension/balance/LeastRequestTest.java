package dev.sallyport.extension.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.traffic.LoadBalancer;
import org.junit.jupiter.api.Test;

class LeastRequestTest extends LoadBalancerContract {
    @Override
    LoadBalancer.Factory factory() {
        return new LeastRequest.Factory().create(new LeastRequest.Config(), CONTEXT);
    }

    @Test
    void keepsAwayFromTheBusyOne() throws PluginException {
        Fake[] endpoints = fakes(1, 1);
        endpoints[0].inFlight = 10;
        LoadBalancer balancer = factory().create(endpoints);
        assertThat(picks(balancer, 2, 100, 0)).containsExactly(0, 100);
    }

    @Test
    void countsWhatIsInFlightForTheWeight() throws PluginException {
        Fake[] endpoints = fakes(1, 10);
        endpoints[0].inFlight = 2;
        endpoints[1].inFlight = 10;
        LoadBalancer balancer = factory().create(endpoints);
        assertThat(picks(balancer, 2, 100, 0)).containsExactly(0, 100);
    }
}
