package dev.sallyport.dataplane.protocol;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.dataplane.flow.ClientStream;
import dev.sallyport.dataplane.flow.ExchangeFlow;
import dev.sallyport.dataplane.flow.Problems;
import dev.sallyport.dataplane.http2.ErrorCode;
import dev.sallyport.dataplane.http2.HpackEncoder;
import dev.sallyport.dataplane.http2.Http2Stream;
import dev.sallyport.dataplane.message.OutgoingHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One request on a client's HTTP/2 connection, and the way its answer takes.
final class Http2ClientStream extends Http2Stream implements ClientStream {
    /// How long a body may be slow before its rate is judged, where the head timeout is no shorter.
    private static final long GRACE = TimeUnit.SECONDS.toNanos(5);

    private static final double SECOND = 1e9;

    private final Http2Downstream session;
    private final boolean lengthDeclared;
    private @Nullable ExchangeFlow flow;
    private boolean expectsContinue;
    private boolean headSent;
    private boolean bodyWanted;
    private long rateSince;
    private long rateReceived;

    /// @param length what `content-length` declares, −1 for nothing
    Http2ClientStream(Http2Downstream session, int id, long length, boolean bodiless) {
        super(session, id);
        this.session = session;
        this.lengthDeclared = length >= 0;
        declare(length);
        if (bodiless) {
            bodiless();
        }
    }

    void expectsContinue(boolean does) {
        expectsContinue = does;
    }

    void begin(ExchangeFlow exchange) {
        flow = exchange;
        exchange.start();
    }

    /// Answers a request that does not become an exchange.
    ///
    /// @param headOnly whether it was a HEAD request
    void refuse(RequestFault fault, boolean headOnly) {
        LocalResponse response = Problems.render(fault);
        OutgoingHead head = session.scratch();
        head.begin(response.headers(), 0, null);
        sendHead(response.status(), head, response.body().length, headOnly);
        sendBody(Unpooled.wrappedBuffer(response.body()), true);
    }

    /// The request ended with trailers; what is wrong with that, or null.
    @Nullable
    ErrorCode onTrailers() {
        return receiveEnd();
    }

    // ---- from the client

    @Override
    protected void onData(ByteBuf data, boolean last) {
        ExchangeFlow exchange = flow;
        if (exchange == null) {
            data.release();
        } else if (received() > session.limits().body()) {
            data.release();
            exchange.onBodyFault(RequestFault.BODY_TOO_LARGE);
        } else {
            exchange.onRequestBody(data, last);
        }
    }

    @Override
    protected void onReset(int code, boolean byPeer) {
        clientGone(byPeer ? Failure.CLIENT_CLOSED : Failure.REQUEST_MALFORMED);
    }

    @Override
    protected void onConnectionLost() {
        clientGone(session.lossReason());
    }

    @Override
    protected void onStalled() {
        reset(ErrorCode.CANCEL);
        clientGone(Failure.RESPONSE_STALLED);
    }

    private void clientGone(Failure reason) {
        ExchangeFlow exchange = flow;
        if (exchange != null) {
            exchange.onClientGone(reason);
        }
    }

    @Override
    protected void onWritable() {
        ExchangeFlow exchange = flow;
        if (exchange != null) {
            exchange.onClientWritable();
        }
    }

    /// Judges the rate of a body that is wanted. Once a response is under way, or with gRPC, a request without a
    /// declared length may be a conversation, and pauses belong to it.
    @Override
    protected void onTick(long now) {
        ExchangeFlow exchange = flow;
        if (exchange == null || !bodyWanted || inboundClosed() || (headSent && !lengthDeclared)) {
            return;
        }
        long elapsed = now - rateSince;
        if (elapsed < Math.min(GRACE, session.limits().headTimeout())) {
            return;
        }
        if (received() - rateReceived < session.limits().bodyMinRate() * (elapsed / SECOND)) {
            exchange.onBodyFault(RequestFault.BODY_TIMEOUT);
        } else {
            rateSince = now;
            rateReceived = received();
        }
    }

    // ---- to the client

    @Override
    public void sendInterim(int status, OutgoingHead fields) {
        if (gone() || headSent) {
            return;
        }
        HpackEncoder encoder = session.fields();
        encoder.begin();
        encoder.status(status);
        encoder.fields(fields);
        sendFields(false);
    }

    @Override
    public void sendHead(int status, OutgoingHead fields, long length, boolean last) {
        if (gone() || headSent) {
            return;
        }
        headSent = true;
        HpackEncoder encoder = session.fields();
        encoder.begin();
        encoder.status(status);
        encoder.fields(fields);
        if (!fields.received().has(FieldName.DATE)) {
            encoder.date(session.date().now());
        }
        if (length >= 0 && status != 204) {
            encoder.contentLength(length);
        }
        sendFields(last);
    }

    @Override
    public void sendBody(ByteBuf data, boolean last) {
        write(data, last);
    }

    @Override
    public void sendTrailers(Headers trailers) {
        endWith(trailers);
    }

    @Override
    public void flush() {
        // whatever is written goes out at the end of the turn
    }

    @Override
    public void abort(Failure reason) {
        reset(reason == Failure.CLIENT_CLOSED ? ErrorCode.CANCEL : ErrorCode.INTERNAL_ERROR);
    }

    @Override
    public void demandBody(boolean wanted) {
        if (gone()) {
            return;
        }
        if (wanted && !bodyWanted) {
            rateSince = System.nanoTime();
            rateReceived = received();
            if (expectsContinue && !headSent) {
                expectsContinue = false;
                HpackEncoder encoder = session.fields();
                encoder.begin();
                encoder.status(100);
                sendFields(false);
            }
        }
        bodyWanted = wanted;
        want(wanted);
    }
}
