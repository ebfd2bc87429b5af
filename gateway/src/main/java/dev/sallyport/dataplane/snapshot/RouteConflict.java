package dev.sallyport.dataplane.snapshot;

import java.util.List;

/// Something between routes that their author did not mean.
public sealed interface RouteConflict {
    /// An error: `route` matches exactly the requests that `other` matches.
    ///
    /// @param host the pattern for which they do, empty for routes of every host
    record SameRequests(String route, String other, String host) implements RouteConflict {}

    /// Worth a warning: routes for the same hosts and template that are tried before `route` take all its
    /// requests.
    record NeverMatches(String route) implements RouteConflict {}

    /// An error: parameters and literals stand side by side so often that a look-up could take long.
    ///
    /// @param steps how many places of the route tree a look-up may visit
    /// @param most  how many it should visit at most
    record TooManyOverlaps(int steps, int most) implements RouteConflict {}

    /// All conflicts between the routes of `table`, the same whatever their order. Takes time in proportion to
    /// their number.
    static List<RouteConflict> find(RouteTable table) {
        return new ConflictSearch().find(table);
    }
}
