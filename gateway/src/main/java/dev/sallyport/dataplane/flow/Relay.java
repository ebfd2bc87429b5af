package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.BodyTap;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.ResponsePolicy;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.dataplane.forward.ForwardedCall;
import dev.sallyport.dataplane.forward.UpstreamCall;
import dev.sallyport.dataplane.forward.UpstreamListener;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.message.OutgoingHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one exchange carries between client and upstream: the request's body to the upstream, or to a policy that
/// wants it whole; the response, an upstream's or the gateway's own, through the route's response policies to the
/// client. Part of its [ExchangeFlow], which alone decides what happens next.
final class Relay implements UpstreamListener {
    private final ExchangeFlow flow;
    private final Worker worker;
    private final ClientStream stream;
    private final Exchange exchange;
    private final long bodyLength;
    private @Nullable CollectedBody collected;
    private @Nullable ForwardedCall call;
    private List<ResponsePolicy> policies = List.of();
    private boolean editing = true;
    private boolean begun;

    /// @param bodyLength octets of request body declared, 0 for none, −1 for an unknown number
    Relay(ExchangeFlow flow, Worker worker, ClientStream stream, Exchange exchange, long bodyLength) {
        this.flow = flow;
        this.worker = worker;
        this.stream = stream;
        this.exchange = exchange;
        this.bodyLength = bodyLength;
    }

    // ---- the request

    /// Has a policy be given the whole body.
    void collect(CollectedBody body) {
        Decision already = body.begin(bodyLength);
        if (already != null) {
            flow.onDecision(already);
        } else {
            collected = body;
            stream.demandBody(true);
        }
    }

    /// Sends the request off.
    void forward(ForwardedCall forwarded) {
        call = forwarded;
        forwarded.start();
    }

    /// Whether an upstream is being asked.
    boolean forwarding() {
        return call != null;
    }

    /// A piece of body, which is owned from here on.
    void onRequestBody(ByteBuf data, boolean last) {
        CollectedBody body = collected;
        ForwardedCall open = call;
        if (flow.over() || (body == null && open == null)) {
            data.release();
            return;
        }
        exchange.addRequestBytes(data.readableBytes());
        BodyTap tap = exchange.tap();
        if (tap != null) {
            tap.onRequestBody(data);
        }
        if (body != null) {
            collect(body, data, last);
        } else if (open != null) {
            open.send(data, last);
            if (!last && !open.writable()) {
                stream.demandBody(false);
            }
        }
    }

    private void collect(CollectedBody body, ByteBuf data, boolean last) {
        try {
            Decision decision = body.add(data, last);
            if (decision != null) {
                collected = null;
                flow.onDecision(decision);
            }
        } catch (RuntimeException | StackOverflowError bug) {
            flow.onBug(bug);
        }
    }

    /// Breaks off the call to the upstream, if there is one.
    void cancel() {
        ForwardedCall open = call;
        if (open != null) {
            call = null;
            open.cancel();
        }
    }

    /// Takes no further part: the exchange is over.
    void end() {
        call = null;
        collected = null;
    }

    // ---- the response

    /// Whether the client takes more body now.
    void demandResponse(boolean wanted) {
        ForwardedCall open = call;
        if (open != null) {
            open.demand(wanted);
        }
    }

    /// Whether the final head was sent, so that no other answer can be given.
    boolean begun() {
        return begun;
    }

    /// Applies `route` to the head of the final response.
    void policies(List<ResponsePolicy> route) {
        policies = route;
    }

    /// Applies no policy and none of the changes policies made: after a bug, which may be theirs.
    void withoutPolicies() {
        policies = List.of();
        editing = false;
    }

    /// Sends an answer of the gateway's own.
    void answer(LocalResponse response) {
        byte[] body = response.body();
        int status = response.status();
        boolean bodiless = exchange.request().method() == Method.HEAD || status == 204 || status == 304;
        long length = status == 204 || status == 304 ? -1 : body.length;
        ResponseHead head = new ResponseHead(status, response.headers(), HttpVersion.HTTP_1_1);
        if (bodiless || body.length == 0) {
            sendHead(head, 0, length, true);
        } else {
            sendHead(head, 0, length, false);
            onBody(Unpooled.wrappedBuffer(body), true);
        }
    }

    private void sendHead(ResponseHead head, long dropped, long length, boolean last) {
        exchange.responseHead(head);
        BodyTap tap = exchange.tap();
        if (tap != null) {
            tap.onResponse(head);
        }
        for (int i = 0; i < policies.size(); i++) {
            policies.get(i).onResponse(exchange, head);
        }
        OutgoingHead out = worker.scratch();
        ResponseFields.compose(out, head.headers(), dropped, exchange, editing);
        begun = true;
        exchange.status(head.status());
        if (last) {
            flow.finish();
        }
        stream.sendHead(head.status(), out, length, last);
    }

    @Override
    public void onOpen(UpstreamCall opened) {
        onWritable();
    }

    @Override
    public void onWritable() {
        if (!flow.over() && bodyLength != 0) {
            stream.demandBody(true);
        }
    }

    @Override
    public void onInterim(ResponseHead head) {
        if (!flow.over() && !begun && exchange.request().version() != HttpVersion.HTTP_1_0) {
            OutgoingHead out = worker.scratch();
            out.begin(head.headers(), ResponseFields.DROPPED, null);
            stream.sendInterim(head.status(), out);
        }
    }

    @Override
    public void onHead(ResponseHead head, long length, boolean last) {
        if (flow.over()) {
            return;
        }
        try {
            sendHead(head, ResponseFields.DROPPED, length, last);
        } catch (RuntimeException | StackOverflowError bug) {
            flow.onBug(bug);
        }
    }

    @Override
    public void onBody(ByteBuf data, boolean last) {
        if (flow.over()) {
            data.release();
            return;
        }
        exchange.addResponseBytes(data.readableBytes());
        BodyTap tap = exchange.tap();
        if (tap != null) {
            tap.onResponseBody(data);
        }
        if (last) {
            flow.finish();
        }
        stream.sendBody(data, last);
        if (!last && !stream.writable()) {
            demandResponse(false);
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        if (!flow.over()) {
            flow.finish();
            stream.sendTrailers(trailers);
        }
    }

    @Override
    public void onBatchEnd() {
        if (!flow.over()) {
            stream.flush();
        }
    }

    @Override
    public void onFailure(Failure failure, boolean nothingSent, boolean reusedConnection) {
        if (!flow.over()) {
            call = null;
            flow.fail(failure);
        }
    }
}
