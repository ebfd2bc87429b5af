package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.CanonicalRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A place in the tree of path segments of one host. Immutable.
final class PathNode {
    private final @Nullable SegmentTable<PathNode> literals;
    private final @Nullable PathNode parameter;
    private final @Nullable RouteChoices here;
    private final @Nullable RouteChoices below;
    private final long steps;

    private PathNode(Builder builder) {
        Map<String, PathNode> children = new HashMap<>();
        long longest = 0;
        for (Map.Entry<String, Builder> entry : builder.literals.entrySet()) {
            PathNode child = new PathNode(entry.getValue());
            children.put(entry.getKey(), child);
            longest = Math.max(longest, child.steps);
        }
        literals = children.isEmpty() ? null : new SegmentTable<>(children);
        parameter = builder.parameter == null ? null : new PathNode(builder.parameter);
        here = builder.here.isEmpty() ? null : new RouteChoices(builder.here);
        below = builder.below.isEmpty() ? null : new RouteChoices(builder.below);
        long other = parameter == null ? 0 : parameter.steps;
        steps = Math.min(1 + longest + other, Integer.MAX_VALUE);
    }

    /// How many nodes a search from here visits at most, whatever the path.
    int steps() {
        return (int) steps;
    }

    /// Looks for the best route for what of the path begins at `at`, a slash or the end.
    boolean find(CanonicalRequest request, int at, int parameters, RouteSearch search) {
        String path = request.path();
        int length = path.length();
        if (at == length) {
            if (here != null && here.find(request, parameters, search)) {
                return true;
            }
        } else if (literals != null || parameter != null) {
            int start = at + 1;
            int end = start;
            int hash = 0;
            char c;
            while (end < length && (c = path.charAt(end)) != '/') {
                hash = hash * 31 + c;
                end++;
            }
            PathNode child = literals == null ? null : literals.find(path, start, end, hash);
            if (child != null && child.find(request, end, parameters, search)) {
                return true;
            }
            if (parameter != null && end > start) {
                search.parameter(parameters, start, end);
                if (parameter.find(request, end, parameters + 1, search)) {
                    return true;
                }
            }
        }
        return below != null && below.find(request, parameters, search);
    }

    /// Collects the routes of a host.
    static final class Builder {
        private final Map<String, Builder> literals = new HashMap<>();
        private @Nullable Builder parameter;
        private final List<RouteChoice> here = new ArrayList<>(1);
        private final List<RouteChoice> below = new ArrayList<>(0);

        void add(PathTemplate template, RouteChoice choice) {
            Builder node = this;
            for (String segment : template.segments()) {
                node = PathTemplate.parameter(segment) ? node.parameter() : node.literal(segment);
            }
            (template.open() ? node.below : node.here).add(choice);
        }

        private Builder literal(String segment) {
            return literals.computeIfAbsent(segment, key -> new Builder());
        }

        private Builder parameter() {
            Builder child = parameter;
            if (child == null) {
                child = new Builder();
                parameter = child;
            }
            return child;
        }

        PathNode build() {
            return new PathNode(this);
        }
    }
}
