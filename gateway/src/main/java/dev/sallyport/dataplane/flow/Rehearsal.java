package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot.Sampling;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteSearch;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/// The first steps of an [ExchangeFlow], by the code that it takes them by, for a request that nobody sent: for
/// somebody who asks what would become of it. Nothing is answered, recorded or forwarded.
public final class Rehearsal {
    /// What the flow says where a policy or the gate cannot decide.
    public static final Refusal UNDECIDED = Refusals.UNDECIDED;

    /// What the flow says of a bug.
    public static final Refusal INTERNAL = Refusals.INTERNAL;

    private Rehearsal() {}

    /// Where the request goes.
    public sealed interface Way {}

    /// Into `route`.
    public record Taken(Route route) implements Way {}

    /// Nowhere.
    public record Refused(Refusal refusal) implements Way {}

    /// Nowhere: it asks about the gateway, which answers.
    public record Answered(LocalResponse response) implements Way {}

    /// The exchange that `request` would be.
    ///
    /// @param executor    runs tasks on loop number `loop`
    /// @param epochMillis when it would arrive
    public static Exchange exchange(
            CanonicalRequest request, ClientConnection connection, Executor executor, int loop, long epochMillis) {
        Exchange.Origin now = Origins.of(request, connection, new SplittableRandom(), Sampling.NONE);
        Exchange.Origin origin = new Exchange.Origin(
                now.clientAddress(),
                now.trace(),
                now.requestIdHigh(),
                now.requestIdLow(),
                now.startedAt(),
                epochMillis);
        return new Exchange(request, connection, executor, loop, origin);
    }

    /// Which way the exchange goes; it knows its route then.
    public static Way route(Exchange exchange, GatewaySnapshot snapshot) {
        exchange.configVersion(snapshot.version());
        Refusal unroutable = Routing.refusal(exchange, snapshot.serverName());
        if (unroutable != null) {
            return new Refused(unroutable);
        }
        if (Routing.asksAboutTheGateway(exchange)) {
            return new Answered(Routing.ANY_PATH);
        }
        RouteSearch search = new RouteSearch();
        Route found = Routing.find(exchange, snapshot, search);
        if (found == null) {
            return new Refused(Routing.refusal(search));
        }
        return Routing.tooAmbiguous(exchange, found) ? new Refused(Refusals.PATH_AMBIGUOUS) : new Taken(found);
    }

    /// What a client is told of a request that cannot be understood.
    public static Refusal refusal(RequestFault fault) {
        return Refusals.of(fault);
    }
}
