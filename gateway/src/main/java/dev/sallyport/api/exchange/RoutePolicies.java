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
/// @param preflights       whether these answer CORS preflights, so that those that ask about the route's methods
///     are for it
public record RoutePolicies(
        List<Policy> policies,
        List<ResponsePolicy> responsePolicies,
        Set<String> pathParameters,
        boolean answers,
        Set<String> furtherPaths,
        boolean preflights) {
    public RoutePolicies {
        furtherPaths = Set.copyOf(furtherPaths);
        policies = List.copyOf(policies);
        responsePolicies = List.copyOf(responsePolicies);
        pathParameters = Set.copyOf(pathParameters);
    }

    /// Policies that answer no preflights.
    public RoutePolicies(
            List<Policy> policies,
            List<ResponsePolicy> responsePolicies,
            Set<String> pathParameters,
            boolean answers,
            Set<String> furtherPaths) {
        this(policies, responsePolicies, pathParameters, answers, furtherPaths, false);
    }

    /// Policies of a route that serves no further paths.
    public RoutePolicies(
            List<Policy> policies, List<ResponsePolicy> responsePolicies, Set<String> pathParameters, boolean answers) {
        this(policies, responsePolicies, pathParameters, answers, Set.of(), false);
    }

    /// Policies that only look, ask nothing of the path and answer no request by themselves.
    public static RoutePolicies looking(List<Policy> policies, List<ResponsePolicy> responsePolicies) {
        return new RoutePolicies(policies, responsePolicies, Set.of(), false);
    }

    /// One policy that answers every request itself.
    public static RoutePolicies answering(Policy policy) {
        return new RoutePolicies(List.of(policy), List.of(), Set.of(), true);
    }
}
