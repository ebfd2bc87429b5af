package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.dataplane.admit.Admission;
import dev.sallyport.dataplane.admit.Passage;
import dev.sallyport.dataplane.forward.ForwardedCall;
import dev.sallyport.dataplane.forward.Forwarder;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteSearch;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The life of one request, from its head to its record: route, `SCREEN`, `ADMIT`, `METER`, `ANSWER`, `PREPARE`,
/// `FORWARD`, `RECORD`. Nothing else moves an exchange from phase to phase. Confined to its worker's loop.
public final class ExchangeFlow {
    /// `OPTIONS *` asks about the gateway, not about a resource (RFC 9110 §9.3.7), and so does OPTIONS with
    /// `Max-Forwards: 0` (§7.6.2).
    private static final LocalResponse ANY_PATH = new LocalResponse(204, Headers.EMPTY, new byte[0]);

    private final Flows flows;
    private final ClientStream stream;
    private final Exchange exchange;
    private final long bodyLength;
    private final ResponseRelay response;
    private @Nullable Route route;
    private @Nullable Admission admission;
    private @Nullable ForwardedCall call;
    private Flows.@Nullable FlowDeadline deadline;
    private @Nullable CollectedBody collected;
    /// Its place among the flows whose callers are looked at again, −1 for none.
    int livePlace = -1;

    private int nextPolicy;
    private int awaiting;
    private boolean over;

    private ExchangeFlow(Flows flows, ClientStream stream, Exchange exchange, long bodyLength) {
        this.flows = flows;
        this.stream = stream;
        this.exchange = exchange;
        this.bodyLength = bodyLength;
        this.response = new ResponseRelay(this, flows.worker(), stream, exchange);
    }

    /// Makes the flow of a request; [#start] sets it off.
    ///
    /// @param bodyLength octets of body declared, 0 for none, −1 for an unknown number
    public static ExchangeFlow of(
            Flows flows, ClientStream stream, CanonicalRequest request, ClientConnection connection, long bodyLength) {
        Exchange exchange = new Exchange(
                request,
                connection,
                flows.worker(),
                flows.worker().number(),
                Origins.of(request, connection, flows.worker().random()));
        flows.began();
        return new ExchangeFlow(flows, stream, exchange, bodyLength);
    }

    /// Takes the exchange as far as it goes now; the stream may have been answered when this returns.
    public void start() {
        try {
            route();
        } catch (RuntimeException | StackOverflowError bug) {
            onBug(bug);
        }
    }

    /// A bug here or in a policy refuses the request instead of letting it through.
    void onBug(Throwable bug) {
        flows.recorder().recordBug(exchange, bug);
        exchange.failed(Failure.INTERNAL);
        abortCall();
        response.withoutPolicies();
        refuse(Refusals.INTERNAL);
    }

    private void route() {
        CanonicalRequest request = exchange.request();
        GatewaySnapshot snapshot = flows.snapshot().get();
        exchange.configVersion(snapshot.version());
        if (Hops.detected(request.headers(), snapshot.serverName())) {
            refuse(Refusals.LOOP);
            return;
        }
        if (request.method() == Method.TRACE) {
            refuse(Refusals.TRACE);
            return;
        }
        if (request.path().equals("*") || Hops.lastHop(exchange)) {
            response.answer(ANY_PATH);
            return;
        }
        RouteSearch search = flows.search();
        snapshot.routes().find(request, search);
        switch (search.outcome()) {
            case UNKNOWN_HOST -> refuse(Refusals.HOST_UNKNOWN);
            case UNKNOWN_PATH -> refuse(Refusals.ROUTE_UNKNOWN);
            case METHOD_NOT_ALLOWED -> refuse(Refusals.methodNotAllowed(search.allowed()));
            case FOUND -> {
                Route found = search.matched();
                route = found;
                response.policies(found.responsePolicies());
                exchange.routed(found.name(), found.match().path().text(), search.parameters());
                if ((request.ambiguity() & ~found.allowedAmbiguity()) != 0) {
                    refuse(Refusals.PATH_AMBIGUOUS);
                } else {
                    advance(found);
                }
            }
        }
    }

