package dev.sallyport.api.exchange;

import java.util.List;
import java.util.Set;

/// What one entry of a route's configuration (`rewrite`, `redirect`, `respond`) adds to the route.
///
/// @param policies         asked in their phases
/// @param responsePolicies in the order they apply
/// @param pathParameters   parameters that the route's path template must have, [Exchange#REST] for a last `/**`
/// @param answers          whether every request is answered by these, so that the route needs no upstream
/// @param furtherPaths     path templates that the route serves too
public record RoutePolicies(
        List<Policy> policies,
        List<ResponsePolicy> responsePolicies,
        Set<String> pathParameters,
        boolean answers,
        Set<String> furtherPaths) {
    public RoutePolicies {
        furtherPaths = Set.copyOf(furtherPaths);
        policies = List.copyOf(policies);
        responsePolicies = List.copyOf(responsePolicies);
        pathParameters = Set.copyOf(pathParameters);
    }

    /// Policies of a route that serves no further paths.
    public RoutePolicies(
            List<Policy> policies, List<ResponsePolicy> responsePolicies, Set<String> pathParameters, boolean answers) {
        this(policies, responsePolicies, pathParameters, answers, Set.of());
    }

    /// One policy that answers every request itself.
    public static RoutePolicies answering(Policy policy) {
        return new RoutePolicies(List.of(policy), List.of(), Set.of(), true);
    }
}
