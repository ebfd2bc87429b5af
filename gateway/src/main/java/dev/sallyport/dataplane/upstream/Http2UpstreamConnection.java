package dev.sallyport.dataplane.upstream;

import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.forward.CallTimeouts;
import dev.sallyport.dataplane.forward.UpstreamConnection;
import dev.sallyport.dataplane.forward.UpstreamConnector;
import dev.sallyport.dataplane.forward.UpstreamListener;
import dev.sallyport.dataplane.forward.UpstreamRequest;
import dev.sallyport.dataplane.forward.UpstreamSettings;
import dev.sallyport.dataplane.http2.ErrorCode;
import dev.sallyport.dataplane.http2.FieldSection;
import dev.sallyport.dataplane.http2.HpackEncoder;
import dev.sallyport.dataplane.http2.Http2Session;
import dev.sallyport.dataplane.http2.Http2Stream;
import dev.sallyport.dataplane.http2.SessionSettings;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.message.OutgoingHead;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An HTTP/2 connection to an endpoint, which serves several calls at once. The endpoint is judged as strictly as
/// a client (threat US-07).
final class Http2UpstreamConnection extends Http2Session implements UpstreamConnection {
    /// Calls at once, however many more the endpoint would take.
    static final int MAX_CALLS = 128;

    private static final int MAX_FIELDS = 256;
    private static final long SETTINGS_TIMEOUT = TimeUnit.SECONDS.toNanos(10);
    private static final int LAST_STREAM = Integer.MAX_VALUE - 2;

    private final boolean secure;
    private final UpstreamConnector.Owner owner;
    private final long createdAt = System.nanoTime();
    private final ArrayList<Http2Call> batch = new ArrayList<>();
    private int nextStream = 1;
    private int acceptedUpTo = Integer.MAX_VALUE;
    private boolean served;
    private boolean full;
    private boolean retired;
    private boolean goneTold;

    Http2UpstreamConnection(Worker worker, Channel channel, UpstreamSettings settings, UpstreamConnector.Owner owner) {
        super(
                worker,
                channel,
                new SessionSettings(
                        false,
                        0,
                        settings.maxHead(),
                        MAX_FIELDS,
                        SETTINGS_TIMEOUT,
                        settings.pool().idle()));
        this.secure = settings.tls() != null;
        this.owner = owner;
    }

    @Override
    public boolean available() {
        return !retired && !ended() && channel().isActive() && openStreams() < Math.min(MAX_CALLS, peerMaxStreams());
    }

    @Override
    public boolean multiplexed() {
        return true;
    }

    @Override
    public boolean idle() {
        return openStreams() == 0;
    }

    @Override
    public long createdAt() {
        return createdAt;
    }

    @Override
    public void open(UpstreamRequest request, UpstreamListener listener, CallTimeouts timeouts) {
        OutgoingHead head = worker().scratch();
        request.compose(head);
        Method method = request.method();
        HpackEncoder encoder = encoder();
        encoder.request(method, secure, request.authority(), request.target());
        encoder.fields(head);
        if (request.acceptsTrailers()) {
            encoder.teTrailers();
        }
        long length = request.bodyLength();
        if (length > 0 || (length == 0 && !method.safe() && method != Method.DELETE)) {
            encoder.contentLength(length);
        }
        Http2Call call = new Http2Call(this, nextStream, method, listener, timeouts, served);
        nextStream += 2;
        if (nextStream > LAST_STREAM) {
            takeNoMore();
        }
        add(call);
        call.open(length == 0);
        full = !available();
        listener.onOpen(call);
    }

    @Override
    public void retire() {
        retired = true;
        closeWhenIdle();
    }

    /// Takes no more calls, and tells the pool so.
    private void takeNoMore() {
        retired = true;
        if (!goneTold) {
            goneTold = true;
            owner.onGone(this);
        }
    }

    private void closeWhenIdle() {
        if (retired && openStreams() == 0 && !ended()) {
            fail(ErrorCode.NO_ERROR);
            channel().close();
        }
    }

    // ---- from the calls

    /// A call is over, well or not.
    void over(Http2Call call, boolean well) {
        served |= well;
        if (retired) {
            closeWhenIdle();
        } else {
            tellAvailable();
        }
    }

    /// A call came to its regular end.
    void complete(Http2Call call) {
        if (!call.outboundClosed()) {
            // the answer does not need the rest of the request
            reset(call.id(), ErrorCode.NO_ERROR);
        }
        finish(call);
    }

    /// The endpoint sent body without a head before it.
    void dataBeforeHead(Http2Call call) {
        resetByFault(call.id(), call, ErrorCode.PROTOCOL_ERROR);
    }

    /// A call has something at hand that is to be flushed when the batch ends.
    void inBatch(Http2Call call) {
        batch.add(call);
    }

    HpackEncoder fields() {
        return encoder();
    }

    Worker loop() {
        return worker();
    }

    // ---- from the endpoint

    @Override
    protected boolean isIdle(int stream) {
        return (stream & 1) == 0 || stream >= nextStream;
    }

    @Override
    protected void onSection(int id, @Nullable Http2Stream open, FieldSection fields, boolean last) {
        if (open instanceof Http2Call call) {
            ErrorCode error = call.onSection(fields, last);
            if (error != null) {
                resetByFault(id, call, error);
            }
        } else if (isIdle(id)) {
            fail(ErrorCode.PROTOCOL_ERROR);
        } else if (!wasReset(id)) {
            fail(ErrorCode.STREAM_CLOSED);
        }
    }

    @Override
    protected void onOutboundClosed(Http2Stream stream) {
        if (stream instanceof Http2Call call) {
            call.onRequestSent();
        }
    }

    @Override
    protected void onGoAway(int lastStream) {
        acceptedUpTo = Math.min(acceptedUpTo, lastStream);
        takeNoMore();
        for (Http2Stream stream : openNow()) {
            if (stream.id() > acceptedUpTo && stream instanceof Http2Call call) {
                call.refused();
            }
        }
        closeWhenIdle();
    }

    @Override
    protected void onPeerSettings() {
        tellAvailable();
    }

    /// Tells the pool that calls are welcome again, if they were not.
    private void tellAvailable() {
        if (full && available()) {
            full = false;
            owner.onAvailable(this);
        }
    }

    @Override
    protected void onBatchEnd() {
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).onBatchEnd();
        }
        batch.clear();
    }

    @Override
    protected void onEnded() {
        batch.clear();
        takeNoMore();
    }
}
