package dev.sallyport.api.exchange;

import java.util.List;

/// What one entry of an upstream's configuration (`assert-identity`) adds to every route that goes there.
///
/// What these tell of the caller they also take away from what a client sent, whoever it is.
///
/// @param policies asked in their phases, after the route's own of the same phase
public record UpstreamPolicies(List<Policy> policies) {
    public UpstreamPolicies {
        policies = List.copyOf(policies);
    }
}
