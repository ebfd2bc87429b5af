package dev.sallyport.extension.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.traffic.LoadBalancer;
import org.junit.jupiter.api.Test;

class RoundRobinTest extends LoadBalancerContract {
    @Override
    LoadBalancer.Factory factory() throws PluginException {
        return new RoundRobin.Factory().create(new RoundRobin.Config(), CONTEXT);
    }

    @Test
    void takesTurns() throws PluginException {
        assertThat(picks(over(1, 1, 1), 3, 300, 0)).containsExactly(100, 100, 100);
    }

    @Test
    void takesTurnsExactlyByWeight() throws PluginException {
        assertThat(picks(over(1, 3, 6), 3, 1000, 0)).containsExactly(100, 300, 600);
    }
}
