package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What [RouteTable#find] found; reusable, confined to one thread.
public final class RouteSearch {
    private static final String[] NONE = {};

    private final @Nullable List<RouteChoice> candidates;
    private Outcome outcome = Outcome.UNKNOWN_HOST;
    private @Nullable Route route;
    private Method method = Method.GET;
    private String[] parameters = NONE;
    private int allowed;
    /// Start and end in the path of each parameter on the way to the present node.
    private int[] bounds = new int[16];

    public RouteSearch() {
        this(null);
    }

    /// @param candidates where to put every route that is looked at; null to find the first that takes the request
    RouteSearch(@Nullable List<RouteChoice> candidates) {
        this.candidates = candidates;
    }

    boolean collects() {
        return candidates != null;
    }

    /// Notes the routes at one place of the tree, in the order in which they are tried.
    void collect(RouteChoice[] choices, boolean headFirst) {
        List<RouteChoice> all = candidates;
        if (all != null) {
            for (RouteChoice choice : choices) {
                if (headFirst && choice.namesHead()) {
                    all.add(choice);
                }
            }
            for (RouteChoice choice : choices) {
                if (!headFirst || !choice.namesHead()) {
                    all.add(choice);
                }
            }
        }
    }

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

    /// The route; only when [Outcome#FOUND].
    public Route matched() {
        Route found = route;
        if (found == null) {
            throw new IllegalStateException("no route was found");
        }
        return found;
    }

    /// Names and values in turn of the template's parameters, escaped as in the path; not shared, may be kept.
    public String[] parameters() {
        return parameters;
    }

    /// The methods that the path has routes for, when [Outcome#METHOD_NOT_ALLOWED].
    public Set<Method> allowed() {
        Set<Method> methods = EnumSet.noneOf(Method.class);
        if (outcome == Outcome.METHOD_NOT_ALLOWED) {
            for (Method method : Method.values()) {
                if ((allowed & RouteRank.bit(method)) != 0) {
                    methods.add(method);
                }
            }
        }
        return methods;
    }

    /// The method that a route is looked for.
    Method method() {
        return method;
    }

    void begin(Method wanted) {
        method = wanted;
        outcome = Outcome.UNKNOWN_HOST;
        route = null;
        parameters = NONE;
        allowed = 0;
    }

    /// Looks for a route in the tree of a host that the request is for.
    boolean within(PathNode root, CanonicalRequest request) {
        if (outcome == Outcome.UNKNOWN_HOST) {
            outcome = Outcome.UNKNOWN_PATH;
        }
        // The path of `OPTIONS *` is not one.
        return request.path().startsWith("/") && root.find(request, 0, 0, this);
    }

    void parameter(int index, int start, int end) {
        int at = index * 2;
        if (at == bounds.length) {
            bounds = Arrays.copyOf(bounds, at * 2);
        }
        bounds[at] = start;
        bounds[at + 1] = end;
    }

    void allow(int methods) {
        allowed |= methods;
        outcome = Outcome.METHOD_NOT_ALLOWED;
    }

    void found(RouteChoice choice, String path, int count) {
        outcome = Outcome.FOUND;
        route = choice.route();
        if (count > 0) {
            String[] names = choice.names();
            String[] values = new String[count * 2];
            for (int i = 0; i < count; i++) {
                values[i * 2] = names[i];
                values[i * 2 + 1] = path.substring(bounds[i * 2], bounds[i * 2 + 1]);
            }
            parameters = values;
        }
    }
}
