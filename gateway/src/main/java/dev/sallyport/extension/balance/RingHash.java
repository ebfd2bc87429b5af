package dev.sallyport.extension.balance;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.traffic.Endpoint;
import dev.sallyport.api.traffic.LoadBalancer;
import java.util.Arrays;

/// `ring-hash`: requests with the same key go to the same endpoint, and few keys move when endpoints come or go.
///
/// Every endpoint has points on a ring of hashes, in number by its weight; a key belongs to the next point. Points
/// depend on an endpoint's address alone, so gateways agree with each other and with themselves after a start.
public final class RingHash implements LoadBalancer {
    private static final int POINTS_PER_WEIGHT = 160;
    private static final int MAX_POINTS = 1 << 16;

    /// The low bits of a point hold the endpoint's index, the rest its place on the ring.
    private static final int INDEX_BITS = 16;

    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

    private final RingKey key;
    private final Weights weights;
    private final long[] ring;

    RingHash(RingKey key, Endpoint[] endpoints) {
        if (endpoints.length > INDEX_MASK) {
            throw new IllegalArgumentException(
                    "endpoints: " + endpoints.length + " (expected: up to " + INDEX_MASK + ")");
        }
        this.key = key;
        this.weights = new Weights(endpoints);
        this.ring = ring(endpoints);
    }

    private static long[] ring(Endpoint[] endpoints) {
        long total = 0;
        for (Endpoint endpoint : endpoints) {
            total += endpoint.weight();
        }
        // halved as often as needed, so that a small change of the total keeps every point where it was
        int halvings = 0;
        while ((total * POINTS_PER_WEIGHT) >> halvings > MAX_POINTS) {
            halvings++;
        }
        int count = 0;
        for (Endpoint endpoint : endpoints) {
            count += points(endpoint, halvings);
        }
        long[] points = new long[count];
        int next = 0;
        for (int i = 0; i < endpoints.length; i++) {
            long hash = Hashes.of(endpoints[i].address());
            for (int n = points(endpoints[i], halvings); n > 0; n--) {
                points[next++] = (Hashes.nth(hash, n) & ~INDEX_MASK) | i;
            }
        }
        Arrays.sort(points);
        return points;
    }

    private static int points(Endpoint endpoint, int halvings) {
        return Math.max(1, (endpoint.weight() * POINTS_PER_WEIGHT) >> halvings);
    }

    @Override
    public int pick(Exchange exchange, long excluded) {
        if (weights.allExcluded(excluded)) {
            return -1;
        }
        long hash = key.hash(exchange);
        if (hash == RingKey.ABSENT) {
            return weights.draw(excluded);
        }
        int found = Arrays.binarySearch(ring, hash);
        for (int at = found < 0 ? ~found : found; ; at++) {
            int index = (int) ring[at % ring.length] & INDEX_MASK;
            if (!Weights.isExcluded(index, excluded)) {
                return index;
            }
        }
    }

    /// What the ring is asked with.
    @Doc("Requests with the same key go to the same endpoint; few keys move when endpoints come or go.")
    public record Config(
            @Doc("`client.address`, `path`, `header:NAME` or `cookie:NAME`. Requests without it are spread by chance.")
            String key) {}

    /// Makes `ring-hash` balancers.
    public static final class Factory implements PluginFactory<Config, LoadBalancer.Factory> {
        @Override
        public String kind() {
            return "ring-hash";
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
        public LoadBalancer.Factory create(Config config, PluginContext context) throws PluginException {
            RingKey key = RingKey.of(config.key());
            return endpoints -> new RingHash(key, endpoints);
        }
    }
}
