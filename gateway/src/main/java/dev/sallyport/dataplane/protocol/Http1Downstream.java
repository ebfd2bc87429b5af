package dev.sallyport.dataplane.protocol;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.http.RequestReader;
import dev.sallyport.dataplane.flow.ClientStream;
import dev.sallyport.dataplane.flow.ExchangeFlow;
import dev.sallyport.dataplane.flow.Flows;
import dev.sallyport.dataplane.flow.Problems;
import dev.sallyport.dataplane.http1.BodyReader;
import dev.sallyport.dataplane.http1.HeadWriter;
import dev.sallyport.dataplane.http1.Http1Codec;
import dev.sallyport.dataplane.http1.RequestParser;
import dev.sallyport.dataplane.loop.Deadline;
import dev.sallyport.dataplane.message.OutgoingHead;
import dev.sallyport.dataplane.snapshot.ListenerSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// A client's HTTP/1.1 connection: one exchange at a time, in order; what is pipelined behind it waits unread.
///
/// After anything that cannot be understood, one answer is given and not one further octet is parsed (oracle G1).
public final class Http1Downstream extends ChannelInboundHandlerAdapter implements ClientStream {
    private static final int PIPELINED = 16 * 1024;
    private static final long DRAINABLE = 64 * 1024;
    private static final long RATE_PERIOD = TimeUnit.SECONDS.toNanos(5);
    private static final long LINGER = TimeUnit.SECONDS.toNanos(2);

    /// How long a kept connection that drains waits for the one request that may be on its way already; its answer
    /// then says `Connection: close`. To close at once would lose that request.
    private static final long DRAIN_GRACE = TimeUnit.SECONDS.toNanos(1);

    private static final int LINGER_OCTETS = 256 * 1024;

    /// What the connection is doing on the receiving side.
    private enum Receiving {
        /// Between requests.
        IDLE,
        /// In the middle of a head.
        HEAD,
        /// In an exchange; what is left of its body is passed on as it is demanded.
        EXCHANGE,
        /// The response is complete, the rest of the request body is read and thrown away.
        DISCARD,
        /// Nothing is parsed any more: octets are thrown away until the client closes, so that it gets to read the
        /// last response (RFC 9112 §9.6).
        LINGER
    }

    private final Flows flows;
    private final ListenerSettings.Limits limits;
    private final ClientConnection connection;
    private final Channel channel;
    private final RequestParser parser;
    private final Http1Output output;
    private final BodyReader body = new BodyReader();
    private final Deadline readDeadline = new ReadDeadline();

    private Receiving receiving = Receiving.IDLE;
    private @Nullable ByteBuf received;
    private @Nullable ExchangeFlow flow;
    private boolean processing;
    private boolean bodyDemanded;
    private boolean continueAwaited;
    private boolean keepAlive;
    private boolean http10;
    private boolean headSent;
    private boolean draining;
    private boolean gone;
    private long unusedSince;
    private long bodyOctets;
    private long octetsAtLastCheck;

    /// A handler for one connection, whose first octets it will get.
    ///
    /// @param parser shared by the connections of this worker and listener
    public Http1Downstream(
            Flows flows,
            ListenerSettings settings,
            ClientConnection connection,
            Channel channel,
            RequestParser parser) {
        this.flows = flows;
        this.limits = settings.limits();
        this.connection = connection;
        this.channel = channel;
        this.parser = parser;
        this.output = new Http1Output(flows.worker(), channel, limits, this::onStalled);
        this.unusedSince = System.nanoTime();
        setReadDeadline(limits.headTimeout());
    }

    /// Ends waits on the receiving side.
    private final class ReadDeadline extends Deadline {
        @Override
        protected void passed() {
            onReadDeadline();
        }
    }

