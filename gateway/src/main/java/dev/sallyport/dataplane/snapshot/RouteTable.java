package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All routes, arranged so that a look-up costs the same for ten routes and for a hundred thousand. Immutable.
///
/// Precedence is that of the Kubernetes Gateway API, whatever the order of the routes: exact host before the
/// longest wildcard before none; then literal segments before parameters before `/**`, segment by segment; then a
/// route with methods before one without; then more header conditions; then more query conditions; then fewer
/// methods; then the name. A request that none of the more specific routes takes, be it for its path, its method
/// or its headers, goes on to
/// the less specific ones, those of less specific hosts included. So a host is closed off only by a route of its
/// own.
///
/// GET includes HEAD, unless a route for the same hosts and template names HEAD. A route without methods serves
/// every method but TRACE and CONNECT. Paths are compared byte by byte.
public final class RouteTable {
    private final List<Route> routes;
    private final Map<String, Route> byName;
    private final Map<String, PathNode> hosts;
    private final HostNode others;
    private final int steps;

    private RouteTable(List<Route> routes, Map<String, PathNode> hosts, HostNode others) {
        this.routes = List.copyOf(routes);
        this.byName = HashMap.newHashMap(routes.size());
        this.routes.forEach(route -> byName.putIfAbsent(route.name(), route));
        this.hosts = hosts;
        this.others = others;
        long longest = 0;
        for (PathNode node : hosts.values()) {
            longest = Math.max(longest, node.steps());
        }
        steps = (int) Math.min(longest + others.steps(), Integer.MAX_VALUE);
    }

    /// The table of `routes`, which may be empty.
    public static RouteTable of(List<Route> routes) {
        Map<String, PathNode.Builder> exact = new HashMap<>();
        HostNode.Builder others = new HostNode.Builder();
        for (Route route : routes) {
            RouteMatch match = route.match();
            RouteChoice choice = new RouteChoice(route);
            if (match.hosts().isEmpty()) {
                others.below("").add(match.path(), choice);
            }
            for (String host : match.hosts()) {
                PathNode.Builder node = host.startsWith(RouteMatch.WILDCARD)
                        ? others.below(host.substring(RouteMatch.WILDCARD.length()))
                        : exact.computeIfAbsent(host, key -> new PathNode.Builder());
                node.add(match.path(), choice);
            }
        }
        Map<String, PathNode> hosts = HashMap.newHashMap(exact.size());
        exact.forEach((host, builder) -> hosts.put(host, builder.build()));
        return new RouteTable(routes, hosts, others.build());
    }

    public List<Route> routes() {
        return routes;
    }

    /// The route called `name`, its first where it has several paths; or null.
    public @Nullable Route named(String name) {
        return byName.get(name);
    }

    /// How many nodes of the tree a look-up visits at most, whatever the request: the measure of its cost.
    public int steps() {
        return steps;
    }

    /// Every route whose host and path fit `request`, in the order in which they are tried: the first that
    /// [fits][RouteCandidate#fits] takes it. Not for the hot path.
    public List<RouteCandidate> candidates(CanonicalRequest request) {
        List<RouteChoice> choices = new ArrayList<>();
        find(request, new RouteSearch(choices));
        Map<Route, RouteCandidate> candidates = new LinkedHashMap<>();
        choices.forEach(choice -> candidates.putIfAbsent(choice.route(), choice.judged(request)));
        return List.copyOf(candidates.values());
    }

    /// Every route for requests of the path of `request` to other hosts than its own, in the order they are configured.
    /// Takes
    /// time in proportion to their number.
    public List<Route> atOtherHosts(CanonicalRequest request) {
        List<Route> others = new ArrayList<>();
        for (Route route : routes) {
            RouteMatch match = route.match();
            if (!match.hosts().isEmpty()) {
                RouteMatch anywhere =
                        new RouteMatch(List.of(), match.methods(), match.path(), match.headers(), match.query());
                Route same = new Route(
                        route.name(),
                        anywhere,
                        route.allowedAmbiguity(),
                        route.access(),
                        route.policies(),
                        route.responsePolicies(),
                        route.forwarder());
                boolean fits = of(List.of(same)).candidates(request).stream().anyMatch(RouteCandidate::fits);
                if (fits && of(List.of(route)).candidates(request).isEmpty()) {
                    others.add(route);
                }
            }
        }
        return others;
    }

    /// Finds the route for `request`; says in `search` which, or why there is none.
    public void find(CanonicalRequest request, RouteSearch search) {
        find(request, request.method(), search);
    }

    /// Finds the route that `request` would have if its method were `method`.
    public void find(CanonicalRequest request, Method method, RouteSearch search) {
        search.begin(method);
        String host = request.authority().host();
        PathNode exact = hosts.get(host);
        if (exact != null && search.within(exact, request)) {
            return;
        }
        others.find(request, host.length(), search);
    }
}
