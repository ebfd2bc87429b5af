package dev.sallyport.extension.observe.otlp;

import dev.sallyport.api.plugin.OffLoop;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// OTLP over gRPC. No proxy of the environment, no retries but those of the [Courier], answers uncompressed and
/// bounded.
@OffLoop("the thread of an outflow; gRPC has a loop of its own")
final class GrpcTransport implements Transport {
    private static final int LARGEST = 64 * 1024;
    private static final int LARGEST_HEAD = 8192;
    private static final long GRACE_MILLIS = 250;
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final CollectorSettings settings;
    private final MethodDescriptor<byte[], byte[]> method;
    private final MultiThreadIoEventLoopGroup loop;
    private final ManagedChannel channel;

    /// Messages are octets to gRPC.
    private static final class Octets implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
            try {
                return message.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    GrpcTransport(CollectorSettings settings, Signal signal) {
        this.settings = settings;
        Octets octets = new Octets();
        this.method = MethodDescriptor.newBuilder(octets, octets)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(signal.method())
                .build();
        boolean secure = "https".equals(settings.endpoint().getScheme());
        String host = settings.endpoint().getHost();
        int port = settings.endpoint().getPort();
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                port >= 0 ? port : secure ? 443 : 80);
        if (secure) {
            builder.sslContext(h2(settings.tls()));
        } else {
            builder.usePlaintext();
        }
        Executor executor = Thread::startVirtualThread;
        this.loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("sallyport-otlp-" + signal.label(), true), NioIoHandler.newFactory());
        this.channel = builder.channelType(NioSocketChannel.class)
                .eventLoopGroup(loop)
                .executor(executor)
                .offloadExecutor(executor)
                .userAgent("sallyport")
                .maxInboundMessageSize(LARGEST)
                .maxInboundMetadataSize(LARGEST_HEAD)
                // servers may say in words that they did not compress
                .decompressorRegistry(DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
                .proxyDetector(_ -> null)
                .disableServiceConfigLookUp()
                .disableRetry()
                .build();
    }

    private static JdkSslContext h2(@Nullable SSLContext tls) {
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
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Reply send(byte[] message, Duration limit) throws InterruptedException {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
        ClientCall<byte[], byte[]> call =
                channel.newCall(method, settings.gzip() ? options.withCompression("gzip") : options);
        Answer answer = new Answer();
        call.start(answer, metadata());
        call.setMessageCompression(settings.gzip());
        call.request(2);
        call.sendMessage(message);
        call.halfClose();
        try {
            return answer.reply.get(limit.toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            call.cancel("no answer in time", e);
            return new Reply.Later(null, "no whole answer within " + limit.toMillis() + " ms");
        } catch (InterruptedException e) {
            call.cancel("interrupted", e);
            throw e;
        } catch (ExecutionException e) {
            return new Reply.Later(null, String.valueOf(e.getMessage()));
        }
    }

    private Metadata metadata() {
        Metadata metadata = new Metadata();
        settings.headers()
                .forEach((name, value) -> metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        return metadata;
    }

    /// Hears of one call: threads of gRPC, one after the other.
    private static final class Answer extends ClientCall.Listener<byte[]> {
        private final CompletableFuture<Reply> reply = new CompletableFuture<>();
        private byte @Nullable [] received;

        @Override
        public void onMessage(byte[] message) {
            received = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            byte[] message = received;
            reply.complete(
                    status.isOk()
                            ? Replies.taken(message == null ? new byte[0] : message)
                            : failed(status, Replies.retryInfo(trailers.get(DETAILS))));
        }

        private static Reply failed(Status status, @Nullable Duration after) {
            String what = status.getDescription();
            String why = "gRPC status " + status.getCode() + (what == null ? "" : ": " + Replies.shown(what));
            return switch (status.getCode()) {
                case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS ->
                    new Reply.Later(after, why);
                // worth another try only if the collector says when
                case RESOURCE_EXHAUSTED -> after == null ? new Reply.Refused(why) : new Reply.Later(after, why);
                case OK,
                        UNKNOWN,
                        INVALID_ARGUMENT,
                        NOT_FOUND,
                        ALREADY_EXISTS,
                        PERMISSION_DENIED,
                        FAILED_PRECONDITION,
                        UNIMPLEMENTED,
                        INTERNAL,
                        UNAUTHENTICATED -> new Reply.Refused(why);
            };
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
