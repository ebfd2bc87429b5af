package dev.sallyport.controlplane.compile;

import dev.sallyport.api.expression.Condition;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A rule of the access log's sampling.
///
/// @param routes names of routes it is for, empty for all
/// @param when   what has to hold, null for nothing
/// @param part   0 to 1
public record LogRule(Set<String> routes, @Nullable Condition when, double part) {
    public LogRule {
        routes = Set.copyOf(routes);
    }
}
