package dev.sallyport.extension.state.redis;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.remote.RemoteTls;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Makes connections to the store. Those it makes have one thread, which serves nothing else; names, certificates and
/// passwords are looked at anew for each.
@OffLoop("a virtual thread")
final class Client implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(1);
    /// Beyond what is ever open; see [RedisStore].
    private static final int QUEUE = 20_000;
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE);

    private final RedisStateConfig config;
    private final InstantSource clock;
    private final ClientResources resources;
    private final EventLoopGroup group;
    private final EventLoop loop;

    Client(RedisStateConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.resources = DefaultClientResources.builder()
                .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
                .eventLoopGroupProvider(
                        new DefaultEventLoopGroupProvider(1, name -> new DefaultThreadFactory("state", true)))
                .build();
        this.group = resources.eventLoopGroupProvider().allocate(Transports.eventLoopGroupClass());
        this.loop = group.next();
    }

    /// The thread of all connections.
    EventLoop loop() {
        return loop;
    }

    /// A connection to the store.
    ///
    /// @param lost run when it is lost
    /// @throws IOException it could not be made; the message says why
    LiveConnection connect(Runnable lost) throws IOException {
        ClientOptions options = options();
        if (!config.cluster().isEmpty()) {
            return connectCluster(options);
        }
        RedisClient client = RedisClient.create(resources);
        try {
            client.setOptions(options);
            StatefulRedisConnection<String, byte[]> connection =
                    await(client.connectAsync(CODEC, server()), CONNECT_WITHIN.multipliedBy(2));
            connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                    lost.run();
                }
            });
            return new LiveConnection(client, connection, connection.async(), loop);
        } catch (IOException | RuntimeException e) {
            shutdown(client);
            throw failure(e);
        }
    }

    private LiveConnection connectCluster(ClientOptions options) throws IOException {
        RedisClusterClient client = RedisClusterClient.create(
                resources, config.cluster().stream().map(this::server).toList());
        try {
            client.setOptions(ClusterClientOptions.builder(options)
                    .autoReconnect(true)
                    .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                            .enablePeriodicRefresh(Duration.ofSeconds(5))
                            .build())
                    .build());
            await(client.refreshPartitionsAsync(), CONNECT_WITHIN.multipliedBy(2));
            StatefulRedisClusterConnection<String, byte[]> connection =
                    await(client.connectAsync(CODEC), CONNECT_WITHIN.multipliedBy(2));
            return new LiveConnection(client, connection, connection.async(), loop);
        } catch (IOException | RuntimeException e) {
            shutdown(client);
            throw failure(e);
        }
    }

    private static void shutdown(AbstractRedisClient client) {
        client.shutdownAsync(0, 1, TimeUnit.SECONDS);
    }

    private RedisURI server() {
        RedisStateConfig.Sentinel sentinel = config.sentinel();
        RedisUrl url = config.url();
        if (url != null) {
            return server(url);
        }
        if (sentinel == null) {
            throw new IllegalStateException("the configuration names a server");
        }
        RedisURI.Builder builder = RedisURI.builder().withSentinelMasterId(sentinel.master());
        for (RedisUrl node : sentinel.nodes()) {
            RedisURI.Builder one = RedisURI.Builder.redis(node.address(), node.port())
                    .withSsl(node.secure())
                    .withTimeout(CONNECT_WITHIN);
            if (sentinel.password() != null) {
                one.withPassword(sentinel.password().reveal().toCharArray());
            }
            builder.withSentinel(one.build());
        }
        return withCredentials(builder.withSsl(config.secure()));
    }

    private RedisURI server(RedisUrl url) {
        return withCredentials(RedisURI.Builder.redis(url.address(), url.port()).withSsl(url.secure()));
    }

    private RedisURI withCredentials(RedisURI.Builder builder) {
        if (config.password() != null && config.username() != null) {
            builder.withAuthentication(
                    config.username(), config.password().reveal().toCharArray());
        } else if (config.password() != null) {
            builder.withPassword(config.password().reveal().toCharArray());
        }
        return builder.withTimeout(CONNECT_WITHIN).build();
    }

    private ClientOptions options() throws IOException {
        ClientOptions.Builder options = ClientOptions.builder()
                // a connection that failed is replaced by the Keeper, which looks at the server before it is used
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(QUEUE)
                .protocolVersion(ProtocolVersion.RESP3)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_WITHIN)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                // commands have their own end, see RedisStore
                .timeoutOptions(TimeoutOptions.builder().build());
        if (config.secure()) {
            options.sslOptions(tls());
        }
        return options.build();
    }

    private SslOptions tls() throws IOException {
        SslOptions.Builder builder = SslOptions.builder().jdkSslProvider().handshakeTimeout(CONNECT_WITHIN);
        RemoteTls tls = config.tls();
        if (tls != null) {
            try {
                RemoteTls.Factories factories = tls.factories("tls", clock.instant());
                if (factories.trust() != null) {
                    builder.trustManager(factories.trust());
                }
                if (factories.keys() != null) {
                    builder.keyManager(factories.keys());
                }
            } catch (PluginException e) {
                throw new IOException(e.key() + ": " + e.getMessage(), e);
            }
        }
        return builder.build();
    }

    /// What `stage` ends with.
    ///
    /// @throws IOException it fails, or does not end in time
    static <T extends @Nullable Object> T await(CompletionStage<T> stage, Duration within) throws IOException {
        try {
            return stage.toCompletableFuture().get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (TimeoutException _) {
            throw new IOException("no answer within " + within.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// The innermost reason: what is around it says only that something went wrong.
    private static IOException failure(Throwable failure) {
        Throwable reason = failure;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return new IOException(String.valueOf(reason.getMessage()), failure);
    }

    @Override
    public void close() {
        resources.eventLoopGroupProvider().release(group, 0, 1, TimeUnit.SECONDS);
        resources.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
