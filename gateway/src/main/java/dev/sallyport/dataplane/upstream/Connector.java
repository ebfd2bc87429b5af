package dev.sallyport.dataplane.upstream;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.dataplane.forward.EndpointState;
import dev.sallyport.dataplane.forward.UpstreamConnection;
import dev.sallyport.dataplane.forward.UpstreamConnector;
import dev.sallyport.dataplane.forward.UpstreamSettings;
import dev.sallyport.dataplane.loop.Deadline;
import dev.sallyport.dataplane.loop.Transport;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.tls.UpstreamTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.NotYetConnectedException;

/// Makes TCP connections to endpoints, with TLS where the upstream has it, in the protocol that was configured or
/// agreed.
public final class Connector implements UpstreamConnector {
    private final Transport transport;

    public Connector(Transport transport) {
        this.transport = transport;
    }

    @Override
    public void connect(
            Worker worker, EndpointState endpoint, UpstreamSettings settings, Owner owner, Outcome outcome) {
        Attempt attempt = new Attempt(worker, endpoint, settings, owner, outcome);
        ChannelFuture connecting = new Bootstrap()
                .group(worker.loop())
                .channel(transport.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.AUTO_READ, true)
                .handler(attempt)
                .connect(endpoint.socketAddress());
        attempt.channel = connecting.channel();
        worker.deadlines()
                .set(attempt.deadline, System.nanoTime(), settings.timeouts().connect());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                attempt.fail(Failure.CONNECT_FAILED);
            }
        });
    }

    /// One attempt, from the first packet to a connection that can take a call.
    private static final class Attempt extends ChannelInboundHandlerAdapter {
        private final Worker worker;
        private final EndpointState endpoint;
        private final UpstreamSettings settings;
        private final Owner owner;
        private final Outcome outcome;
        private final Deadline deadline = new ConnectDeadline();
        private Channel channel;
        private boolean decided;

        @SuppressWarnings("NullAway.Init") // set as soon as the channel exists, before anything can happen on it
        Attempt(Worker worker, EndpointState endpoint, UpstreamSettings settings, Owner owner, Outcome outcome) {
            this.worker = worker;
            this.endpoint = endpoint;
            this.settings = settings;
            this.owner = owner;
            this.outcome = outcome;
        }

        /// Limits the attempt, TLS included.
        private final class ConnectDeadline extends Deadline {
            @Override
            protected void passed() {
                fail(Failure.CONNECT_TIMEOUT);
            }
        }

        void fail(Failure failure) {
            if (!decided) {
                decided = true;
                worker.deadlines().clear(deadline);
                channel.close();
                outcome.failed(failure);
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            UpstreamTls tls = settings.tls();
            if (tls == null) {
                ready(ctx, settings.protocol() == UpstreamSettings.Protocol.HTTP_2);
            } else {
                SslHandler handler = tls.handler(
                        ctx.alloc(),
                        endpoint.socketAddress().getHostString(),
                        endpoint.socketAddress().getPort());
                ctx.pipeline().addFirst(handler);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake && !decided) {
                SslHandler tls = ctx.pipeline().get(SslHandler.class);
                if (!handshake.isSuccess() || tls == null) {
                    fail(Failure.TLS_FAILED);
                    return;
                }
                boolean http2 = "h2".equals(tls.applicationProtocol());
                if (!http2 && settings.protocol() == UpstreamSettings.Protocol.HTTP_2) {
                    fail(Failure.TLS_FAILED);
                    return;
                }
                ready(ctx, http2);
            }
        }

        private void ready(ChannelHandlerContext ctx, boolean http2) {
            decided = true;
            worker.deadlines().clear(deadline);
            UpstreamConnection connection;
            ChannelHandler handler;
            if (http2) {
                Http2UpstreamConnection made = new Http2UpstreamConnection(worker, ctx.channel(), settings, owner);
                connection = made;
                handler = made;
            } else {
                Http1UpstreamConnection made = new Http1UpstreamConnection(worker, ctx.channel(), settings, owner);
                connection = made;
                handler = made;
            }
            ctx.pipeline().replace(this, null, handler);
            outcome.connected(connection);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail(settings.tls() == null ? Failure.CONNECT_FAILED : Failure.TLS_FAILED);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof NotYetConnectedException) {
                // the transport was told of the socket that had this descriptor a moment ago; ours still connects
                return;
            }
            fail(settings.tls() == null ? Failure.CONNECT_FAILED : Failure.TLS_FAILED);
        }
    }
}
