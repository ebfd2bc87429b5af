package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.CanonicalRequest;
import java.util.ArrayList;
import java.util.List;

/// A route as the end of a branch of the tree holds it: what remains to be judged when host and path fit.
final class RouteChoice {
    private static final String[] NO_NAMES = {};
    private static final HeaderCondition[] NO_HEADERS = {};
    private static final QueryCondition[] NO_QUERY = {};

    private final Route route;
    private final RouteRank rank;
    private final int served;
    private final boolean namesHead;
    private final String[] names;
    private final HeaderCondition[] headers;
    private final QueryCondition[] query;

    RouteChoice(Route route) {
        this.route = route;
        rank = new RouteRank(route.name(), route.match());
        served = rank.served();
        namesHead = rank.namesHead();
        List<String> parameters = route.match().path().names();
        names = parameters.isEmpty() ? NO_NAMES : parameters.toArray(String[]::new);
        List<FieldMatch> fields = route.match().headers();
        headers = fields.isEmpty()
                ? NO_HEADERS
                : fields.stream().map(HeaderCondition::new).toArray(HeaderCondition[]::new);
        List<FieldMatch> arguments = route.match().query();
        query = arguments.isEmpty()
                ? NO_QUERY
                : arguments.stream().map(QueryCondition::new).toArray(QueryCondition[]::new);
    }

    Route route() {
        return route;
    }

    RouteRank rank() {
        return rank;
    }

    /// Whether the route was given HEAD by name.
    boolean namesHead() {
        return namesHead;
    }

    /// The methods the route serves, as bits.
    int served() {
        return served;
    }

    /// The names of the template's parameters.
    String[] names() {
        return names;
    }

    /// What of this route, whose host and path fit, does not fit the request.
    RouteCandidate judged(CanonicalRequest request) {
        List<FieldMatch> missing = new ArrayList<>();
        for (int i = 0; i < headers.length; i++) {
            if (!headers[i].holds(request.headers())) {
                missing.add(route.match().headers().get(i));
            }
        }
        List<FieldMatch> absent = new ArrayList<>();
        for (int i = 0; i < query.length; i++) {
            if (!query[i].holds(request.query())) {
                absent.add(route.match().query().get(i));
            }
        }
        return new RouteCandidate(route, (served & RouteRank.bit(request.method())) != 0, missing, absent);
    }

    /// Whether the conditions on header and query hold.
    boolean holds(CanonicalRequest request) {
        for (HeaderCondition condition : headers) {
            if (!condition.holds(request.headers())) {
                return false;
            }
        }
        for (QueryCondition condition : query) {
            if (!condition.holds(request.query())) {
                return false;
            }
        }
        return true;
    }
}
