package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What [RouteTable#find] found; reusable, confined to one thread.
public final class RouteSearch {
    private static final String[] NONE = {};

    private Outcome outcome = Outcome.UNKNOWN_HOST;
    private @Nullable Route route;
    private String[] parameters = NONE;
    private Set<Method> allowed = Set.of();

    /// How a search ended.
    public enum Outcome {
        FOUND,
        /// No route is for this host.
        UNKNOWN_HOST,
        /// The host has routes, none for this path (or for these headers and query).
        UNKNOWN_PATH,
        /// The path has routes, none for this method; see [RouteSearch#allowed()].
        METHOD_NOT_ALLOWED
    }

    public Outcome outcome() {
        return outcome;
    }

    /// The route, when [Outcome#FOUND].
    public @Nullable Route route() {
        return route;
    }

    /// Names and values in turn of the template's parameters; not shared, may be kept.
    public String[] parameters() {
        return parameters;
    }

    /// The methods that the path has routes for, when [Outcome#METHOD_NOT_ALLOWED].
    public Set<Method> allowed() {
        return allowed;
    }

    void found(Route match, String[] values) {
        outcome = Outcome.FOUND;
        route = match;
        parameters = values;
    }

    void failed(Outcome why, Set<Method> methods) {
        outcome = why;
        route = null;
        parameters = NONE;
        allowed = methods;
    }
}
