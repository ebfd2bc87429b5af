package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.BodyTap;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.admit.Admission;
import dev.sallyport.dataplane.admit.Continuance;
import dev.sallyport.dataplane.admit.Passage;
import dev.sallyport.dataplane.forward.ForwardedCall;
import dev.sallyport.dataplane.forward.Forwarder;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot.Sampling;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteSearch;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The life of one request, from its head to its record: route, `SCREEN`, `ADMIT`, `METER`, `ANSWER`, `PREPARE`,
/// `FORWARD`, `RECORD`. Nothing else moves an exchange from phase to phase. Confined to its worker's loop.
public final class ExchangeFlow {
    private final Flows flows;
    private final ClientStream stream;
    private final Exchange exchange;
    private final long bodyLength;
    private final Relay relay;
    private @Nullable Route route;
    private @Nullable GatewaySnapshot snapshot;
    private @Nullable Admission admission;
    private @Nullable Continuance continuance;
    private @Nullable AccessRule accessNow;
    private Flows.@Nullable FlowDeadline deadline;

    /// Its place in the [AccessWatch], −1 for none.
    int watched = -1;

    private int nextPolicy;
    private int awaiting;
    private boolean over;

    /// The flow of a request; [#start] sets it off.
    ///
    /// @param bodyLength octets of body declared, 0 for none, −1 for an unknown number
    public ExchangeFlow(
            Flows flows, ClientStream stream, CanonicalRequest request, ClientConnection connection, long bodyLength) {
        Worker worker = flows.worker();
        Sampling sampling = flows.snapshot().get().sampling();
        Exchange.Origin origin = Origins.of(request, connection, worker.random(), sampling);
        this.flows = flows;
        this.stream = stream;
        this.exchange = new Exchange(request, connection, worker, worker.number(), origin);
        if (sampling.follows(origin.trace())) {
            exchange.follow();
        }
        this.bodyLength = bodyLength;
        this.relay = new Relay(this, worker, stream, exchange, bodyLength);
        flows.load().began(exchange.startedAt());
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
        relay.cancel();
        relay.withoutPolicies();
        refuse(Refusals.INTERNAL);
    }

