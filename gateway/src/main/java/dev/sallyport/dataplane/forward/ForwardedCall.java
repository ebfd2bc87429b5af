package dev.sallyport.dataplane.forward;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.traffic.Priority;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.message.OutgoingHead;
import dev.sallyport.dataplane.overload.LoadGate;
import dev.sallyport.dataplane.overload.LoopLoad;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// One exchange on its way to an upstream: stands between the flow and whatever connection serves it, and asks
/// another endpoint where that is safe. Confined to its loop.
public final class ForwardedCall implements UpstreamRequest, UpstreamListener {
    private static final int MAX_ATTEMPTS = 3;

    private final Forwarder forwarder;
    private final Worker worker;
    private final Exchange exchange;
    private final long bodyLength;
    private final UpstreamListener listener;
    private @Nullable Occupancy place;
    private @Nullable UpstreamCall call;
    private @Nullable EndpointState endpoint;
    private Failure lastFailure = Failure.NO_ENDPOINT;
    private long excluded;
    private boolean bodyBegun;
    private boolean staleRetried;
    private boolean over;

    ForwardedCall(Forwarder forwarder, Worker worker, Exchange exchange, long bodyLength, UpstreamListener listener) {
        this.forwarder = forwarder;
        this.worker = worker;
        this.exchange = exchange;
        this.bodyLength = bodyLength;
        this.listener = listener;
    }

    /// Takes a place at the upstream, where those are counted; before it begins.
    ///
    /// @return why there is none; null when it may begin
    public @Nullable Refusal enter(LoopLoad load, Priority priority) {
        LoadGate gate = forwarder.upstream().load();
        if (gate == null) {
            return null;
        }
        int ticket = load.enter(gate, exchange, priority, System.nanoTime());
        if (ticket < 0) {
            return load.full(exchange, ticket);
        }
        place = new Occupancy(gate, worker, ticket);
        return null;
    }

    /// Begins; the listener may be called before this returns.
    public void start() {
        attempt();
    }

    private void attempt() {
        Upstream.EndpointSet set = forwarder.upstream().current();
        int index = set.balancer().pick(exchange, excluded);
        if (index < 0) {
            fail(lastFailure);
            return;
        }
        if (index < Long.SIZE) {
            excluded |= 1L << index;
        }
        EndpointState picked = set.endpoints()[index];
        long now = System.nanoTime();
        if (exchange.forwardedAt() == 0) {
            exchange.forwardedAt(now);
        }
        exchange.attempted(forwarder.upstream().name(), picked.address(), now);
        endpoint = picked;
        picked.began();
        if (place != null) {
            place.asked(bodyLength == 0, now);
        }
        forwarder.upstream().pool(worker, picked).acquire(this, now);
    }

    /// Whether nobody waits for an answer any more.
    boolean cancelled() {
        return over;
    }

    /// Sends a piece of request body, owned from here on.
    public void send(ByteBuf data, boolean last) {
        UpstreamCall open = call;
        if (open == null) {
            data.release();
            return;
        }
        bodyBegun = true;
        if (last && place != null) {
            place.asked(true, System.nanoTime());
        }
        open.send(data, last);
    }

    public boolean writable() {
        UpstreamCall open = call;
        return open != null && open.writable();
    }

    /// Asks for response body, or for a pause.
    public void demand(boolean wanted) {
        UpstreamCall open = call;
        if (open != null) {
            open.demand(wanted);
        }
    }

    /// Ends the call; the listener hears nothing more.
    public void cancel() {
        if (over) {
            return;
        }
        UpstreamCall open = call;
        Occupancy mine = place;
        if (mine != null) {
            place = null;
            mine.abandoned(System.nanoTime());
        }
        finish();
        if (open != null) {
            open.cancel();
        }
    }

    private void finish() {
        over = true;
        call = null;
        Occupancy mine = place;
        if (mine != null) {
            place = null;
            mine.end();
        }
        EndpointState asked = endpoint;
        if (asked != null) {
            endpoint = null;
            asked.ended();
        }
    }

    private void fail(Failure failure) {
        finish();
        listener.onFailure(failure, true, false);
    }

    /// The pool could not provide a connection.
    void connectionFailed(Failure failure) {
        if (!over) {
            onFailure(failure, true, false);
        }
    }

    @Override
    public void onOpen(UpstreamCall opened) {
        call = opened;
        exchange.connectedAt(System.nanoTime());
        listener.onOpen(opened);
    }

    @Override
    public void onInterim(ResponseHead head) {
        listener.onInterim(head);
    }

    @Override
    public void onHead(ResponseHead head, long length, boolean last) {
        long now = System.nanoTime();
        exchange.responded(head.status(), now);
        if (place != null) {
            place.answered(head, now);
        }
        EndpointState asked = endpoint;
        if (asked != null) {
            asked.responded(now - exchange.connectedAt());
        }
        if (last) {
            finish();
        }
        listener.onHead(head, length, last);
    }

    @Override
    public void onBody(ByteBuf data, boolean last) {
        if (last) {
            finish();
        }
        listener.onBody(data, last);
    }

    @Override
    public void onTrailers(Headers trailers) {
        finish();
        listener.onTrailers(trailers);
    }

    @Override
    public void onBatchEnd() {
        listener.onBatchEnd();
    }

    @Override
    public void onWritable() {
        listener.onWritable();
    }

    @Override
    public void onFailure(Failure failure, boolean nothingSent, boolean reusedConnection) {
        if (over) {
            return;
        }
        EndpointState asked = endpoint;
        if (asked != null) {
            endpoint = null;
            asked.ended();
        }
        if (place != null) {
            place.failed(failure, System.nanoTime());
        }
        if (exchange.followed()) {
            exchange.attemptFailed(failure, System.nanoTime());
        }
        call = null;
        if (mayRetry(failure, nothingSent, reusedConnection)) {
            lastFailure = failure;
            attempt();
        } else {
            finish();
            listener.onFailure(failure, nothingSent, reusedConnection);
        }
    }

    /// Another endpoint is asked when nothing was sent; the same or another, once, when an idempotent request
    /// without body met a connection that the endpoint was just closing (threat US-09, RFC 9110 §9.2.2).
    private boolean mayRetry(Failure failure, boolean nothingSent, boolean reusedConnection) {
        if (bodyBegun
                || exchange.attempts() >= MAX_ATTEMPTS
                || failure == Failure.POOL_FULL
                || failure == Failure.INTERNAL) {
            return false;
        }
        if (nothingSent) {
            return true;
        }
        if (failure == Failure.RESET_BEFORE_RESPONSE
                && reusedConnection
                && !staleRetried
                && bodyLength == 0
                && exchange.request().method().idempotent()) {
            staleRetried = true;
            excluded = 0;
            return true;
        }
        return false;
    }

    @Override
    public Method method() {
        return exchange.request().method();
    }

    @Override
    public String target() {
        String changed = exchange.upstreamPath();
        if (changed != null) {
            return changed;
        }
        String path = exchange.request().path();
        String query = exchange.forwardedQuery();
        return query == null ? path : path + '?' + query;
    }

    @Override
    public String authority() {
        String changed = exchange.upstreamHost();
        return changed != null ? changed : exchange.request().authority().toString();
    }

    @Override
    public long bodyLength() {
        return bodyLength;
    }

    @Override
    public boolean acceptsTrailers() {
        Headers headers = exchange.request().headers();
        int te = headers.indexOf(FieldName.TE);
        return te >= 0 && headers.valueIs(te, "trailers");
    }

    @Override
    public void compose(OutgoingHead head) {
        ForwardedFields.compose(head, exchange, forwarder.serverName());
    }
}
