package dev.sallyport.dataplane.listen;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.dataplane.flow.Flows;
import dev.sallyport.dataplane.http1.RequestParser;
import dev.sallyport.dataplane.protocol.Drain;
import dev.sallyport.dataplane.protocol.Http1Downstream;
import dev.sallyport.dataplane.protocol.Http2Downstream;
import dev.sallyport.dataplane.snapshot.ListenerSettings;
import dev.sallyport.dataplane.snapshot.ListenerSettings.Protocol;
import dev.sallyport.dataplane.tls.NegotiatedTls;
import dev.sallyport.dataplane.tls.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/// Turns a new connection into one of a protocol: by ALPN after TLS, by its first octets without.
final class ConnectionSetup {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private ConnectionSetup() {}

    static void begin(Channel channel, ListenerSettings settings, Flows flows, Admittance.Admitted admitted) {
        ServerTls tls = settings.tls();
        if (tls != null) {
            channel.pipeline().addLast(tls.handler(channel.alloc()), new AfterHandshake(settings, flows, admitted));
        } else if (settings.protocols().contains(Protocol.HTTP_2)) {
            channel.pipeline().addLast(new ByPreface(settings, flows));
        } else {
            http1(channel, settings, flows, connection(channel, settings, null, null));
        }
    }

    private static ClientConnection connection(
            Channel channel, ListenerSettings settings, @Nullable SSLEngine tls, @Nullable String serverName) {
        return new ClientConnection(
                (InetSocketAddress) channel.remoteAddress(),
                settings.facts(),
                tls == null ? null : tls.getSession().getProtocol(),
                serverName,
                tls == null ? List.of() : NegotiatedTls.clientCertificates(tls),
                tls == null ? null : tls.getSession().getCipherSuite());
    }

    private static void http1(Channel channel, ListenerSettings settings, Flows flows, ClientConnection connection) {
        RequestParser parser =
                flows.parser(settings.limits().head(), settings.limits().fields());
        channel.pipeline().addLast(new Http1Downstream(flows, settings, connection, channel, parser));
    }

    private static void http2(Channel channel, ListenerSettings settings, Flows flows, ClientConnection connection) {
        channel.pipeline().addLast(new Http2Downstream(flows, settings, connection, channel));
    }

    /// Waits for the handshake, then hands over to the protocol that ALPN agreed on.
    private static final class AfterHandshake extends ChannelInboundHandlerAdapter {
        private final ListenerSettings settings;
        private final Flows flows;
        private final Admittance.Admitted admitted;
        private @Nullable String serverName;

        AfterHandshake(ListenerSettings settings, Flows flows, Admittance.Admitted admitted) {
            this.settings = settings;
            this.flows = flows;
            this.admitted = admitted;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SniCompletionEvent sni) {
                serverName = sni.hostname();
            } else if (event instanceof SslHandshakeCompletionEvent handshake) {
                SslHandler tls = ctx.pipeline().get(SslHandler.class);
                if (!handshake.isSuccess() || tls == null) {
                    ctx.close();
                    return;
                }
                admitted.handshakeOver();
                ClientConnection connection = connection(ctx.channel(), settings, tls.engine(), serverName);
                if ("h2".equals(tls.applicationProtocol())) {
                    http2(ctx.channel(), settings, flows, connection);
                } else if (settings.protocols().contains(Protocol.HTTP_1_1)) {
                    http1(ctx.channel(), settings, flows, connection);
                } else {
                    ctx.close();
                    return;
                }
                ctx.pipeline().remove(this);
            } else if (event instanceof Drain) {
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /// Looks at the first octets of a plain connection: HTTP/2 begins with its preface, anything else is HTTP/1.1.
    private static final class ByPreface extends ByteToMessageDecoder {
        private final ListenerSettings settings;
        private final Flows flows;

        ByPreface(ListenerSettings settings, Flows flows) {
            this.settings = settings;
            this.flows = flows;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.executor()
                    .schedule(
                            () -> {
                                if (!ctx.isRemoved()) {
                                    ctx.close();
                                }
                            },
                            settings.limits().headTimeout(),
                            TimeUnit.NANOSECONDS);
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            int length = Math.min(in.readableBytes(), PREFACE.length);
            boolean http2 = true;
            for (int i = 0; i < length && http2; i++) {
                http2 = in.getByte(in.readerIndex() + i) == PREFACE[i];
            }
            if (http2 && length < PREFACE.length) {
                return;
            }
            ClientConnection connection = connection(ctx.channel(), settings, null, null);
            if (http2) {
                http2(ctx.channel(), settings, flows, connection);
            } else if (settings.protocols().contains(Protocol.HTTP_1_1)) {
                http1(ctx.channel(), settings, flows, connection);
            } else {
                ctx.close();
                return;
            }
            ctx.pipeline().remove(this);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof Drain) {
                ctx.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