    private void route() {
        GatewaySnapshot current = flows.snapshot().get();
        snapshot = current;
        exchange.configVersion(current.version());
        Policy screen = current.screen();
        if (screen != null && !onDecision(screen.decide(exchange))) {
            return;
        }
        Refusal unroutable = Routing.refusal(exchange, current.serverName());
        if (unroutable != null) {
            refuse(unroutable);
        } else if (Routing.asksAboutTheGateway(exchange)) {
            relay.answer(Routing.ANY_PATH);
        } else {
            RouteSearch search = flows.search();
            Route found = Routing.find(exchange, current, search);
            if (found == null) {
                refuse(Routing.refusal(search));
                return;
            }
            route = found;
            accessNow = found.access();
            relay.policies(found.responsePolicies());
            Refusal early = Routing.tooAmbiguous(exchange, found)
                    ? Refusals.PATH_AMBIGUOUS
                    : flows.load().early(exchange, found.priority());
            if (early == null) {
                advance(found);
            } else {
                refuse(early);
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

    /// Whether a caller who may pass is refused because there is too much to do; asked when it is known who
    /// calls.
    private boolean tooMuch() {
        Route chosen = route;
        Refusal late = chosen == null ? null : flows.load().late(exchange, chosen.priority());
        if (late != null) {
            refuse(late);
        }
        return late != null;
    }

    private boolean onPassage(@Nullable Passage passage) {
        switch (passage) {
            case null -> refuse(Refusals.UNDECIDED);
            case Passage.Refused refused -> refuse(refused.refusal());
            case Passage.Answered answered -> relay.answer(answered.response());
            case Passage.Await await -> await(await.passage(), this::onPassage);
            case Passage.Granted granted -> {
                admission = granted.admission();
                exchange.admitted(
                        granted.admission().rule(), granted.admission().principal());
                flows.accessWatch().add(this);
                return !tooMuch();
            }
        }
        return false;
    }

    /// What a policy says, now or later; true when the exchange goes on.
    boolean onDecision(@Nullable Decision decision) {
        switch (decision) {
            case null -> refuse(Refusals.UNDECIDED);
            case Decision.Refuse refuse -> refuse(refuse.refusal());
            case Decision.Answer answer -> relay.answer(answer.response());
            case Decision.Await await -> await(await.decision(), this::onDecision);
            case Decision.ReadBody wanted -> collect(wanted);
            case Decision.Proceed() -> {
                return true;
            }
        }
        return false;
    }

    private void collect(Decision.ReadBody wanted) {
        limit(flows.decisionNanos());
        relay.collect(new CollectedBody(wanted));
    }

    /// Looks again whether what let the exchange in still holds, under the configuration of now; ends it when
    /// not.
    void recheck(long epochSecond) {
        Route chosen = route;
        if (over || chosen == null) {
            return;
        }
        Continuance watch = continuance;
        if (watch == null) {
            watch = flows.gate().watch(exchange, chosen.access(), epochSecond);
            continuance = watch;
        }
        GatewaySnapshot current = flows.snapshot().get();
        if (!current.equals(snapshot)) {
            snapshot = current;
            accessNow = Routing.accessOf(exchange, current, flows.search());
        }
        Refusal ended;
        try {
            ended = watch.ended(accessNow, epochSecond);
        } catch (RuntimeException | StackOverflowError bug) {
            onBug(bug);
            return;
        }
        if (ended != null) {
            relay.cancel();
            breakOff(Failure.ACCESS_ENDED, ended);
        }
    }

    private <T> void await(CompletionStage<T> stage, Predicate<@Nullable T> then) {
        int ticket = ++awaiting;
        limit(flows.decisionNanos());
        stage.whenComplete((outcome, failure) -> exchange.execute(() -> resume(ticket, outcome, failure, then)));
    }

    private <T> void resume(int ticket, @Nullable T outcome, @Nullable Throwable failure, Predicate<@Nullable T> then) {
        Route chosen = route;
        if (over || ticket != awaiting || chosen == null) {
            return;
        }
        awaiting++;
        try {
            if (failure != null) {
                refuse(Refusals.UNDECIDED);
            } else if (then.test(outcome)) {
                advance(chosen);
            }
        } catch (RuntimeException | StackOverflowError bug) {
            onBug(bug);
        }
    }

    private void limit(long nanos) {
        deadline = flows.limit(this, deadline, nanos);
    }

    void onDeadline() {
        awaiting++;
        if (relay.forwarding()) {
            relay.cancel();
            fail(Failure.TOTAL_TIMEOUT);
        } else {
            refuse(Refusals.UNDECIDED);
        }
    }

    private void forward(Route chosen) {
        Forwarder forwarder = chosen.forwarder();
        Admission proof = admission;
        if (forwarder == null || proof == null) {
            refuse(Refusals.NO_UPSTREAM);
            return;
        }
        ForwardedCall call = forwarder.forward(flows.worker(), exchange, proof, bodyLength, relay);
        Refusal full = call.enter(flows.load(), chosen.priority());
        if (full != null) {
            refuse(full);
            return;
        }
        limit(forwarder.upstream().settings().timeouts().total());
        relay.forward(call);
    }

    /// A piece of request body, which the flow owns from here on; only while body is
    /// [demanded][ClientStream#demandBody].
    public void onRequestBody(ByteBuf data, boolean last) {
        relay.onRequestBody(data, last);
    }

    /// The client takes more response body again.
    public void onClientWritable() {
        relay.demandResponse(true);
    }

    /// The upstream failed, in whatever way.
    void fail(Failure failure) {
        breakOff(failure, Refusals.of(failure));
    }

    /// The request body broke the rules or came too late.
    public void onBodyFault(RequestFault fault) {
        if (over) {
            return;
        }
        relay.cancel();
        breakOff(Refusals.failure(fault), Refusals.of(fault));
    }

    /// Ends what went wrong: told to the client while that is still possible, else visibly cut short.
    private void breakOff(Failure failure, Refusal told) {
        exchange.failed(failure);
        if (relay.begun()) {
            finish();
            stream.abort(failure);
        } else {
            refuse(told);
        }
    }

    /// The client is gone or can be sent nothing more.
    public void onClientGone(Failure reason) {
        if (!over) {
            relay.cancel();
            exchange.failed(reason);
            finish();
        }
    }

    private void refuse(Refusal refusal) {
        if (over) {
            return;
        }
        if (relay.begun()) {
            finish();
            stream.abort(Failure.INTERNAL);
            return;
        }
        exchange.refused(refusal);
        relay.answer(Problems.render(refusal, exchange));
    }

    boolean over() {
        return over;
    }

    /// The exchange is over: what is left is to record it.
    void finish() {
        over = true;
        relay.end();
        awaiting++;
        Flows.FlowDeadline mine = deadline;
        if (mine != null) {
            deadline = null;
            flows.giveBack(mine);
        }
        exchange.endedAt(System.nanoTime());
        flows.accessWatch().remove(this);
        flows.load().ended();
        exchange.over();
        flows.recorder().record(exchange);
        BodyTap tap = exchange.tap();
        if (tap != null) {
            tap.onRecorded();
        }
    }
}
