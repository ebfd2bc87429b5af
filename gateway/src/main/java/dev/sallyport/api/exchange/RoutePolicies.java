package dev.sallyport.api.exchange;

import java.util.List;
import java.util.Set;

/// What one entry of a route's configuration (`rewrite`, `redirect`, `respond`) adds to the route.
///
/// @param policies         asked in their phases
/// @param responsePolicies in the order they apply
/// @param pathParameters   parameters that the route's path template must have, [Exchange#REST] for a last `/**`
/// @param answers          whether every request is answered by these, so that the route needs no upstream
public record RoutePolicies(
        List<Policy> policies, List<ResponsePolicy> responsePolicies, Set<String> pathParameters, boolean answers) {
    public RoutePolicies {
        policies = List.copyOf(policies);
        responsePolicies = List.copyOf(responsePolicies);
        pathParameters = Set.copyOf(pathParameters);
    }

    /// One policy that answers every request itself.
    public static RoutePolicies answering(Policy policy) {
        return new RoutePolicies(List.of(policy), List.of(), Set.of(), true);
    }
}
