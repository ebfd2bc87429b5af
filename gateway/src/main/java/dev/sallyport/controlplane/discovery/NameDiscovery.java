package dev.sallyport.controlplane.discovery;

import dev.sallyport.controlplane.config.UpstreamConfig;
import dev.sallyport.dataplane.forward.EndpointState;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps the endpoints of one upstream in step with DNS: every address of every configured name is an endpoint.
///
/// The last good answer of a name is kept while look-ups fail or find nothing (fault FA-14), so DNS that is down takes
/// no
/// endpoint away. An answer counts up to a bound, in an order of its own, so that the order of the answer means
/// nothing.
public final class NameDiscovery implements MetricSource, AutoCloseable {
    private static final int MOST_ADDRESSES = 64;
    private static final double NANOS = 1e9;

    private final Upstream upstream;
    private final List<UpstreamConfig.Endpoint> names;
    private final Duration every;
    private final AddressLookup lookup;
    private final EventLog log;
    private final CountDownLatch closed = new CountDownLatch(1);

    // Touched by whoever refreshes, one at a time.
    private final Map<String, List<InetAddress>> lastGood = new HashMap<>();
    private final Map<String, EndpointState> states = new HashMap<>();
    private List<String> inUse = List.of();

    // Written by whoever refreshes, read by any thread.
    private volatile long succeeded;
    private volatile long failed;
    private volatile long goodAt = System.nanoTime();
    private volatile boolean failing;

    /// @param names the configured endpoints of `upstream`
    public NameDiscovery(
            Upstream upstream,
            List<UpstreamConfig.Endpoint> names,
            Duration every,
            AddressLookup lookup,
            EventLog log) {
        this.upstream = upstream;
        this.names = List.copyOf(names);
        this.every = every;
        this.lookup = lookup;
        this.log = log;
    }

    public Upstream upstream() {
        return upstream;
    }

    /// Begins to look up, at once and then at every interval.
    public void start() {
        Thread.ofVirtual().name("discovery-" + upstream.name()).start(() -> {
            try {
                do {
                    refresh();
                } while (!closed.await(every.toNanos(), TimeUnit.NANOSECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// Looks up every name once and puts a changed set of endpoints into use.
    @SuppressWarnings("NonAtomicVolatileUpdate") // one refresh at a time
    void refresh() {
        boolean good = true;
        List<EndpointState> endpoints = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (UpstreamConfig.Endpoint name : names) {
            String host = name.url().host();
            List<InetAddress> found = addresses(host);
            good &= found != null;
            for (InetAddress address : found == null ? lastGood.getOrDefault(host, List.of()) : found) {
                String key = text(address) + ":" + name.url().port();
                if (!keys.contains(key)) {
                    keys.add(key);
                    endpoints.add(states.computeIfAbsent(
                            key,
                            text -> new EndpointState(
                                    text,
                                    new InetSocketAddress(address, name.url().port()),
                                    name.weight())));
                }
            }
        }
        if (good) {
            succeeded++;
            goodAt = System.nanoTime();
        } else {
            failed++;
        }
        failing = !good;
        if (!endpoints.isEmpty() && !keys.equals(inUse) && closed.getCount() > 0) {
            inUse = keys;
            states.keySet().retainAll(keys);
            upstream.replaceEndpoints(endpoints);
            log.event(Event.DISCOVERY_CHANGED, "upstream", upstream.name(), "endpoints", String.join(" ", keys));
        }
    }

    /// The addresses of `host` in an order of their own, or null when there is no good answer.
    private @Nullable List<InetAddress> addresses(String host) {
        String problem = "no addresses";
        try {
            List<InetAddress> found = lookup.of(host).stream()
                    .distinct()
                    .sorted((a, b) -> Arrays.compareUnsigned(a.getAddress(), b.getAddress()))
                    .limit(MOST_ADDRESSES)
                    .toList();
            if (!found.isEmpty()) {
                lastGood.put(host, found);
                return found;
            }
        } catch (UnknownHostException e) {
            problem = String.valueOf(e.getMessage());
        }
        if (!failing) {
            log.event(Event.DISCOVERY_FAILED, "upstream", upstream.name(), "host", host, "problem", problem);
        }
        return null;
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        return text.indexOf(':') < 0 ? text : "[" + text + "]";
    }

    @Override
    public void collect(MetricSink sink) {
        sink.value(Metrics.DISCOVERY_LOOKUPS, (double) succeeded, upstream.name(), "success");
        sink.value(Metrics.DISCOVERY_LOOKUPS, (double) failed, upstream.name(), "failure");
        sink.value(Metrics.DISCOVERY_AGE, (System.nanoTime() - goodAt) / NANOS, upstream.name());
    }

    /// Stops looking up; the endpoints stay as they are.
    @Override
    public void close() {
        closed.countDown();
    }
}
