package dev.sallyport.dataplane.tls;

import dev.sallyport.dataplane.tls.HandshakeCounts.HandshakeOutcome;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The first handler of a connection with TLS: waits for the whole ClientHello within its limits of size and time
/// (threat TL-02), refuses with the exact alert what is refused anyway, then puts the TLS handler in its place.
final class ClientHelloGate extends ChannelInboundHandlerAdapter implements GenericFutureListener<Future<Channel>> {
    private static final int ALERT = 21;
    private static final int FATAL = 2;
    private static final String HTTP_1_1 = "http/1.1";

    private final ListenerTls tls;
    private final HandshakeCounts counts;
    private @Nullable ByteBuf received;
    private @Nullable ClientHelloReader reader;
    private @Nullable Future<?> timeout;
    private long deadline;
    private boolean done;

    ClientHelloGate(ListenerTls tls, HandshakeCounts counts) {
        this.tls = tls;
        this.counts = counts;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            begin(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
        ctx.fireChannelActive();
    }

    private void begin(ChannelHandlerContext ctx) {
        if (timeout == null) {
            deadline = System.nanoTime() + tls.handshakeNanos();
            timeout = ctx.executor()
                    .schedule(() -> refuse(ctx, HandshakeOutcome.TIMEOUT), tls.handshakeNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (done) {
            bytes.release();
            return;
        }
        ByteBuf all = received == null ? bytes : join(ctx, received, bytes);
        received = all;
        if (reader == null) {
            reader = new ClientHelloReader(ctx.alloc());
        }
        switch (reader.look(all)) {
            case INCOMPLETE -> {}
            case FOUND -> judge(ctx, reader.hello());
            case NOT_TLS -> refuse(ctx, HandshakeOutcome.NOT_TLS);
            case MALFORMED -> refuse(ctx, HandshakeOutcome.MALFORMED);
            case TOO_LONG -> refuse(ctx, HandshakeOutcome.TOO_LONG);
        }
    }

    private static ByteBuf join(ChannelHandlerContext ctx, ByteBuf first, ByteBuf more) {
        try {
            if (first.maxWritableBytes() >= more.readableBytes() && first.refCnt() == 1 && !first.isReadOnly()) {
                return first.writeBytes(more);
            }
            ByteBuf joined = ctx.alloc().buffer((first.readableBytes() + more.readableBytes()) * 2);
            joined.writeBytes(first).writeBytes(more);
            first.release();
            return joined;
        } finally {
            more.release();
        }
    }

    private void judge(ChannelHandlerContext ctx, ClientHello hello) {
        ServerTlsSettings settings = tls.settings();
        if (tls.table().find(hello.serverName()) == null) {
            refuse(ctx, HandshakeOutcome.UNKNOWN_NAME);
        } else if (!overlap(settings.protocols(), hello.protocols())) {
            refuse(ctx, HandshakeOutcome.NO_COMMON_PROTOCOL);
        } else {
            pass(ctx);
        }
    }

    private static boolean overlap(List<String> ours, @Nullable List<String> theirs) {
        if (theirs == null) {
            // without ALPN it is HTTP/1.1
            return ours.contains(HTTP_1_1);
        }
        for (int i = 0; i < theirs.size(); i++) {
            if (ours.contains(theirs.get(i))) {
                return true;
            }
        }
        return false;
    }

    private void pass(ChannelHandlerContext ctx) {
        done = true;
        SslHandler handler = tls.newHandler(ctx.alloc());
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        handler.setHandshakeTimeoutMillis(Math.max(1, left));
        handler.handshakeFuture().addListener(this);
        cancelTimeout();
        closeReader();
        ByteBuf bytes = received;
        received = null;
        ctx.pipeline().replace(this, null, handler);
        if (bytes != null) {
            ctx.fireChannelRead(bytes);
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void operationComplete(Future<Channel> handshake) {
        if (!handshake.isSuccess()) {
            counts.failed(HandshakeOutcome.of(handshake.cause()));
            return;
        }
        SslHandler handler = handshake.getNow().pipeline().get(SslHandler.class);
        counts.completed(handler == null ? "" : handler.engine().getSession().getProtocol());
    }

    private void refuse(ChannelHandlerContext ctx, HandshakeOutcome outcome) {
        if (done) {
            return;
        }
        done = true;
        counts.failed(outcome);
        release();
        if (outcome.alert() == 0) {
            ctx.close();
            return;
        }
        ByteBuf alert = ctx.alloc().buffer(7);
        alert.writeByte(ALERT).writeShort(0x0303).writeShort(2).writeByte(FATAL).writeByte(outcome.alert());
        ctx.writeAndFlush(alert).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!done) {
            done = true;
            counts.failed(HandshakeOutcome.CLOSED);
        }
        release();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    private void release() {
        cancelTimeout();
        closeReader();
        if (received != null) {
            received.release();
            received = null;
        }
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    private void closeReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
