package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Method;
import java.util.Comparator;
import java.util.List;

/// The routes at one place of the tree, in the order in which they are tried.
final class RouteChoices {
    private final RouteChoice[] choices;
    private final boolean namesHead;

    RouteChoices(List<RouteChoice> routes) {
        choices = routes.stream()
                .sorted(Comparator.comparing(RouteChoice::rank, RouteRank.ORDER))
                .toArray(RouteChoice[]::new);
        boolean head = false;
        for (RouteChoice choice : choices) {
            head |= choice.namesHead();
        }
        namesHead = head;
    }

    /// Whether a route here takes the request; `search` has it then. Otherwise `search` notes the methods that
    /// would do. A search that collects every candidate finds none.
    boolean find(CanonicalRequest request, int parameters, RouteSearch search) {
        if (search.collects()) {
            search.collect(choices, namesHead && search.method() == Method.HEAD);
            return false;
        }
        int method = RouteRank.bit(search.method());
        // A route that names HEAD comes before those that serve it because they have GET.
        if (namesHead && search.method() == Method.HEAD) {
            for (RouteChoice choice : choices) {
                if (choice.namesHead() && choice.holds(request)) {
                    search.found(choice, request.path(), parameters);
                    return true;
                }
            }
        }
        for (RouteChoice choice : choices) {
            if (choice.holds(request)) {
                if ((choice.served() & method) != 0) {
                    search.found(choice, request.path(), parameters);
                    return true;
                }
                search.allow(choice.served());
            }
        }
        return false;
    }
}
