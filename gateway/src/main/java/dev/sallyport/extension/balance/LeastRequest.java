package dev.sallyport.extension.balance;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.traffic.Endpoint;
import dev.sallyport.api.traffic.LoadBalancer;

/// `least-request`: of two endpoints drawn by weight, the one with fewer requests in flight for its weight.
///
/// Two draws are enough to keep away from a busy endpoint, and unlike a search for the least busy one of all they
/// do not send every loop to the same endpoint at once.
public final class LeastRequest implements LoadBalancer {
    private final Endpoint[] endpoints;
    private final Weights weights;

    LeastRequest(Endpoint[] endpoints) {
        this.endpoints = endpoints;
        this.weights = new Weights(endpoints);
    }

    @Override
    public int pick(Exchange exchange, long excluded) {
        int first = weights.draw(excluded);
        if (first < 0) {
            return -1;
        }
        int second = weights.drawOther(first, excluded);
        return second >= 0 && less(endpoints[second], endpoints[first]) ? second : first;
    }

    /// Whether `a` has fewer requests in flight for its weight than `b`.
    static boolean less(Endpoint a, Endpoint b) {
        return (long) a.inFlight() * b.weight() < (long) b.inFlight() * a.weight();
    }

    /// There is nothing to configure.
    @Doc("Of two endpoints drawn by weight, the one with fewer requests in flight for its weight.")
    public record Config() {}

    /// Makes `least-request` balancers.
    public static final class Factory implements PluginFactory<Config, LoadBalancer.Factory> {
        @Override
        public String kind() {
            return "least-request";
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
            return LeastRequest::new;
        }
    }
}
