package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.CanonicalRequest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A place in the tree of host labels, read from the right: the routes for every host below it. Immutable.
final class HostNode {
    private final @Nullable SegmentTable<HostNode> labels;
    private final @Nullable PathNode routes;
    private final long steps;

    private HostNode(Builder builder) {
        Map<String, HostNode> children = new HashMap<>();
        long longest = 0;
        for (Map.Entry<String, Builder> entry : builder.labels.entrySet()) {
            HostNode child = new HostNode(entry.getValue());
            children.put(entry.getKey(), child);
            longest = Math.max(longest, child.steps);
        }
        labels = children.isEmpty() ? null : new SegmentTable<>(children);
        routes = builder.routes == null ? null : builder.routes.build();
        steps = Math.min(1 + longest + (routes == null ? 0 : routes.steps()), Integer.MAX_VALUE);
    }

    /// How many nodes a search from here visits at most.
    int steps() {
        return (int) steps;
    }

    /// Looks for the best route of this place and those below it, the longest suffix first; `host[end, …)` led
    /// here.
    boolean find(CanonicalRequest request, int end, RouteSearch search) {
        if (labels != null) {
            String host = request.authority().host();
            int dot = host.lastIndexOf('.', end - 1);
            // Without a label before the dot, the host is not below what led here but that itself.
            if (dot > 0) {
                HostNode child = labels.find(host, dot + 1, end, SegmentTable.hash(host, dot + 1, end));
                if (child != null && child.find(request, dot, search)) {
                    return true;
                }
            }
        }
        return routes != null && search.within(routes, request);
    }

    /// Collects host patterns and their routes.
    static final class Builder {
        private final Map<String, Builder> labels = new HashMap<>();
        private PathNode.@Nullable Builder routes;

        /// The routes of `*.` and `suffix`; of every host when it is empty.
        PathNode.Builder below(String suffix) {
            Builder node = this;
            int end = suffix.length();
            while (end > 0) {
                int dot = suffix.lastIndexOf('.', end - 1);
                node = node.labels.computeIfAbsent(suffix.substring(dot + 1, end), key -> new Builder());
                end = dot;
            }
            PathNode.Builder found = node.routes;
            if (found == null) {
                found = new PathNode.Builder();
                node.routes = found;
            }
            return found;
        }

        HostNode build() {
            return new HostNode(this);
        }
    }
}
