package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.ResponsePolicy;
import dev.sallyport.api.traffic.Priority;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.forward.Forwarder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A compiled route.
///
/// @param name             as configured
/// @param allowedAmbiguity bits of [dev.sallyport.api.http.PathAmbiguity] this route takes
/// @param access           who may use it
/// @param policies         in phase order
/// @param responsePolicies in the order they apply
/// @param forwarder        null when a policy always answers
/// @param preflights       whether CORS preflights that ask about its methods are for it
/// @param priority         how much its requests matter when not all can be served
public record Route(
        String name,
        RouteMatch match,
        int allowedAmbiguity,
        AccessRule access,
        List<Policy> policies,
        List<ResponsePolicy> responsePolicies,
        @Nullable Forwarder forwarder,
        boolean preflights,
        Priority priority) {
    /// A route of normal priority that preflights are no different from other requests for.
    public Route(
            String name,
            RouteMatch match,
            int allowedAmbiguity,
            AccessRule access,
            List<Policy> policies,
            List<ResponsePolicy> responsePolicies,
            @Nullable Forwarder forwarder) {
        this(name, match, allowedAmbiguity, access, policies, responsePolicies, forwarder, false, Priority.NORMAL);
    }
}
