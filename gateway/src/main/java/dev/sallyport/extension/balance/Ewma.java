package dev.sallyport.extension.balance;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.traffic.Endpoint;
import dev.sallyport.api.traffic.LoadBalancer;
import java.util.concurrent.ThreadLocalRandom;

/// `ewma`: of two endpoints drawn by weight, the one that promises the earlier answer, by the moving average of
/// its latency and its requests in flight.
public final class Ewma implements LoadBalancer {
    /// One pick in this many takes the first draw as it is, so that an endpoint that was slow is measured again.
    private static final int PROBE_EVERY = 32;

    private final Endpoint[] endpoints;
    private final Weights weights;

    Ewma(Endpoint[] endpoints) {
        this.endpoints = endpoints;
        this.weights = new Weights(endpoints);
    }

    @Override
    public int pick(Exchange exchange, long excluded) {
        int first = weights.draw(excluded);
        if (first < 0 || ThreadLocalRandom.current().nextInt(PROBE_EVERY) == 0) {
            return first;
        }
        int second = weights.drawOther(first, excluded);
        return second >= 0 && better(endpoints[second], endpoints[first]) ? second : first;
    }

    private static boolean better(Endpoint a, Endpoint b) {
        long latencyA = a.latency();
        long latencyB = b.latency();
        if (latencyA == 0 || latencyB == 0) {
            // not measured yet: a fair share, not everything
            return LeastRequest.less(a, b);
        }
        return cost(latencyA, a) < cost(latencyB, b);
    }

    private static double cost(long latency, Endpoint endpoint) {
        return latency * (1 + (double) endpoint.inFlight() / endpoint.weight());
    }

    /// There is nothing to configure.
    @Doc("Of two endpoints drawn by weight, the one with the lower product of average latency and requests in flight.")
    public record Config() {}

    /// Makes `ewma` balancers.
    public static final class Factory implements PluginFactory<Config, LoadBalancer.Factory> {
        @Override
        public String kind() {
            return "ewma";
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
            return Ewma::new;
        }
    }
}