    private void setReadDeadline(long nanos) {
        flows.worker().deadlines().set(readDeadline, System.nanoTime(), nanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (receiving == Receiving.LINGER) {
            bodyOctets += data.readableBytes();
            data.release();
            if (bodyOctets > LINGER_OCTETS) {
                channel.close();
            }
            return;
        }
        ByteBuf waiting = received;
        received = waiting == null ? data : Http1Codec.append(ctx.alloc(), waiting, data);
        process();
    }

    /// Takes in what was received, as far as it goes.
    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            while (received != null && received.isReadable() && step(received)) {
                // goes on as long as there is progress
            }
        } finally {
            processing = false;
            ByteBuf rest = received;
            if (rest != null && !rest.isReadable()) {
                rest.release();
                received = null;
            }
        }
        regulate();
    }

    /// Stops reading while what was read has to wait.
    private void regulate() {
        ByteBuf waiting = received;
        boolean full = waiting != null
                && receiving == Receiving.EXCHANGE
                && (body.done() ? waiting.readableBytes() >= PIPELINED : !bodyDemanded);
        if (channel.config().isAutoRead() == full) {
            channel.config().setAutoRead(!full);
        }
    }

    /// One step; false when it has to wait.
    private boolean step(ByteBuf in) {
        return switch (receiving) {
            case IDLE, HEAD -> readHead(in);
            case EXCHANGE -> !body.done() && bodyDemanded && readBody(in);
            case DISCARD -> discardBody(in);
            case LINGER -> {
                in.skipBytes(in.readableBytes());
                yield false;
            }
        };
    }

    private boolean readHead(ByteBuf in) {
        switch (parser.parse(in)) {
            case INCOMPLETE -> {
                if (receiving == Receiving.IDLE) {
                    receiving = Receiving.HEAD;
                    setReadDeadline(limits.headTimeout());
                }
                return false;
            }
            case FAULT -> {
                refuseFault(parser.fault());
                return false;
            }
            case HEAD -> {}
        }
        RequestReader reader = flows.reader();
        RequestFault fault = reader.read(
                connection.scheme(),
                parser.version(),
                parser.method(),
                parser.bytes(),
                parser.targetStart(),
                parser.targetEnd(),
                null,
                parser.headers());
        long length = parser.bodyLength();
        if (fault == null && length > limits.body()) {
            fault = RequestFault.BODY_TOO_LARGE;
        }
        if (fault != null) {
            refuseFault(fault);
            return false;
        }
        receiving = Receiving.EXCHANGE;
        keepAlive = parser.keepAlive();
        http10 = parser.version() == HttpVersion.HTTP_1_0;
        continueAwaited = parser.expectsContinue();
        headSent = false;
        bodyDemanded = false;
        bodyOctets = 0;
        body.begin(length);
        if (length == 0) {
            flows.worker().deadlines().clear(readDeadline);
        } else {
            watchRate();
        }
        output.begin();
        ExchangeFlow begun = new ExchangeFlow(flows, this, reader.request(), connection, length);
        flow = begun;
        begun.start();
        return true;
    }

    private void watchRate() {
        octetsAtLastCheck = bodyOctets;
        setReadDeadline(RATE_PERIOD);
    }

    private boolean readBody(ByteBuf in) {
        ByteBuf piece = body.next(in);
        ExchangeFlow current = flow;
        if (current == null) {
            throw new IllegalStateException("an exchange without a flow");
        }
        if (body.malformed()) {
            if (piece != null) {
                piece.release();
            }
            onBodyFault(current, RequestFault.CHUNK);
            return false;
        }
        if (piece == null) {
            if (!body.done()) {
                return false;
            }
            flows.worker().deadlines().clear(readDeadline);
            current.onRequestBody(Unpooled.EMPTY_BUFFER, true);
            return true;
        }
        bodyOctets += piece.readableBytes();
        if (bodyOctets > limits.body()) {
            piece.release();
            onBodyFault(current, RequestFault.BODY_TOO_LARGE);
            return false;
        }
        if (body.done()) {
            flows.worker().deadlines().clear(readDeadline);
        }
        current.onRequestBody(piece, body.done());
        return true;
    }

    private void onBodyFault(ExchangeFlow current, RequestFault fault) {
        keepAlive = false;
        current.onBodyFault(fault);
    }

    private boolean discardBody(ByteBuf in) {
        ByteBuf piece = body.next(in);
        if (piece != null) {
            piece.release();
        }
        if (body.malformed()) {
            channel.close();
            return false;
        }
        if (!body.done()) {
            return piece != null;
        }
        nextRequest();
        return true;
    }

    /// Answers a request that cannot be understood, and closes.
    private void refuseFault(RequestFault fault) {
        flows.recorder().recordFault(connection, fault);
        LocalResponse response = Problems.render(fault);
        OutgoingHead head = flows.worker().scratch();
        head.begin(response.headers(), 0, null);
        HeadWriter writer = flows.worker().http1().writer();
        writer.response(response.status(), head, response.body().length, false, true);
        output.begin();
        output.head(writer, false, false, false);
        output.body(Unpooled.wrappedBuffer(response.body()), true);
        linger();
    }

    @Override
    public void sendInterim(int status, OutgoingHead fields) {
        if (http10 || headSent) {
            return;
        }
        HeadWriter writer = flows.worker().http1().writer();
        writer.interim(status, fields);
        output.interim(writer);
    }

    @Override
    public void sendHead(int status, OutgoingHead fields, long length, boolean last) {
        headSent = true;
        boolean unknown = !last && length < 0;
        boolean chunked = unknown && !http10;
        if (draining || (unknown && http10) || !drainable()) {
            keepAlive = false;
        }
        HeadWriter writer = flows.worker().http1().writer();
        writer.response(status, fields, status == 204 ? -1 : length, chunked, !keepAlive);
        output.head(writer, chunked, unknown && http10, last);
        if (last) {
            onResponseEnd();
        }
    }

    /// Whether what is left of the request body can be read and thrown away so that the connection lives on
    /// (SM-28).
    private boolean drainable() {
        if (body.done()) {
            return true;
        }
        long remaining = body.remaining();
        return !continueAwaited && remaining >= 0 && remaining <= DRAINABLE;
    }

    @Override
    public void sendBody(ByteBuf data, boolean last) {
        output.body(data, last);
        if (last) {
            onResponseEnd();
        }
    }

    @Override
    public void sendTrailers(Headers trailers) {
        output.end(trailers);
        onResponseEnd();
    }

    @Override
    public void flush() {
        output.flush();
    }

    private void onResponseEnd() {
        flow = null;
        if (!keepAlive) {
            linger();
        } else if (body.done()) {
            nextRequest();
            process();
        } else {
            receiving = Receiving.DISCARD;
            setReadDeadline(LINGER);
            process();
        }
    }

    private void nextRequest() {
        receiving = Receiving.IDLE;
        unusedSince = System.nanoTime();
        flows.worker().deadlines().set(readDeadline, unusedSince, draining ? DRAIN_GRACE : limits.idleTimeout());
    }

    /// Sends what is written, says that nothing follows, and closes once the client has had time to read it.
    private void linger() {
        receiving = Receiving.LINGER;
        bodyOctets = 0;
        flow = null;
        setReadDeadline(LINGER);
        ByteBuf rest = received;
        if (rest != null) {
            rest.skipBytes(rest.readableBytes());
        }
        channel.config().setAutoRead(true);
        output.finish();
    }

    @Override
    public void abort(Failure reason) {
        flow = null;
        receiving = Receiving.LINGER;
        output.abort();
    }

    @Override
    public boolean writable() {
        return channel.isWritable();
    }

    @Override
    public void demandBody(boolean wanted) {
        if (bodyDemanded == wanted) {
            return;
        }
        bodyDemanded = wanted;
        if (!wanted) {
            return;
        }
        if (continueAwaited) {
            continueAwaited = false;
            if (!headSent && (received == null || !received.isReadable())) {
                HeadWriter writer = flows.worker().http1().writer();
                writer.interimContinue();
                output.interim(writer);
            }
        }
        process();
        regulate();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (output.onWritabilityChanged()) {
            ExchangeFlow current = flow;
            if (current != null) {
                current.onClientWritable();
            }
        }
    }

    /// The client took too little for too long.
    private void onStalled() {
        endExchange(Failure.RESPONSE_STALLED);
        output.abort();
    }

    private void onReadDeadline() {
        switch (receiving) {
            case IDLE, LINGER, DISCARD -> channel.close();
            case HEAD -> refuseFault(RequestFault.HEAD_TIMEOUT);
            case EXCHANGE -> {
                ExchangeFlow current = flow;
                long arrived = bodyOctets - octetsAtLastCheck;
                if (current == null || body.done()) {
                    return;
                }
                if (bodyDemanded && arrived < limits.bodyMinRate() * TimeUnit.NANOSECONDS.toSeconds(RATE_PERIOD)) {
                    onBodyFault(current, RequestFault.BODY_TIMEOUT);
                } else {
                    watchRate();
                }
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Drain drain) {
            boolean first = !draining;
            draining = true;
            if (drain == Drain.NOW) {
                endExchange(Failure.DRAINED);
                output.abort();
            } else if (first && receiving == Receiving.IDLE) {
                setReadDeadline(DRAIN_GRACE);
            }
        } else if (event instanceof Relief relief) {
            if (receiving == Receiving.IDLE && relief.closes(unusedSince)) {
                channel.close();
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void endExchange(Failure reason) {
        ExchangeFlow current = flow;
        flow = null;
        receiving = Receiving.LINGER;
        if (current != null) {
            current.onClientGone(reason);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (gone) {
            return;
        }
        gone = true;
        flows.worker().deadlines().clear(readDeadline);
        output.close();
        endExchange(Failure.CLIENT_CLOSED);
        ByteBuf rest = received;
        received = null;
        if (rest != null) {
            rest.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // channelInactive ends the exchange
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first != null && cause instanceof IOException && !(cause instanceof SSLException)) {
            // a reset: nobody is there to be told of the end, which TLS would seal, send and fail to send (4 % of
            // the CPU of a connection that is reset after its handshake)
            first.close();
        } else {
            channel.close();
        }
    }
}
