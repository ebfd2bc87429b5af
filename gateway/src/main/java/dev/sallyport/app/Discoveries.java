package dev.sallyport.app;

import dev.sallyport.controlplane.compile.BuiltUpstream;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.UpstreamConfig;
import dev.sallyport.controlplane.discovery.AddressLookup;
import dev.sallyport.controlplane.discovery.NameDiscovery;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;

/// The discoveries of the upstreams in use; an upstream that survives a reload keeps its own.
final class Discoveries implements MetricSource, AutoCloseable {
    private final EventLog log;
    private volatile List<NameDiscovery> running = List.of();

    Discoveries(EventLog log) {
        this.log = log;
        // the configured interval is what counts, not what the JDK remembers
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    /// Begins and ends discoveries when `next` is put into use.
    Step prepare(Compiled next) {
        return new Step() {
            @Override
            public void use() {
                follow(next.parts().upstreams());
            }

            @Override
            public void abandon() {}
        };
    }

    private void follow(List<BuiltUpstream> upstreams) {
        List<NameDiscovery> next = new ArrayList<>();
        for (BuiltUpstream built : upstreams) {
            UpstreamConfig.Discovery wanted = built.config().discovery();
            if (wanted == null) {
                continue;
            }
            NameDiscovery kept = running.stream()
                    .filter(one -> one.upstream() == built.upstream())
                    .findFirst()
                    .orElse(null);
            if (kept == null) {
                kept = new NameDiscovery(
                        built.upstream(), built.config().endpoints(), wanted.dns(), AddressLookup.SYSTEM, log);
                kept.start();
            }
            next.add(kept);
        }
        running.stream().filter(one -> !next.contains(one)).forEach(NameDiscovery::close);
        running = List.copyOf(next);
    }

    @Override
    public void collect(MetricSink sink) {
        running.forEach(one -> one.collect(sink));
    }

    @Override
    public void close() {
        running.forEach(NameDiscovery::close);
    }
}
