package dev.sallyport.dataplane.upstream;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.dataplane.forward.CallTimeouts;
import dev.sallyport.dataplane.forward.UpstreamCall;
import dev.sallyport.dataplane.forward.UpstreamListener;
import dev.sallyport.dataplane.http2.ErrorCode;
import dev.sallyport.dataplane.http2.FieldSection;
import dev.sallyport.dataplane.http2.Http2Stream;
import dev.sallyport.dataplane.loop.Deadline;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// One call on an HTTP/2 connection to an endpoint.
final class Http2Call extends Http2Stream implements UpstreamCall {
    private static final int MAX_INTERIM = 8;

    private final Http2UpstreamConnection connection;
    private final Method method;
    private final UpstreamListener listener;
    private final CallTimeouts timeouts;
    private final boolean reused;
    private final Deadline deadline = new CallDeadline();
    private boolean headReceived;
    private boolean bodiless;
    private @Nullable Headers trailers;
    private boolean wanted = true;
    private boolean inBatch;
    private boolean over;
    private int interims;

    Http2Call(
            Http2UpstreamConnection connection,
            int id,
            Method method,
            UpstreamListener listener,
            CallTimeouts timeouts,
            boolean reused) {
        super(connection, id);
        this.connection = connection;
        this.method = method;
        this.listener = listener;
        this.timeouts = timeouts;
        this.reused = reused;
    }

    /// Limits the wait for the endpoint's next move.
    private final class CallDeadline extends Deadline {
        @Override
        protected void passed() {
            reset(ErrorCode.CANCEL);
            fail(headReceived || !outboundClosed() ? Failure.IDLE_TIMEOUT : Failure.RESPONSE_HEAD_TIMEOUT, false);
        }
    }

    /// Sends the head that the encoder holds.
    void open(boolean withoutBody) {
        want(true);
        sendFields(withoutBody);
    }

    /// Limits the wait that is on now: for the head, for octets that flow; while we or the client are to move,
    /// none.
    private void touch() {
        if (over) {
            return;
        }
        long limit;
        if (!headReceived && outboundClosed()) {
            limit = timeouts.responseHead();
        } else if (waitingOctets() > 0 || (headReceived && wanted)) {
            limit = timeouts.idle();
        } else {
            connection.loop().deadlines().clear(deadline);
            return;
        }
        connection.loop().deadlines().set(deadline, System.nanoTime(), limit);
    }

    // ---- from the flow

    @Override
    public void send(ByteBuf data, boolean last) {
        write(data, last);
        touch();
    }

    @Override
    public void demand(boolean more) {
        if (over) {
            return;
        }
        wanted = more;
        want(more);
        touch();
    }

    @Override
    public void cancel() {
        if (!over) {
            end();
            reset(ErrorCode.CANCEL);
            connection.over(this, false);
        }
    }

    // ---- from the endpoint

    /// Takes in a field section; what is wrong with it, or null.
    @Nullable
    ErrorCode onSection(FieldSection fields, boolean last) {
        if (inboundClosed()) {
            return ErrorCode.STREAM_CLOSED;
        }
        if (headReceived) {
            return onTrailers(fields, last);
        }
        fields.finish(FieldSection.Kind.RESPONSE);
        if (!fields.acceptable()) {
            return ErrorCode.PROTOCOL_ERROR;
        }
        int status = fields.statusCode();
        if (status < 200) {
            if (last || status == 101 || ++interims > MAX_INTERIM) {
                return ErrorCode.PROTOCOL_ERROR;
            }
            if (status != 100) {
                listener.onInterim(new ResponseHead(status, fields.headers(), HttpVersion.HTTP_2));
            }
            return null;
        }
        return onHead(status, fields, last);
    }

    private @Nullable ErrorCode onHead(int status, FieldSection fields, boolean last) {
        long declared = fields.contentLength();
        bodiless = method == Method.HEAD || status == 204 || status == 304;
        if (last && !bodiless && declared > 0) {
            return ErrorCode.PROTOCOL_ERROR;
        }
        headReceived = true;
        ResponseHead head = new ResponseHead(status, fields.headers(), HttpVersion.HTTP_2);
        if (last) {
            bodiless();
            end();
            connection.complete(this);
            listener.onHead(head, bodiless && status != 204 ? declared : 0, true);
            connection.over(this, true);
            return null;
        }
        declare(bodiless ? 0 : declared);
        if (bodiless) {
            // what may still come is an empty end; nobody has to wait for it to know the answer
            end();
            reset(outboundClosed() ? ErrorCode.CANCEL : ErrorCode.NO_ERROR);
            listener.onHead(head, status == 204 ? 0 : declared, true);
            connection.over(this, true);
            return null;
        }
        touch();
        noteBatch();
        listener.onHead(head, declared, false);
        return null;
    }

    private @Nullable ErrorCode onTrailers(FieldSection fields, boolean last) {
        fields.finish(FieldSection.Kind.TRAILERS);
        if (!last || !fields.acceptable()) {
            return ErrorCode.PROTOCOL_ERROR;
        }
        Headers kept = fields.trailers();
        trailers = kept.count() > 0 ? kept : null;
        return receiveEnd();
    }

    @Override
    protected void onData(ByteBuf data, boolean last) {
        if (over) {
            data.release();
            return;
        }
        if (!headReceived) {
            data.release();
            connection.dataBeforeHead(this);
            return;
        }
        if (!last) {
            touch();
            noteBatch();
            listener.onBody(data, false);
            return;
        }
        end();
        connection.complete(this);
        Headers fields = trailers;
        if (fields == null) {
            listener.onBody(data, true);
        } else {
            if (data.isReadable()) {
                listener.onBody(data, false);
            } else {
                data.release();
            }
            listener.onTrailers(fields);
        }
        connection.over(this, true);
    }

    private void noteBatch() {
        if (!inBatch) {
            inBatch = true;
            connection.inBatch(this);
        }
    }

    void onBatchEnd() {
        inBatch = false;
        if (!over) {
            listener.onBatchEnd();
        }
    }

    /// All of the request is sent.
    void onRequestSent() {
        touch();
    }

    @Override
    protected void onWritable() {
        if (!over) {
            listener.onWritable();
        }
    }

    // ---- failures

    @Override
    protected void onReset(int code, boolean byPeer) {
        if (!byPeer) {
            fail(Failure.RESPONSE_MALFORMED, false);
        } else {
            fail(lost(), code == ErrorCode.REFUSED_STREAM.code() && !headReceived);
        }
    }

    @Override
    protected void onConnectionLost() {
        fail(lost(), false);
    }

    @Override
    protected void onStalled() {
        // the deadline of the call looks after that
    }

    /// The endpoint said that it did not and will not look at this call.
    void refused() {
        reset(ErrorCode.CANCEL);
        fail(lost(), !headReceived);
    }

    private Failure lost() {
        return headReceived ? Failure.RESPONSE_TRUNCATED : Failure.RESET_BEFORE_RESPONSE;
    }

    private void fail(Failure failure, boolean nothingSent) {
        if (!over) {
            end();
            listener.onFailure(failure, nothingSent, reused);
            connection.over(this, false);
        }
    }

    private void end() {
        over = true;
        connection.loop().deadlines().clear(deadline);
    }
}
