package dev.sallyport.controlplane.compile;

import dev.sallyport.api.exchange.UpstreamPolicies;
import dev.sallyport.api.traffic.LoadBalancer;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.BindAddress;
import dev.sallyport.controlplane.config.EndpointUrl;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.UpstreamConfig;
import dev.sallyport.controlplane.config.overload.ConcurrencyConfig;
import dev.sallyport.controlplane.config.read.RecordFiles;
import dev.sallyport.dataplane.forward.EndpointState;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.forward.UpstreamSettings;
import dev.sallyport.dataplane.overload.Bounds;
import dev.sallyport.dataplane.tls.UpstreamTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compiles upstreams; those that did not change are taken over with their connections.
final class UpstreamCompiler {
    /// As much as listeners may be told to accept of a request.
    private static final int MOST_RESPONSE_HEAD = 64 << 10;

    private final Foundation foundation;
    private final Findings findings;
    private final ReferredFiles files;
    private final PluginMaker plugins;
    private final TlsCompiler tls;

    UpstreamCompiler(
            Foundation foundation, Findings findings, ReferredFiles files, PluginMaker plugins, TlsCompiler tls) {
        this.tls = tls;
        this.foundation = foundation;
        this.findings = findings;
        this.files = files;
        this.plugins = plugins;
    }

    List<BuiltUpstream> compile(GatewayConfig config, @Nullable Compiled previous) {
        List<BuiltUpstream> built = new ArrayList<>();
        config.upstreams().forEach((name, upstream) -> {
            BuiltUpstream one =
                    upstream(name, upstream, config.admin().bind(), previous == null ? null : previous.upstream(name));
            if (one != null) {
                built.add(one);
            }
        });
        return built;
    }

    private @Nullable BuiltUpstream upstream(
            String name, UpstreamConfig config, BindAddress admin, @Nullable BuiltUpstream previous) {
        String path = "upstreams." + name;
        int before = findings.count();
        List<EndpointState> endpoints = endpoints(path, config, admin);
        String seen = seen(path, config, endpoints);
        if (config.tls() != null && config.tls().insecureSkipVerify()) {
            findings.warning(
                    path + ".tls.insecure-skip-verify",
                    "whoever answers is believed to be the upstream",
                    "for tests only");
            before++;
        }
        LoadBalancer.Factory balancing = plugins.make(
                LoadBalancer.Factory.class,
                config.balance(),
                name,
                path + ".balance." + config.balance().kind());
        List<UpstreamPolicies> policies = policies(name, path, config);
        if (findings.count() > before || balancing == null) {
            return null;
        }
        if (previous != null
                && previous.config().equals(config)
                && previous.seen().equals(seen)) {
            return previous;
        }
        UpstreamTls tls = null;
        if (config.secure()) {
            tls = this.tls.upstream(path + ".tls", config.tls(), config.protocol());
            if (tls == null) {
                return null;
            }
        }
        Upstream upstream = new Upstream(
                settings(name, config, tls), endpoints, balancing, foundation.connector(), foundation.workers());
        return new BuiltUpstream(upstream, config, policies, seen);
    }

    private List<UpstreamPolicies> policies(String name, String path, UpstreamConfig config) {
        List<UpstreamPolicies> made = new ArrayList<>();
        for (PluginUse use : config.policies().values()) {
            UpstreamPolicies policies = plugins.make(UpstreamPolicies.class, use, name, path + "." + use.kind());
            if (policies != null) {
                made.add(policies);
            }
        }
        return made;
    }

    private List<EndpointState> endpoints(String path, UpstreamConfig config, BindAddress admin) {
        List<EndpointState> endpoints = new ArrayList<>();
        for (int i = 0; i < config.endpoints().size(); i++) {
            UpstreamConfig.Endpoint endpoint = config.endpoints().get(i);
            EndpointUrl url = endpoint.url();
            String at = path + ".endpoints[" + i + "]";
            InetSocketAddress address = InetSocketAddress.createUnresolved(url.host(), url.port());
            try {
                InetAddress resolved = foundation.resolver().resolve(url.host());
                address = new InetSocketAddress(resolved, url.port());
                if (admin.port() == url.port() && reaches(resolved, admin)) {
                    findings.error(
                            at, url + " is the admin port", "expected: an upstream; operators have their own way in");
                }
            } catch (UnknownHostException e) {
                // with discovery the name may become known later; until then connecting fails
                if (config.discovery() == null) {
                    findings.error(
                            at,
                            url.host() + ": host name cannot be resolved",
                            "expected: a name that DNS knows, or `discovery: { dns: 30s }` to go on trying");
                }
            }
            endpoints.add(new EndpointState(url.address(), address, endpoint.weight()));
        }
        return endpoints;
    }

    private static boolean reaches(InetAddress address, BindAddress admin) {
        boolean here = address.isLoopbackAddress() || address.isAnyLocalAddress();
        boolean adminHere = admin.isLoopback() || admin.address().isAnyLocalAddress();
        return address.equals(admin.address()) || (here && adminHere);
    }

    private String seen(String path, UpstreamConfig config, List<EndpointState> endpoints) {
        StringBuilder seen = new StringBuilder();
        for (PluginUse use : config.policies().values()) {
            RecordFiles.of(use.config(), path + "." + use.kind())
                    .forEach((at, file) -> seen.append(files.digest(at, file)));
        }
        UpstreamConfig.Tls tls = config.tls();
        if (tls != null) {
            seen.append(files.digest(path + ".tls.trust", tls.trust()));
            UpstreamConfig.KeyPair pair = tls.clientCertificate();
            if (pair != null) {
                seen.append(files.digest(path + ".tls.client-certificate.chain", pair.chain()))
                        .append(files.digest(path + ".tls.client-certificate.key", pair.key()));
            }
        }
        if (config.discovery() == null) {
            endpoints.forEach(endpoint -> seen.append(' ').append(endpoint.socketAddress()));
        }
        return seen.toString();
    }

    private UpstreamSettings settings(String name, UpstreamConfig config, @Nullable UpstreamTls tls) {
        UpstreamConfig.Timeouts timeouts = config.timeouts();
        UpstreamConfig.Pool pool = config.pool();
        return new UpstreamSettings(
                name,
                switch (config.protocol()) {
                    case AUTO -> UpstreamSettings.Protocol.AUTO;
                    case HTTP_1_1 -> UpstreamSettings.Protocol.HTTP_1_1;
                    case H2 -> UpstreamSettings.Protocol.HTTP_2;
                },
                tls,
                new UpstreamSettings.Timeouts(
                        timeouts.connect().toNanos(),
                        timeouts.responseHead().toNanos(),
                        timeouts.idle().toNanos(),
                        timeouts.total() == null
                                ? Long.MAX_VALUE
                                : timeouts.total().toNanos()),
                new UpstreamSettings.Pool(
                        perWorker(pool.maxConnections()),
                        perWorker(pool.maxPending()),
                        pool.idle().toNanos(),
                        pool.maxAge().toNanos()),
                MOST_RESPONSE_HEAD,
                concurrency(config.concurrency()));
    }

    private static @Nullable Bounds concurrency(@Nullable ConcurrencyConfig config) {
        return config == null ? null : new Bounds(config.min(), config.max());
    }

    /// A bound of the whole gateway as a bound of each loop, rounded up so that no loop gets none.
    private int perWorker(int whole) {
        return Math.ceilDiv(whole, foundation.workers());
    }
}
