package dev.sallyport.testing.otlp;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sallyport.testing.otlp.FakeCollector.Answer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The gRPC side of a [FakeCollector].
final class GrpcCollector implements FakeCollector.Server {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;

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

    GrpcCollector(FakeCollector collector, @Nullable SSLContext tls, int port) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .channelType(NioServerSocketChannel.class)
                .executor(threads);
        for (String signal :
                new String[] {"trace.v1.TraceService", "logs.v1.LogsService", "metrics.v1.MetricsService"}) {
            builder.addService(service(collector, "opentelemetry.proto.collector." + signal));
        }
        if (tls != null) {
            builder.sslContext(new JdkSslContext(
                    tls,
                    false,
                    null,
                    IdentityCipherSuiteFilter.INSTANCE,
                    new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            "h2"),
                    ClientAuth.NONE,
                    null,
                    false));
        }
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ServerServiceDefinition service(FakeCollector collector, String name) {
        MethodDescriptor<byte[], byte[]> export = MethodDescriptor.newBuilder(new Octets(), new Octets())
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name + "/Export")
                .build();
        ServerCallHandler<byte[], byte[]> handler = (call, headers) -> {
            call.request(2);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(byte[] message) {
                    Map<String, String> head = new TreeMap<>();
                    for (String key : headers.keys()) {
                        if (!key.endsWith("-bin")) {
                            head.put(
                                    key,
                                    String.valueOf(
                                            headers.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER))));
                        }
                    }
                    try {
                        answer(call, collector.received(name, head, message));
                    } catch (InvalidProtocolBufferException e) {
                        call.close(Status.INTERNAL.withDescription(e.getMessage()), new Metadata());
                    }
                }
            };
        };
        return ServerServiceDefinition.builder(name).addMethod(export, handler).build();
    }

    private static void answer(ServerCall<byte[], byte[]> call, Answer answer) {
        Metadata trailers = new Metadata();
        switch (answer.kind()) {
            case TAKEN -> {
                call.sendHeaders(new Metadata());
                call.sendMessage(ExportTraceServiceResponse.newBuilder()
                        .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                                .setRejectedSpans(answer.rejected())
                                .setErrorMessage(answer.message()))
                        .build()
                        .toByteArray());
                call.close(Status.OK, trailers);
            }
            case BUSY, SILENCE -> call.close(Status.UNAVAILABLE, trailers);
            case LATER -> {
                if (answer.retryAfter() > 0) {
                    trailers.put(DETAILS, details(answer.retryAfter()));
                }
                call.close(Status.RESOURCE_EXHAUSTED, trailers);
            }
            case BAD -> call.close(Status.INVALID_ARGUMENT.withDescription(answer.message()), trailers);
        }
    }

    /// A `google.rpc.Status` with a `RetryInfo`, by hand.
    private static byte[] details(int seconds) {
        try {
            ByteArrayOutputStream info = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(info);
            out.writeMessage(1, Duration.newBuilder().setSeconds(seconds).build());
            out.flush();
            Any any = Any.newBuilder()
                    .setTypeUrl("type.googleapis.com/google.rpc.RetryInfo")
                    .setValue(ByteString.copyFrom(info.toByteArray()))
                    .build();
            ByteArrayOutputStream status = new ByteArrayOutputStream();
            CodedOutputStream all = CodedOutputStream.newInstance(status);
            all.writeInt32(1, 8);
            all.writeMessage(3, any);
            all.flush();
            return status.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        threads.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
