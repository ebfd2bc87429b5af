package dev.sallyport.dataplane.snapshot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Finds routes that get in each other's way, for whoever compiles a configuration. Takes time in proportion to the
/// number of routes.
public final class RouteConflicts {
    /// How many nodes of the route tree a single look-up may visit at most.
    private static final int MOST_STEPS = 1_000;
    /// Routes for the same hosts and template are compared with each other up to this many.
    private static final int MOST_COMPARED = 200;

    private final Map<Place, List<RouteRank>> places = new LinkedHashMap<>();
    private final List<RouteConflict> conflicts = new ArrayList<>();
    private final Set<String> blamed = new HashSet<>();

    /// Where routes compete: the host pattern (empty for every host) and the template without its names.
    private record Place(String host, String shape) {}

    private record Requests(Place place, int methods, Set<FieldMatch> headers, Set<FieldMatch> query) {}

    private RouteConflicts() {}

    /// All conflicts between the routes of `table`; the same whatever their order.
    public static List<RouteConflict> find(RouteTable table) {
        return new RouteConflicts().findIn(table);
    }

    private List<RouteConflict> findIn(RouteTable table) {
        if (table.steps() > MOST_STEPS) {
            conflicts.add(new RouteConflict(
                    RouteConflict.Kind.TOO_MANY_OVERLAPS,
                    List.of(),
                    "{parameters} and literals overlap in " + table.steps() + " ways (expected: at most " + MOST_STEPS
                            + "; use fewer templates that differ only in which segments are parameters)"));
        }
        List<RouteRank> ranks = new ArrayList<>();
        for (Route route : table.routes()) {
            ranks.add(new RouteRank(route.name(), route.match()));
        }
        ranks.sort(RouteRank.ORDER);
        for (RouteRank rank : ranks) {
            for (Place place : places(rank)) {
                places.computeIfAbsent(place, key -> new ArrayList<>(1)).add(rank);
            }
        }
        findSame(ranks);
        findUnreachable(ranks);
        return conflicts;
    }

    private static List<Place> places(RouteRank rank) {
        String shape = rank.match().path().shape();
        List<String> hosts = rank.match().hosts();
        if (hosts.isEmpty()) {
            return List.of(new Place("", shape));
        }
        return hosts.stream().map(host -> new Place(host, shape)).toList();
    }

    private void findSame(List<RouteRank> ranks) {
        Map<Requests, String> first = new HashMap<>();
        for (RouteRank rank : ranks) {
            for (Place place : places(rank)) {
                Requests requests = new Requests(place, rank.served(), headers(rank), query(rank));
                String other = first.putIfAbsent(requests, rank.name());
                if (other != null && blamed.add(rank.name())) {
                    conflicts.add(new RouteConflict(
                            RouteConflict.Kind.SAME_REQUESTS,
                            List.of(rank.name(), other),
                            "matches exactly the same requests as route '" + other + "'" + host(place)
                                    + " (expected: another host, path, method, header or query condition)"));
                }
            }
        }
    }

    private void findUnreachable(List<RouteRank> ranks) {
        for (RouteRank rank : ranks) {
            if (blamed.contains(rank.name())) {
                continue;
            }
            Set<String> takers = new LinkedHashSet<>();
            boolean covered = true;
            for (Place place : places(rank)) {
                covered &= covered(rank, places.getOrDefault(place, List.of()), takers);
            }
            if (covered) {
                List<String> names = new ArrayList<>(List.of(rank.name()));
                names.addAll(takers);
                conflicts.add(new RouteConflict(
                        RouteConflict.Kind.NEVER_MATCHES,
                        names,
                        "can never match: more specific routes take all its requests ('" + String.join("', '", takers)
                                + "')"));
            }
        }
    }

    /// Whether routes tried before `rank` take every request it is for, whatever its conditions; notes them in
    /// `takers`.
    private static boolean covered(RouteRank rank, List<RouteRank> rivals, Set<String> takers) {
        if (rivals.size() > MOST_COMPARED) {
            return false;
        }
        int left = rank.served();
        for (RouteRank rival : rivals) {
            if (rival.name().equals(rank.name())) {
                break;
            }
            int taken = left & rival.takes(rank);
            if (taken != 0
                    && headers(rank).containsAll(headers(rival))
                    && query(rank).containsAll(query(rival))) {
                left &= ~taken;
                takers.add(rival.name());
            }
        }
        return left == 0;
    }

    private static Set<FieldMatch> headers(RouteRank rank) {
        Set<FieldMatch> headers = new HashSet<>();
        for (FieldMatch match : rank.match().headers()) {
            headers.add(new FieldMatch(match.name().toLowerCase(Locale.ROOT), match.value()));
        }
        return headers;
    }

    private static Set<FieldMatch> query(RouteRank rank) {
        return Set.copyOf(rank.match().query());
    }

    private static String host(Place place) {
        return place.host().isEmpty() ? "" : " for host " + place.host();
    }
}
