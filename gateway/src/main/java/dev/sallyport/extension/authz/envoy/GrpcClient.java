package dev.sallyport.extension.authz.envoy;

import dev.sallyport.api.plugin.OffLoop;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.ConnectivityState;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Calls `Check` of a server that speaks Envoy's external authorization; the connection is made again when it is lost.
/// Blocks; safe for many at once, who share the one connection.
///
/// Answers are taken uncompressed only and up to a size, and no proxy of the environment is used.
@OffLoop("virtual threads of the questions; gRPC has a loop of its own")
final class GrpcClient implements AutoCloseable {
    private static final int LARGEST = 64 * 1024;
    private static final int LARGEST_HEAD = 8192;
    /// So many timeouts in a row make a connection suspect: the other side may be gone without a word.
    private static final int TIMEOUTS_TO_DOUBT = 3;
    private static final long GRACE_MILLIS = 250;

    private static final MethodDescriptor<byte[], byte[]> CHECK = MethodDescriptor.newBuilder(
                    Octets.MARSHALLER, Octets.MARSHALLER)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("envoy.service.auth.v3.Authorization/Check")
            .build();

    private final URI url;
    private final @Nullable SSLContext tls;
    private final Duration timeout;
    private final Executor blocking;
    private final AtomicInteger timeouts = new AtomicInteger();
    private @Nullable Connection connection;
    private boolean closed;

    /// What a channel lives on.
    private record Connection(ManagedChannel channel, MultiThreadIoEventLoopGroup loop) {}

    /// @param url      scheme, host and port
    /// @param tls      how connections are set up, or null as the Java runtime does it
    /// @param timeout  of a whole call
    /// @param blocking runs what waits
    GrpcClient(URI url, @Nullable SSLContext tls, Duration timeout, Executor blocking) {
        this.url = url;
        this.tls = tls;
        this.timeout = timeout;
        this.blocking = blocking;
    }

    /// Makes the connection.
    ///
    /// @throws IOException it could not be made in time; the first call tries again
    void start() throws IOException {
        ManagedChannel channel = channel();
        CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
        watch(channel, ready);
        try {
            ready.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            channel.enterIdle();
            throw new IOException(url + ": no connection within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(url + ": interrupted", e);
        }
    }

    private static void watch(ManagedChannel channel, CompletableFuture<@Nullable Void> ready) {
        ConnectivityState state = channel.getState(true);
        switch (state) {
            case READY -> ready.complete(null);
            case TRANSIENT_FAILURE, SHUTDOWN -> ready.completeExceptionally(new IOException("no connection"));
            case IDLE, CONNECTING -> channel.notifyWhenStateChanged(state, () -> watch(channel, ready));
        }
    }

    /// Sends `message`; the message that is answered.
    ///
    /// @param fields metadata
    /// @throws IOException no whole answer was to be had in time, or the server refused to give one
    byte[] check(byte[] message, Map<String, String> fields) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            return once(message, fields, deadline);
        } catch (ConnectionLostException lost) {
            // a question may be asked twice; one that met a connection which was just ending has to be
            return once(message, fields, deadline);
        }
    }

    private byte[] once(byte[] message, Map<String, String> fields, long deadline) throws IOException {
        ManagedChannel channel = channel();
        long left = deadline - System.nanoTime();
        ClientCall<byte[], byte[]> call =
                channel.newCall(CHECK, CallOptions.DEFAULT.withDeadlineAfter(left, TimeUnit.NANOSECONDS));
        UnaryAnswer answer = new UnaryAnswer();
        call.start(answer, metadata(fields));
        call.request(2);
        call.sendMessage(message);
        call.halfClose();
        try {
            byte[] received =
                    answer.message().get(left + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS), TimeUnit.NANOSECONDS);
            timeouts.set(0);
            return received;
        } catch (ExecutionException e) {
            if (answer.timedOut()) {
                onTimeout(channel);
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why = url + ": " + cause.getMessage();
            if (answer.lost()) {
                channel.enterIdle();
                throw new ConnectionLostException(why, e);
            }
            throw new IOException(why, e);
        } catch (TimeoutException e) {
            call.cancel("no answer in time", e);
            onTimeout(channel);
            throw new IOException(url + ": no whole answer within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.cancel("interrupted", e);
            throw new IOException(url + ": interrupted", e);
        }
    }

    /// Several in a row have the next call make a connection of its own; calls under way go on.
    private void onTimeout(ManagedChannel channel) {
        if (timeouts.incrementAndGet() >= TIMEOUTS_TO_DOUBT) {
            timeouts.set(0);
            channel.enterIdle();
        }
    }

    /// The connection ended, or none could be made, before the server said anything.
    private static final class ConnectionLostException extends IOException {
        private static final long serialVersionUID = 1;

        ConnectionLostException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static Metadata metadata(Map<String, String> fields) {
        Metadata metadata = new Metadata();
        fields.forEach((name, value) -> metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        return metadata;
    }

    private synchronized ManagedChannel channel() throws IOException {
        if (closed) {
            throw new IOException(url + ": no longer configured");
        }
        Connection known = connection;
        if (known == null) {
            known = connect();
            connection = known;
        }
        return known.channel();
    }

    private Connection connect() throws IOException {
        boolean secure = "https".equals(url.getScheme());
        String host = url.getHost().startsWith("[")
                ? url.getHost().substring(1, url.getHost().length() - 1)
                : url.getHost();
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(host, url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80);
        if (secure) {
            builder.sslContext(h2(tls));
        } else {
            builder.usePlaintext();
        }
        MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("sallyport-ext-authz", true), NioIoHandler.newFactory());
        ManagedChannel channel = builder.channelType(NioSocketChannel.class)
                .eventLoopGroup(loop)
                .executor(blocking)
                .offloadExecutor(blocking)
                .userAgent("sallyport")
                .maxInboundMessageSize(LARGEST)
                .maxInboundMetadataSize(LARGEST_HEAD)
                // servers may say in words that they did not compress
                .decompressorRegistry(DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
                .proxyDetector(_ -> null)
                .disableServiceConfigLookUp()
                .disableRetry()
                .build();
        return new Connection(channel, loop);
    }

    private static JdkSslContext h2(@Nullable SSLContext tls) throws IOException {
        try {
            return new JdkSslContext(
                    tls == null ? SSLContext.getDefault() : tls,
                    true,
                    Http2SecurityUtil.CIPHERS,
                    SupportedCipherSuiteFilter.INSTANCE,
                    new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            "h2"),
                    ClientAuth.NONE,
                    new String[] {"TLSv1.3", "TLSv1.2"},
                    false);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (connection != null) {
            // calls under way may still be answered
            connection.channel().shutdown();
            connection
                    .loop()
                    .shutdownGracefully(timeout.toMillis(), timeout.toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
