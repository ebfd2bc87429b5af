package dev.sallyport.dataplane.tls;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// A server that greets with what was negotiated, then says what it hears.
final class EchoServer implements AutoCloseable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;

    EchoServer(ServerTls tls) {
        channel = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        child.pipeline().addLast(tls.handler(child.alloc()), new Greeting());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    private static final class Greeting extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            SslHandler handler = ctx.pipeline().get(SslHandler.class);
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess() && handler != null) {
                NegotiatedTls tls = NegotiatedTls.of(handler);
                ctx.writeAndFlush(ctx.alloc()
                        .buffer()
                        .writeBytes((tls.version() + " " + tls.serverName() + " " + tls.protocol() + "\n")
                                .getBytes(StandardCharsets.UTF_8)));
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes && ctx.pipeline().get(SslHandler.class) != null) {
                ctx.writeAndFlush(bytes);
            } else {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        // quiet for a moment, so that handlers of open connections are removed and free what they hold
        group.shutdownGracefully(10, 1000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }
}
