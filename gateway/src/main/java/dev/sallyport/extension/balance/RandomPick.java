package dev.sallyport.extension.balance;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.traffic.Endpoint;
import dev.sallyport.api.traffic.LoadBalancer;

/// `random`: any endpoint, in proportion to the weights.
public final class RandomPick implements LoadBalancer {
    private final Weights weights;

    RandomPick(Endpoint[] endpoints) {
        weights = new Weights(endpoints);
    }

    @Override
    public int pick(Exchange exchange, long excluded) {
        return weights.draw(excluded);
    }

    /// There is nothing to configure.
    @Doc("Any endpoint by chance, in proportion to the weights.")
    public record Config() {}

    /// Makes `random` balancers.
    public static final class Factory implements PluginFactory<Config, LoadBalancer.Factory> {
        @Override
        public String kind() {
            return "random";
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Class<LoadBalancer.Factory> pluginType() {
            return LoadBalancer.Factory.class;
        }

        @Override
        public LoadBalancer.Factory create(Config config, PluginContext context) {
            return RandomPick::new;
        }
    }
}
