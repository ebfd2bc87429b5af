package dev.sallyport.controlplane.compile;

import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteConflict;
import dev.sallyport.dataplane.snapshot.RouteTable;
import java.util.List;

/// Reports routes that match exactly what another matches, routes that others leave nothing to, and tables in
/// which a look-up could take long.
final class RouteConflicts {
    private final Findings findings;

    RouteConflicts(Findings findings) {
        this.findings = findings;
    }

    void check(List<Route> routes) {
        for (RouteConflict conflict : RouteConflict.find(RouteTable.of(routes))) {
            switch (conflict) {
                case RouteConflict.SameRequests(String route, String other, String host) ->
                    findings.error(
                            "routes." + route + ".match",
                            "matches exactly what " + other + " matches ("
                                    + findings.at("routes." + other + ".match") + ")"
                                    + (host.isEmpty() ? "" : " on host " + host),
                            "expected: different hosts, methods, path, headers or query");
                case RouteConflict.NeverMatches(String route) ->
                    findings.warning(
                            "routes." + route,
                            "never matches: every method is taken by routes for the same host and path",
                            "expected: a match of its own, or no such route");
                case RouteConflict.TooManyOverlaps(int steps, int most) ->
                    findings.error(
                            "routes",
                            "literals and {parameters} stand side by side so often that one look-up may try " + steps
                                    + " branches",
                            "expected: at most " + most + "; use fewer paths that differ only in which segments are"
                                    + " parameters");
            }
        }
    }
}
