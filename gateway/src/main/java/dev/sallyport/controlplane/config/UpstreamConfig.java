package dev.sallyport.controlplane.config;

import dev.sallyport.api.exchange.UpstreamPolicies;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Shorthand;
import dev.sallyport.api.traffic.LoadBalancer;
import dev.sallyport.controlplane.config.overload.ConcurrencyConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A group of servers that serve the same.
@Doc("A group of servers that serve the same.")
@NotYet({"health", "outliers", "retries", "breaker"})
public record UpstreamConfig(
        @Doc("The servers: all `http` or all `https`.") List<Endpoint> endpoints,

        @Doc("How one of the servers is chosen: a kind, or a kind with its settings.")
        @Default("round-robin")
        @Plugged(LoadBalancer.Factory.class)
        PluginUse balance,

        @Doc("Which version of HTTP the servers are spoken to in.") @Default("auto")
        Protocol protocol,

        @Doc("How servers are found again while the gateway runs. Left out: host names are looked up when the "
                + "configuration is loaded.")
        @Nullable
        Discovery discovery,

        @Doc("TLS towards `https` endpoints. Certificates are verified against host name and trust.") @Nullable
        Tls tls,

        @Doc("How long each part of a call may take.") @Default("{}")
        Timeouts timeouts,

        @Doc("Connections that are kept for reuse.") @Default("{}")
        Pool pool,

        @Doc("How many requests the servers have at once, together. Left out: as many as come.") @Nullable
        ConcurrencyConfig concurrency,

        @Doc("What the servers are told of the caller.") @Plugged(UpstreamPolicies.class)
        Map<String, PluginUse> policies) {

    public UpstreamConfig {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("endpoints: none (expected: at least one)");
        }
        Set<EndpointUrl> seen = new HashSet<>();
        for (int i = 0; i < endpoints.size(); i++) {
            EndpointUrl url = endpoints.get(i).url();
            if (url.secure() != endpoints.getFirst().url().secure()) {
                throw new IllegalArgumentException("endpoints: http and https mixed (expected: all of one)");
            }
            if (!seen.add(url)) {
                throw new IllegalArgumentException("endpoints: " + url + " twice (expected: once, with a weight)");
            }
        }
        if (tls != null && !endpoints.getFirst().url().secure()) {
            throw new IllegalArgumentException("tls: given for http endpoints (expected: https endpoints)");
        }
    }

    /// Whether the endpoints are spoken to with TLS.
    public boolean secure() {
        return endpoints.getFirst().url().secure();
    }

    /// One server.
    @Doc("One server.")
    @Shorthand("url")
    public record Endpoint(
            @Doc("Scheme, host and port, such as `http://127.0.0.1:9001`; no path.")
            EndpointUrl url,

            @Doc("Its share of the requests, beside the others' weights.") @Default("1") @Range(min = "1", max = "1000")
            int weight,

            @Doc("Where it stands, for people.")
            @Matches(value = GatewayConfig.NAME, expected = GatewayConfig.NAME_EXPECTED)
            @Nullable
            String zone) {}

    /// The version of HTTP towards an upstream.
    @NotYet("h3")
    public enum Protocol {
        AUTO("auto"),
        HTTP_1_1("http/1.1"),
        H2("h2");

        private final String spelling;

        Protocol(String spelling) {
            this.spelling = spelling;
        }

        @Override
        public String toString() {
            return spelling;
        }
    }

    /// How servers are found again.
    @Doc("How servers are found again while the gateway runs.")
    public record Discovery(
            @Doc("Host names are looked up again this often, and every address found is a server; the last good answer "
                    + "is kept.")
            @Range(min = "1s", max = "24h")
            Duration dns) {}

    /// TLS towards the servers.
    @Doc("TLS towards the servers.")
    public record Tls(
            @Doc("The certification authorities that are trusted, in PEM. Left out: those of the Java runtime.")
            @Nullable
            Path trust,

            @Doc("The certificate the gateway shows.") @Nullable
            KeyPair clientCertificate,

            @Doc(
                    "The name that is asked for by SNI and that the certificate must be for. Left out: the endpoint's host.")
            @Matches(
                    value = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*",
                    expected = "a host name")
            @Nullable
            String serverName,

            @Doc("**Dangerous.** Whoever answers is believed to be the upstream. For tests only; logged at each load.")
            @Default("false")
            boolean insecureSkipVerify) {
        public Tls {
            if (insecureSkipVerify && trust != null) {
                throw new IllegalArgumentException(
                        "insecure-skip-verify: true although `trust` is given (expected: one of the two)");
            }
        }
    }

    /// A certificate with its key.
    @Doc("A certificate with its key, both in PEM.")
    public record KeyPair(
            @Doc("The certificate followed by its intermediates.")
            Path chain,

            @Doc("The private key.") Path key) {}

    /// How long each part of a call may take.
    @Doc("How long each part of a call may take.")
    public record Timeouts(
            @Doc("Until a connection is ready, TLS included.") @Default("1s") @Range(min = "1ms", max = "5m")
            Duration connect,

            @Doc("From the end of the request to the head of the response.")
            @Default("10s")
            @Range(min = "1ms", max = "24h")
            Duration responseHead,

            @Doc("Between octets while a body is under way.") @Default("60s") @Range(min = "1ms", max = "24h")
            Duration idle,

            @Doc("The whole call, to the last octet of the body. Left out: no limit, for downloads and event streams.")
            @Nullable
            @Range(min = "1ms", max = "24h")
            Duration total) {}

    /// Bounds of the connections kept.
    @Doc("Connections that are kept for reuse.")
    public record Pool(
            @Doc("Connections to one endpoint, over the whole gateway.")
            @Default("1024")
            @Range(min = "1", max = "1000000")
            int maxConnections,

            @Doc("Requests that wait for a connection to one endpoint; more are answered 503.")
            @Default("1024")
            @Range(min = "0", max = "1000000")
            int maxPending,

            @Doc("How long an unused connection is kept.") @Default("30s") @Range(min = "1ms", max = "24h")
            Duration idle,

            @Doc("The age from which a connection takes no more requests.")
            @Default("1h")
            @Range(min = "1s", max = "720h")
            Duration maxAge) {}
}
