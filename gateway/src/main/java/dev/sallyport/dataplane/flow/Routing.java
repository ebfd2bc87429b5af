package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Preflight;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteSearch;
import org.jspecify.annotations.Nullable;

/// Which route a request takes, or why none.
final class Routing {
    /// The answer to what [asks about the gateway][#asksAboutTheGateway].
    static final LocalResponse ANY_PATH = new LocalResponse(204, Headers.EMPTY, new byte[0]);

    private Routing() {}

    /// Why the request is not for any route, whatever it asks for; or null.
    static @Nullable Refusal refusal(Exchange exchange, String serverName) {
        CanonicalRequest request = exchange.request();
        if (Hops.detected(request.headers(), serverName)) {
            return Refusals.LOOP;
        }
        return request.method() == Method.TRACE ? Refusals.TRACE : null;
    }

    /// Whether it is no resource that is asked about: `OPTIONS *` (RFC 9110 §9.3.7), or OPTIONS with
    /// `Max-Forwards: 0` (§7.6.2).
    static boolean asksAboutTheGateway(Exchange exchange) {
        return exchange.request().path().equals("*") || Hops.lastHop(exchange);
    }

    /// The route, which the exchange then knows too: a preflight's is that of the method it asks about, where that
    /// answers preflights; null for none, see [#refusal(RouteSearch)].
    static @Nullable Route find(Exchange exchange, GatewaySnapshot snapshot, RouteSearch search) {
        CanonicalRequest request = exchange.request();
        Method asked = Preflight.asked(request);
        if (asked != null) {
            snapshot.routes().find(request, asked, search);
            Route answering = search.route();
            if (answering != null && answering.preflights()) {
                Preflight.routed(exchange, asked);
                return routed(exchange, search, answering);
            }
        }
        snapshot.routes().find(request, search);
        Route found = search.route();
        return found == null ? null : routed(exchange, search, found);
    }

    private static Route routed(Exchange exchange, RouteSearch search, Route found) {
        exchange.routed(found.name(), found.match().path().text(), search.parameters());
        return found;
    }

    /// Who may use the route that this exchange took, as `snapshot` has it: the route of that name, or where there is
    /// none the one that would be taken now. Null when there is none either.
    static @Nullable AccessRule accessOf(Exchange exchange, GatewaySnapshot snapshot, RouteSearch search) {
        Route same = snapshot.routes().named(exchange.route());
        if (same != null) {
            return same.access();
        }
        snapshot.routes().find(exchange.request(), search);
        return search.outcome() == RouteSearch.Outcome.FOUND ? search.matched().access() : null;
    }

    /// Whether the path holds spellings that `route` does not take.
    static boolean tooAmbiguous(Exchange exchange, Route route) {
        return (exchange.request().ambiguity() & ~route.allowedAmbiguity()) != 0;
    }

    /// Why no route was found.
    static Refusal refusal(RouteSearch search) {
        return switch (search.outcome()) {
            case UNKNOWN_HOST -> Refusals.HOST_UNKNOWN;
            case METHOD_NOT_ALLOWED -> Refusals.methodNotAllowed(search.allowed());
            case UNKNOWN_PATH, FOUND -> Refusals.ROUTE_UNKNOWN;
        };
    }
}
