package dev.sallyport.dataplane.snapshot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Finds the routes of a table that get in each other's way; used once.
final class ConflictSearch {
    /// Far more than tables made by people need, and a hundredth of a millisecond.
    private static final int MOST_STEPS = 1_000;
    /// Routes for the same hosts and template are compared with each other up to this many.
    private static final int MOST_COMPARED = 200;

    private final Map<Place, List<RouteRank>> places = new HashMap<>();
    private final List<RouteConflict> conflicts = new ArrayList<>();
    private final Set<String> blamed = new HashSet<>();

    /// Where routes compete: the host pattern (empty for every host) and the template without its names.
    private record Place(String host, String shape) {}

    private record Requests(Place place, int methods, Set<FieldMatch> headers, Set<FieldMatch> query) {}

    List<RouteConflict> find(RouteTable table) {
        if (table.steps() > MOST_STEPS) {
            conflicts.add(new RouteConflict.TooManyOverlaps(table.steps(), MOST_STEPS));
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
        return List.copyOf(conflicts);
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
                    conflicts.add(new RouteConflict.SameRequests(rank.name(), other, place.host()));
                }
            }
        }
    }

    private void findUnreachable(List<RouteRank> ranks) {
        for (RouteRank rank : ranks) {
            boolean covered = !blamed.contains(rank.name());
            for (Place place : places(rank)) {
                covered = covered && covered(rank, places.getOrDefault(place, List.of()));
            }
            if (covered) {
                conflicts.add(new RouteConflict.NeverMatches(rank.name()));
            }
        }
    }

    /// Whether routes tried before `rank` take every request it is for, whatever its conditions.
    private static boolean covered(RouteRank rank, List<RouteRank> rivals) {
        if (rivals.size() > MOST_COMPARED) {
            return false;
        }
        int left = rank.served();
        for (RouteRank rival : rivals) {
            if (left == 0 || rival.name().equals(rank.name())) {
                break;
            }
            if (headers(rank).containsAll(headers(rival)) && query(rank).containsAll(query(rival))) {
                left &= ~rival.takes(rank);
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
}
