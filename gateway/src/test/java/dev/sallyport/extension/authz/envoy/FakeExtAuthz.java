package dev.sallyport.extension.authz.envoy;

import dev.sallyport.extension.authz.FakePolicyServer;
import dev.sallyport.testing.Eventually;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A server of Envoy's external authorization on the loopback.
public final class FakeExtAuthz implements FakePolicyServer {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Channel> open = new CopyOnWriteArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private final Channel server;
    private final boolean secure;
    private volatile Reply reply = new Reply(Map.of(), new byte[0], "0");
    private boolean holding;
    private volatile String path = "";
    private volatile byte[] question = new byte[0];
    private volatile Map<String, String> fields = Map.of();

    /// What is answered: a head (empty: nothing at all), a message, a status in the trailers (empty: a reset).
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Reply(Map<String, String> head, byte[] message, String status) {}

    public FakeExtAuthz() {
        this(null, 0);
    }

    /// @param tls  null for HTTP/2 without TLS
    /// @param port 0 for any
    FakeExtAuthz(@Nullable SslContext tls, int port) {
        secure = tls != null;
        server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.incrementAndGet();
                        open.add(channel);
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline()
                                .addLast(Http2FrameCodecBuilder.forServer().build())
                                .addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new Answering());
                                    }
                                }))
                                .addLast(new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
                                        ctx.close(); // clients that do not like this server
                                    }
                                });
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
    }

    private final class Answering extends ChannelInboundHandlerAdapter {
        private final ByteBuf body = Unpooled.buffer();

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
            ctx.close();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            try {
                if (frame instanceof Http2HeadersFrame headers) {
                    Map<String, String> seen = new LinkedHashMap<>();
                    headers.headers()
                            .forEach(entry -> seen.put(
                                    entry.getKey().toString(), entry.getValue().toString()));
                    fields = seen;
                    path = String.valueOf(headers.headers().path());
                } else if (frame instanceof Http2DataFrame data) {
                    body.writeBytes(data.content());
                    if (data.isEndStream()) {
                        question = ByteBufUtil.getBytes(body, 5, body.readableBytes() - 5);
                        asked.incrementAndGet();
                        Reply now = reply;
                        hold(() -> ctx.executor().execute(() -> answer(ctx, now)));
                    }
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }
    }

    private void hold(Runnable answer) {
        synchronized (held) {
            if (holding) {
                held.add(answer);
                return;
            }
        }
        answer.run();
    }

    private static void answer(ChannelHandlerContext ctx, Reply reply) {
        if (reply.head().isEmpty()) {
            return;
        }
        Http2Headers head = new DefaultHttp2Headers();
        reply.head().forEach(head::set);
        if (reply.status().equals("none")) {
            ctx.writeAndFlush(new DefaultHttp2HeadersFrame(head, true));
            return;
        }
        ctx.write(new DefaultHttp2HeadersFrame(head));
        ctx.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(reply.message())));
        Http2Headers trailers = new DefaultHttp2Headers();
        if (!reply.status().isEmpty()) {
            trailers.set("grpc-status", reply.status());
        }
        ctx.writeAndFlush(new DefaultHttp2HeadersFrame(trailers, true));
    }

    /// Answers with a message of these octets.
    void answer(byte[] message) {
        answer(framed(message), "0");
    }

    void answer(byte[] framed, String status) {
        answer(new Reply(Map.of(":status", "200", "content-type", "application/grpc"), framed, status));
    }

    void answer(Reply next) {
        release();
        reply = next;
    }

    static byte[] framed(byte[] message) {
        byte[] framed = new byte[message.length + 5];
        framed[1] = (byte) (message.length >>> 24);
        framed[2] = (byte) (message.length >>> 16);
        framed[3] = (byte) (message.length >>> 8);
        framed[4] = (byte) message.length;
        System.arraycopy(message, 0, framed, 5, message.length);
        return framed;
    }

    /// How many connections there ever were.
    int connections() {
        return connections.get();
    }

    String path() {
        return path;
    }

    byte[] question() {
        return question;
    }

    /// Closes every connection without a word.
    void cut() {
        open.forEach(channel -> channel.close().syncUninterruptibly());
        open.clear();
    }

    /// Tells every client to go elsewhere.
    void goAway() {
        open.forEach(channel -> channel.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR))
                .syncUninterruptibly());
    }

    @Override
    public String url() {
        return (secure ? "https://localhost:" : "http://127.0.0.1:")
                + ((InetSocketAddress) server.localAddress()).getPort();
    }

    @Override
    public void allow(Map<String, String> headers) {
        ProtoWriter ok = new ProtoWriter();
        headers.forEach((name, value) -> ok.message(2, new ProtoWriter().entry(1, name, value)));
        answer(new ProtoWriter().message(1, new ProtoWriter()).message(3, ok).bytes());
    }

    @Override
    public void deny(int status, String reason) {
        ProtoWriter denied = new ProtoWriter();
        if (status != 0) {
            denied.message(1, new ProtoWriter().number(1, status));
        }
        denied.text(3, reason);
        answer(new ProtoWriter()
                .message(1, new ProtoWriter().number(1, 7))
                .message(2, denied)
                .bytes());
    }

    @Override
    public void stall() {
        reply = new Reply(Map.of(), new byte[0], "");
    }

    @Override
    public void answerGarbage() {
        answer("not a message at all".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void answerTooMuch() {
        answer(new ProtoWriter()
                .message(1, new ProtoWriter().text(2, "x".repeat(1 << 20)))
                .bytes());
    }

    @Override
    public void redirect() {
        answer(new Reply(Map.of(":status", "307", "location", url()), new byte[0], "none"));
    }

    @Override
    public void fail() {
        answer(framed(new ProtoWriter().message(1, new ProtoWriter()).bytes()), "14");
    }

    @Override
    public void hold() {
        synchronized (held) {
            holding = true;
        }
    }

    @Override
    public void release() {
        synchronized (held) {
            holding = false;
            held.forEach(Runnable::run);
            held.clear();
        }
    }

    @Override
    public int asked() {
        return asked.get();
    }

    @Override
    public String lastQuestion() {
        return new String(question, StandardCharsets.UTF_8);
    }

    @Override
    public String lastField(String name) {
        return fields.getOrDefault(name, "");
    }

    @Override
    public void close() {
        if (group.isShuttingDown()) {
            return;
        }
        server.close().syncUninterruptibly();
        cut();
        group.shutdownGracefully(0, Eventually.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
