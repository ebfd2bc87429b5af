package dev.sallyport.extension.balance;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.traffic.Endpoint;
import dev.sallyport.api.traffic.LoadBalancer;

/// `round-robin`: each endpoint in turn; one of weight 3 has three turns where one of weight 1 has one.
///
/// Every loop counts its own turns, so loops share nothing that they write. A turn is a step on a line where
/// endpoint `i` of every round is passed over unless its share of the rounds so far has grown by a whole; the
/// heaviest is never passed over, so a pick takes one round at most.
public final class RoundRobin implements LoadBalancer {
    /// Longs from one loop's counter to the next, a cache line apart.
    private static final int STRIDE = 16;

    /// Spreads the endpoints' turns over the rounds (the golden ratio of the greatest weight).
    private static final int OFFSET = 618;

    private final Weights weights;
    private final int heaviest;
    private final int mask;
    private final long[] turns;

    RoundRobin(Endpoint[] endpoints, int loops) {
        weights = new Weights(endpoints);
        int max = 0;
        for (Endpoint endpoint : endpoints) {
            max = Math.max(max, endpoint.weight());
        }
        heaviest = max;
        int counters = Integer.highestOneBit(Math.max(1, 2 * loops - 1));
        mask = counters - 1;
        turns = new long[(counters + 1) * STRIDE];
        for (int i = 0; i < counters; i++) {
            turns[(i + 1) * STRIDE] = i;
        }
    }

    @Override
    public int pick(Exchange exchange, long excluded) {
        int counter = ((exchange.loop() & mask) + 1) * STRIDE;
        int size = weights.size();
        long turn = turns[counter];
        for (int steps = 0; steps <= size; steps++) {
            int index = (int) (turn % size);
            long round = turn / size;
            turn++;
            int weight = weights.weight(index);
            if ((weight * round + (long) index * OFFSET) % heaviest >= heaviest - weight) {
                turns[counter] = turn;
                return Weights.isExcluded(index, excluded) ? weights.among(excluded, mix(turn)) : index;
            }
        }
        throw new IllegalStateException("a round without a turn");
    }

    private static long mix(long number) {
        long mixed = number * 0x9e3779b97f4a7c15L;
        return mixed ^ mixed >>> 32;
    }

    /// There is nothing to configure.
    @Doc("Each endpoint in turn; an endpoint of weight 3 has three turns where one of weight 1 has one.")
    public record Config() {}

    /// Makes `round-robin` balancers.
    public static final class Factory implements PluginFactory<Config, LoadBalancer.Factory> {
        @Override
        public String kind() {
            return "round-robin";
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
            return endpoints -> new RoundRobin(endpoints, context.loops());
        }
    }
}