    /// Asks policy after policy, the gate at its place among them, until one stops the exchange or all have
    /// spoken.
    private void advance(Route chosen) {
        while (!over) {
            boolean screened = nextPolicy == chosen.policies().size()
                    || chosen.policies().get(nextPolicy).phase() != Phase.SCREEN;
            boolean goesOn;
            if (screened && admission == null) {
                goesOn = onPassage(flows.gate().admit(exchange, chosen.access()));
            } else if (nextPolicy == chosen.policies().size()) {
                forward(chosen);
                return;
            } else {
                goesOn = onDecision(chosen.policies().get(nextPolicy++).decide(exchange));
            }
            if (!goesOn) {
                return;
            }
        }
    }

    private boolean onPassage(@Nullable Passage passage) {
        switch (passage) {
            case null -> refuse(Refusals.UNDECIDED);
            case Passage.Refused refused -> refuse(refused.refusal());
            case Passage.Answered answered -> response.answer(answered.response());
            case Passage.Await await -> await(await.passage(), this::onPassage);
            case Passage.Granted granted -> {
                admission = granted.admission();
                exchange.admitted(
                        granted.admission().rule(), granted.admission().principal());
                if (granted.admission().principal() != null) {
                    flows.watch(this);
                }
                return true;
            }
        }
        return false;
    }

    private boolean onDecision(@Nullable Decision decision) {
        switch (decision) {
            case null -> refuse(Refusals.UNDECIDED);
            case Decision.Refuse refuse -> refuse(refuse.refusal());
            case Decision.Answer answer -> response.answer(answer.response());
            case Decision.Await await -> await(await.decision(), this::onDecision);
            case Decision.ReadBody wanted -> collect(wanted);
            case Decision.Proceed() -> {
                return true;
            }
        }
        return false;
    }

    private void collect(Decision.ReadBody wanted) {
        CollectedBody body = new CollectedBody(wanted);
        if (bodyLength > wanted.most()) {
            refuse(Refusals.of(RequestFault.BODY_TOO_LARGE));
        } else if (bodyLength == 0) {
            onCollected(body);
        } else {
            collected = body;
            limit(flows.decisionNanos());
            stream.demandBody(true);
        }
    }

    private void onCollected(CollectedBody body) {
        collected = null;
        if (onDecision(body.decide())) {
            // the body is used up, so that nothing can be forwarded any more
            refuse(Refusals.UNDECIDED);
        }
    }

    private void onCollectedPart(CollectedBody body, ByteBuf data, boolean last) {
        exchange.addRequestBytes(data.readableBytes());
        try {
            if (!body.add(data)) {
                collected = null;
                refuse(Refusals.of(RequestFault.BODY_TOO_LARGE));
            } else if (last) {
                awaiting++;
                onCollected(body);
            }
        } catch (RuntimeException | StackOverflowError bug) {
            onBug(bug);
        }
    }

    /// Looks again whether what let the exchange in still holds; ends it when not.
    void recheck(long epochSecond) {
        Refusal ended = flows.gate().endedFor(exchange, epochSecond);
        if (ended == null || over) {
            return;
        }
        abortCall();
        exchange.failed(Failure.ACCESS_ENDED);
        if (response.begun()) {
            finish();
            stream.abort(Failure.ACCESS_ENDED);
        } else {
            refuse(ended);
        }
    }

    /// What takes the outcome of a stage; true when the exchange goes on.
    private interface Continuation<T> {
        boolean on(@Nullable T outcome);
    }

    private <T> void await(CompletionStage<T> stage, Continuation<T> then) {
        int ticket = ++awaiting;
        limit(flows.decisionNanos());
        stage.whenComplete((outcome, failure) -> exchange.execute(() -> {
            Route chosen = route;
            if (over || ticket != awaiting || chosen == null) {
                return;
            }
            awaiting++;
            try {
                if (failure != null) {
                    refuse(Refusals.UNDECIDED);
                } else if (then.on(outcome)) {
                    advance(chosen);
                }
            } catch (RuntimeException | StackOverflowError bug) {
                onBug(bug);
            }
        }));
    }

