package dev.sallyport.dataplane.upstream;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.dataplane.forward.CallTimeouts;
import dev.sallyport.dataplane.forward.UpstreamCall;
import dev.sallyport.dataplane.forward.UpstreamConnection;
import dev.sallyport.dataplane.forward.UpstreamConnector;
import dev.sallyport.dataplane.forward.UpstreamListener;
import dev.sallyport.dataplane.forward.UpstreamRequest;
import dev.sallyport.dataplane.forward.UpstreamSettings;
import dev.sallyport.dataplane.http1.BodyReader;
import dev.sallyport.dataplane.http1.ChunkWriter;
import dev.sallyport.dataplane.http1.HeadWriter;
import dev.sallyport.dataplane.http1.Http1Codec;
import dev.sallyport.dataplane.http1.ResponseParser;
import dev.sallyport.dataplane.loop.Deadline;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.message.OutgoingHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 connection to an endpoint: one call at a time, and back to the pool only when request and response
/// are complete and not one octet more has come (oracle G6).
final class Http1UpstreamConnection extends ChannelInboundHandlerAdapter implements UpstreamConnection, UpstreamCall {
    private static final int MAX_INTERIM = 8;
    private static final int COALESCED = 8 * 1024;

    private final Worker worker;
    private final Channel channel;
    private final UpstreamSettings settings;
    private final UpstreamConnector.Owner owner;
    private final Http1Codec codec;
    private final BodyReader body = new BodyReader();
    private final Deadline deadline = new CallDeadline();
    private final long createdAt = System.nanoTime();

    private @Nullable ByteBuf received;
    private @Nullable UpstreamListener listener;
    private Method method = Method.GET;
    private CallTimeouts timeouts = new CallTimeouts(1, 1);
    private boolean requestSent;
    private boolean requestChunked;
    private boolean headReceived;
    private boolean keepAlive;
    private boolean demanded = true;
    private boolean reading;
    private boolean used;
    private boolean retired;
    private boolean gone;
    private boolean broken;
    private int interims;

    Http1UpstreamConnection(Worker worker, Channel channel, UpstreamSettings settings, UpstreamConnector.Owner owner) {
        this.worker = worker;
        this.channel = channel;
        this.settings = settings;
        this.owner = owner;
        this.codec = worker.http1();
    }

    /// Limits a call, and the wait for the next one.
    private final class CallDeadline extends Deadline {
        @Override
        protected void passed() {
            onDeadline();
        }
    }

    @Override
    public boolean available() {
        return listener == null && !retired && !gone && channel.isActive();
    }

    @Override
    public boolean multiplexed() {
        return false;
    }

    @Override
    public boolean idle() {
        return listener == null;
    }

    @Override
    public long createdAt() {
        return createdAt;
    }

    @Override
    public void open(UpstreamRequest request, UpstreamListener hears, CallTimeouts limits) {
        OutgoingHead head = worker.scratch();
        HeadWriter writer = codec.writer();
        request.compose(head);
        writer.request(
                request.method(),
                request.target(),
                request.authority(),
                head,
                request.bodyLength(),
                request.acceptsTrailers());
        listener = hears;
        timeouts = limits;
        method = request.method();
        requestSent = request.bodyLength() == 0;
        requestChunked = request.bodyLength() < 0;
        headReceived = false;
        interims = 0;
        setDemand(true);
        ByteBuf out = channel.alloc().directBuffer(writer.length());
        out.writeBytes(writer.bytes(), 0, writer.length());
        channel.writeAndFlush(out, channel.voidPromise());
        touch();
        hears.onOpen(this);
    }

    private void touch() {
        worker.deadlines()
                .set(
                        deadline,
                        System.nanoTime(),
                        requestSent && !headReceived ? timeouts.responseHead() : timeouts.idle());
    }

