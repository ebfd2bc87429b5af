package dev.sallyport.extension.state.redis;

import dev.sallyport.api.limit.WhenDown;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.remote.RemoteTls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which Redis or Valkey keeps the shared state, and how it is asked.
@Doc("Shared state in Redis or Valkey, for gateways side by side: one of `url`, `sentinel` and `cluster`. See "
        + "docs/shared-state.md.")
public record RedisStateConfig(
        @Doc("One server: `redis://host:port`, or `rediss://host:port` for TLS.") @Nullable
        RedisUrl url,

        @Doc("Sentinels that know which server is the primary one.") @Nullable
        Sentinel sentinel,

        @Doc("Some servers of a cluster, each `redis://host:port` or `rediss://host:port`; they tell the others.")
        @Default("[]")
        List<RedisUrl> cluster,

        @Doc("Whom the gateway is at the server. Left out: its default user.") @Nullable
        String username,

        @Doc("The user's password, by reference.") @Nullable Secret password,

        @Doc("TLS with the servers, where the scheme is `rediss`.") @Nullable
        RemoteTls tls,

        @Doc("What values are sealed with, by reference: at least 32 octets, the same at all gateways that share their "
                + "state, and known to nobody else. `openssl rand -base64 32` makes one.")
        Secret key,

        @Doc("How long the server may take to answer. What needs the answer is refused then.")
        @Default("100ms")
        @Range(min = "5ms", max = "5s")
        Duration timeout,

        @Doc("What becomes of limits that do not say it themselves while the server cannot be asked.")
        @Default("local-share")
        WhenDown whenDown,

        @Doc("How many gateways there are, for as long as the server did not tell it.")
        @Default("1")
        @Range(min = "1", max = "1000")
        int nodes,

        @Doc("How all keys at the server begin. Gateways with the same one share their state.")
        @Default("sallyport")
        @Matches(value = "[a-z0-9][a-z0-9:_-]{0,62}", expected = "small letters, digits, :, - and _, at most 63")
        String namespace) {
    private static final int SHORTEST_KEY = 32;

    /// Sentinels.
    @Doc("Sentinels that know which server is the primary one.")
    public record Sentinel(
            @Doc("What they call the group of servers.") String master,

            @Doc(
                    "Where they listen, each `redis://host:port` or `rediss://host:port`; the servers are spoken to with the same scheme.")
            List<RedisUrl> nodes,

            @Doc("What the sentinels themselves want to be shown, by reference.") @Nullable
            Secret password) {
        public Sentinel {
            if (nodes.isEmpty()) {
                throw new IllegalArgumentException("nodes: empty (expected: at least one)");
            }
            nodes = List.copyOf(nodes);
        }
    }

    public RedisStateConfig {
        cluster = List.copyOf(cluster);
        int ways = (url == null ? 0 : 1) + (sentinel == null ? 0 : 1) + (cluster.isEmpty() ? 0 : 1);
        if (ways != 1) {
            throw new IllegalArgumentException(
                    "url: " + (ways == 0 ? "missing" : "not alone") + " (expected: one of url, sentinel, cluster)");
        }
        if (username != null && password == null) {
            throw new IllegalArgumentException("username: without password (expected: both)");
        }
        List<RedisUrl> all = servers(url, sentinel, cluster);
        boolean secure = all.getFirst().secure();
        for (RedisUrl one : all) {
            if (one.secure() != secure) {
                throw new IllegalArgumentException((sentinel == null ? "cluster" : "sentinel.nodes") + ": " + one
                        + " beside " + all.getFirst() + " (expected: all with TLS, or none)");
            }
        }
        if (tls != null && !secure) {
            throw new IllegalArgumentException("tls: with " + all.getFirst() + " (expected: rediss://)");
        }
        if (key.reveal().getBytes(StandardCharsets.UTF_8).length < SHORTEST_KEY) {
            throw new IllegalArgumentException(
                    "key: shorter than " + SHORTEST_KEY + " octets (expected: what `openssl rand -base64 32` prints)");
        }
    }

    private static List<RedisUrl> servers(@Nullable RedisUrl url, @Nullable Sentinel sentinel, List<RedisUrl> cluster) {
        List<RedisUrl> all = new ArrayList<>(cluster);
        Stream.ofNullable(url).forEach(all::add);
        Stream.ofNullable(sentinel).map(Sentinel::nodes).forEach(all::addAll);
        return all;
    }

    /// Every server that is named.
    List<RedisUrl> servers() {
        return servers(url, sentinel, cluster);
    }

    /// Whether TLS is spoken.
    boolean secure() {
        return servers().getFirst().secure();
    }
}