    private void limit(long nanos) {
        Flows.FlowDeadline mine = deadline;
        if (mine == null && nanos == Long.MAX_VALUE) {
            return;
        }
        if (mine == null) {
            mine = flows.borrowDeadline(this);
            deadline = mine;
        }
        flows.worker().deadlines().set(mine, System.nanoTime(), nanos);
    }

    void onDeadline() {
        awaiting++;
        if (call == null) {
            refuse(Refusals.UNDECIDED);
        } else {
            abortCall();
            fail(Failure.TOTAL_TIMEOUT);
        }
    }

    private void forward(Route chosen) {
        Forwarder forwarder = chosen.forwarder();
        Admission proof = admission;
        if (forwarder == null || proof == null) {
            refuse(Refusals.NO_UPSTREAM);
            return;
        }
        limit(forwarder.upstream().settings().timeouts().total());
        ForwardedCall forwarded = forwarder.forward(flows.worker(), exchange, proof, bodyLength, response);
        call = forwarded;
        forwarded.start();
    }

    /// A piece of request body, which the flow owns from here on; only while body is
    /// [demanded][ClientStream#demandBody].
    public void onRequestBody(ByteBuf data, boolean last) {
        CollectedBody body = collected;
        if (body != null && !over) {
            onCollectedPart(body, data, last);
            return;
        }
        ForwardedCall open = call;
        if (over || open == null) {
            data.release();
            return;
        }
        exchange.addRequestBytes(data.readableBytes());
        open.send(data, last);
        if (!last && !open.writable()) {
            stream.demandBody(false);
        }
    }

    /// The upstream takes request body now.
    void onUpstreamWritable() {
        if (!over && bodyLength != 0) {
            stream.demandBody(true);
        }
    }

    /// The client takes more response body again.
    public void onClientWritable() {
        demandResponse(true);
    }

    void demandResponse(boolean wanted) {
        ForwardedCall open = call;
        if (open != null) {
            open.demand(wanted);
        }
    }

    /// The upstream failed, in whatever way: told to the client while that is still possible.
    void fail(Failure failure) {
        call = null;
        exchange.failed(failure);
        if (response.begun()) {
            finish();
            stream.abort(failure);
        } else {
            refuse(Refusals.of(failure));
        }
    }

    /// The request body broke the rules or came too late: answered with `fault` where no head was sent yet, else
    /// aborted.
    public void onBodyFault(RequestFault fault) {
        if (over) {
            return;
        }
        abortCall();
        Failure failure = switch (fault) {
            case BODY_TOO_LARGE -> Failure.REQUEST_TOO_LARGE;
            case BODY_TIMEOUT -> Failure.REQUEST_TIMEOUT;
            default -> Failure.REQUEST_MALFORMED;
        };
        exchange.failed(failure);
        if (response.begun()) {
            finish();
            stream.abort(failure);
        } else {
            refuse(Refusals.of(fault));
        }
    }

    /// The client is gone or can be sent nothing more.
    public void onClientGone(Failure reason) {
        if (!over) {
            abortCall();
            exchange.failed(reason);
            finish();
        }
    }

    private void abortCall() {
        ForwardedCall open = call;
        if (open != null) {
            call = null;
            open.cancel();
        }
    }

    private void refuse(Refusal refusal) {
        if (over) {
            return;
        }
        if (response.begun()) {
            finish();
            stream.abort(Failure.INTERNAL);
            return;
        }
        exchange.refused(refusal);
        response.answer(Problems.render(refusal, exchange));
    }

    boolean over() {
        return over;
    }

    /// The exchange is over: what is left is to record it.
    void finish() {
        over = true;
        call = null;
        awaiting++;
        Flows.FlowDeadline mine = deadline;
        if (mine != null) {
            deadline = null;
            flows.giveBack(mine);
        }
        exchange.endedAt(System.nanoTime());
        flows.unwatch(this);
        flows.ended();
        flows.recorder().record(exchange);
    }
}