    @Override
    public void send(ByteBuf data, boolean last) {
        if (listener == null || requestSent) {
            data.release();
            return;
        }
        requestSent = last;
        int size = data.readableBytes();
        if (!requestChunked) {
            channel.writeAndFlush(data, channel.voidPromise());
        } else {
            ByteBuf out = channel.alloc().directBuffer((size <= COALESCED ? size : 0) + 2 * ChunkWriter.OVERHEAD);
            if (size == 0) {
                data.release();
            } else {
                ChunkWriter.beginChunk(out, size);
                if (size <= COALESCED) {
                    out.writeBytes(data);
                    data.release();
                } else {
                    channel.write(out, channel.voidPromise());
                    channel.write(data, channel.voidPromise());
                    out = channel.alloc().directBuffer(ChunkWriter.OVERHEAD);
                }
                ChunkWriter.endChunk(out);
            }
            if (last) {
                ChunkWriter.end(out);
            }
            channel.writeAndFlush(out, channel.voidPromise());
        }
        touch();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void demand(boolean wanted) {
        if (listener == null || demanded == wanted) {
            return;
        }
        setDemand(wanted);
        if (wanted) {
            touch();
            process();
        }
    }

    private void setDemand(boolean wanted) {
        if (demanded != wanted) {
            demanded = wanted;
            channel.config().setAutoRead(wanted);
        }
    }

    @Override
    public void cancel() {
        listener = null;
        close();
    }

    @Override
    public void retire() {
        retired = true;
        if (listener == null) {
            close();
        }
    }

    private void close() {
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        ByteBuf waiting = received;
        if (waiting == null) {
            received = data;
        } else {
            received = Http1Codec.append(ctx.alloc(), waiting, data);
        }
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        UpstreamListener hears = listener;
        if (hears != null && headReceived) {
            hears.onBatchEnd();
        }
    }

    /// Takes in what was received, as far as it goes.
    private void process() {
        if (reading) {
            return;
        }
        reading = true;
        try {
            while (received != null && step(received)) {
                // goes on as long as there is progress
            }
        } finally {
            reading = false;
            ByteBuf rest = received;
            if (rest != null && !rest.isReadable()) {
                rest.release();
                received = null;
            }
        }
    }

    /// One step; false when more octets, more demand or nothing at all is awaited.
    private boolean step(ByteBuf in) {
        UpstreamListener hears = listener;
        if (!in.isReadable()) {
            return false;
        }
        if (hears == null) {
            // nobody asked: what comes now belongs to no request (threat SM-24)
            in.skipBytes(in.readableBytes());
            close();
            return false;
        }
        if (!headReceived) {
            return readHead(in, hears);
        }
        if (!demanded) {
            return false;
        }
        ByteBuf piece = body.next(in);
        if (body.malformed()) {
            if (piece != null) {
                piece.release();
            }
            fail(Failure.RESPONSE_MALFORMED);
            return false;
        }
        if (piece == null && !body.done()) {
            return false;
        }
        touch();
        boolean done = body.done();
        if (!done && piece != null) {
            hears.onBody(piece, false);
            return true;
        }
        Headers trailers = body.trailers();
        finish(in);
        if (trailers.count() > 0) {
            if (piece != null) {
                hears.onBody(piece, false);
            }
            hears.onTrailers(trailers);
        } else {
            hears.onBody(piece == null ? channel.alloc().buffer(0) : piece, true);
        }
        afterCall();
        return false;
    }

    private boolean readHead(ByteBuf in, UpstreamListener hears) {
        ResponseParser parser = codec.responses();
        switch (parser.parse(in, method, settings.maxHead())) {
            case INCOMPLETE -> {
                return false;
            }
            case MALFORMED -> {
                fail(Failure.RESPONSE_MALFORMED);
                return false;
            }
            case HEAD -> {}
        }
        ResponseHead head = parser.head();
        if (head.interim()) {
            if (head.status() == 101 || ++interims > MAX_INTERIM) {
                fail(Failure.RESPONSE_MALFORMED);
                return false;
            }
            if (head.status() != 100) {
                hears.onInterim(head);
            }
            return true;
        }
        headReceived = true;
        keepAlive = parser.keepAlive();
        long length = parser.bodyLength();
        boolean bodiless = method == Method.HEAD || head.status() == 204 || head.status() == 304;
        if (bodiless || length == 0) {
            body.begin(0);
            finish(in);
            hears.onHead(head, bodiless && head.status() != 204 ? length : 0, true);
            afterCall();
            return false;
        }
        body.begin(length);
        touch();
        hears.onHead(head, Math.max(length, -1), false);
        return true;
    }

    /// The response is complete: the connection is free for another call if nothing is left over on either side.
    private void finish(ByteBuf in) {
        listener = null;
        used = true;
        if (!requestSent || !keepAlive || in.isReadable() || body.endsWithConnection()) {
            retired = true;
        }
    }

    private void afterCall() {
        if (listener != null || gone) {
            return;
        }
        setDemand(true);
        if (retired) {
            close();
        } else {
            worker.deadlines().set(deadline, System.nanoTime(), settings.pool().idle());
            owner.onAvailable(this);
        }
    }

    private void fail(Failure failure) {
        UpstreamListener hears = listener;
        listener = null;
        boolean reused = used;
        close();
        if (hears != null) {
            hears.onFailure(failure, false, reused);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        UpstreamListener hears = listener;
        if (hears != null && channel.isWritable()) {
            touch();
            hears.onWritable();
        }
    }

    private void onDeadline() {
        if (listener == null) {
            close();
            return;
        }
        if (!demanded) {
            // the client is slow, not the endpoint: its own deadline watches it
            touch();
            return;
        }
        fail(requestSent && !headReceived ? Failure.RESPONSE_HEAD_TIMEOUT : Failure.IDLE_TIMEOUT);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (gone) {
            return;
        }
        gone = true;
        worker.deadlines().clear(deadline);
        UpstreamListener hears = listener;
        listener = null;
        boolean complete = headReceived && body.endsWithConnection() && !broken;
        if (hears != null && complete && received != null && received.isReadable() && !demanded) {
            // the client is slow and the last octets wait here: they are all there is
            ByteBuf rest = received;
            received = null;
            owner.onGone(this);
            hears.onBody(rest, true);
            return;
        }
        boolean begun = headReceived || interims > 0;
        ByteBuf rest = received;
        if (rest != null) {
            begun |= rest.isReadable();
            rest.release();
            received = null;
        }
        owner.onGone(this);
        if (hears == null) {
            return;
        }
        if (complete) {
            hears.onBody(ctx.alloc().buffer(0), true);
        } else {
            hears.onFailure(begun ? Failure.RESPONSE_TRUNCATED : Failure.RESET_BEFORE_RESPONSE, false, used);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // a reset or TLS error: channelInactive tells the listener
        broken = true;
        close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent close && !close.isSuccess()) {
            // an end without close_notify may be anybody's: a body that ends with it is not complete
            broken = true;
        }
    }
}
