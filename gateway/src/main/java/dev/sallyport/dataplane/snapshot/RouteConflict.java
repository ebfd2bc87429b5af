package dev.sallyport.dataplane.snapshot;

import java.util.List;

/// Something between routes that their author did not mean.
///
/// @param routes  the names of the routes it is about, the one to blame first
/// @param message what is wrong, and what would be right
public record RouteConflict(Kind kind, List<String> routes, String message) {
    /// What is wrong.
    public enum Kind {
        /// Several routes match exactly the same requests: an error.
        SAME_REQUESTS(true),
        /// Parameters and literals overlap so often that a look-up could take long: an error.
        TOO_MANY_OVERLAPS(true),
        /// More specific routes take every request of a route: a warning.
        NEVER_MATCHES(false);

        private final boolean error;

        Kind(boolean error) {
            this.error = error;
        }

        /// Whether a configuration with it must not load.
        public boolean error() {
            return error;
        }
    }

    public RouteConflict {
        routes = List.copyOf(routes);
    }
}
