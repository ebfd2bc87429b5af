package dev.sallyport.controlplane.compile;

import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.snapshot.FieldMatch;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteMatch;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Finds routes that match exactly what another matches, and routes that others leave nothing to.
///
/// Only routes for the same host and the same shape of path can take each other's requests away: between different
/// ones, the more specific is never the more general's equal.
final class RouteConflicts {
    private static final Set<Method> SERVED_BY_DEFAULT = EnumSet.complementOf(EnumSet.of(Method.CONNECT, Method.TRACE));

    private final Findings findings;

    RouteConflicts(Findings findings) {
        this.findings = findings;
    }

    void check(List<Route> routes) {
        Map<Place, List<Route>> groups = new LinkedHashMap<>();
        for (Route route : routes) {
            for (String host : hosts(route.match())) {
                groups.computeIfAbsent(new Place(host, route.match().path().shape()), place -> new ArrayList<>())
                        .add(route);
            }
        }
        Map<Route, Integer> nothingLeft = new HashMap<>();
        Set<List<String>> reported = new HashSet<>();
        groups.forEach((place, group) -> {
            if (group.size() > 1) {
                duplicates(place, group, reported);
                group.stream()
                        .filter(route -> coveredBy(route, group) != null)
                        .forEach(route -> nothingLeft.merge(route, 1, Integer::sum));
            }
        });
        nothingLeft.forEach((route, places) -> {
            if (places == hosts(route.match()).size()) {
                findings.warning(
                        "routes." + route.name(),
                        "never matches: every method is taken by routes for the same host and path",
                        "expected: a match of its own, or no such route");
            }
        });
    }

    /// A host pattern with a shape of path.
    private record Place(String host, String shape) {}

    private static List<String> hosts(RouteMatch match) {
        return match.hosts().isEmpty() ? List.of("") : match.hosts();
    }

    private void duplicates(Place place, List<Route> group, Set<List<String>> reported) {
        Map<Object, Route> first = new HashMap<>();
        for (Route route : group) {
            Object same = List.of(
                    route.match().methods(),
                    conditions(route.match().headers(), true),
                    conditions(route.match().query(), false));
            Route earlier = first.putIfAbsent(same, route);
            if (earlier != null && reported.add(List.of(earlier.name(), route.name()))) {
                findings.error(
                        "routes." + route.name() + ".match",
                        "matches exactly what " + earlier.name() + " matches ("
                                + findings.at("routes." + earlier.name() + ".match") + ")"
                                + (place.host.isEmpty() ? "" : " on host " + place.host),
                        "expected: different hosts, methods, path, headers or query");
            }
        }
    }

    private static Set<FieldMatch> conditions(List<FieldMatch> fields, boolean foldNames) {
        Set<FieldMatch> conditions = new HashSet<>();
        for (FieldMatch field : fields) {
            conditions.add(foldNames ? new FieldMatch(field.name().toLowerCase(Locale.ROOT), field.value()) : field);
        }
        return conditions;
    }

    /// The routes that together take every request of `route` before it is asked, or null.
    private static @org.jspecify.annotations.Nullable Set<Route> coveredBy(Route route, List<Route> group) {
        // a route with methods goes before one without; among those without, one with conditions goes first
        if (!route.match().methods().isEmpty()) {
            return null;
        }
        Set<Method> left = EnumSet.copyOf(SERVED_BY_DEFAULT);
        Set<Route> takers = new HashSet<>();
        for (Route other : group) {
            RouteMatch match = other.match();
            boolean always = conditions(route.match().headers(), true).containsAll(conditions(match.headers(), true))
                    && conditions(route.match().query(), false).containsAll(conditions(match.query(), false));
            if (!match.methods().isEmpty() && always) {
                left.removeAll(match.methods());
                if (match.methods().contains(Method.GET)) {
                    left.remove(Method.HEAD);
                }
                takers.add(other);
            }
        }
        return left.isEmpty() ? takers : null;
    }
}
