package dev.sallyport.api.access;

import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.http.Method;
import java.util.Set;

/// A path that the gateway serves itself, without a configured route and without a credential.
///
/// @param name    unique within its owner, for logs and metrics
/// @param path    a path template as in routes
/// @param handler answers every request, in phase `ANSWER`
public record LocalEndpoint(String name, Set<Method> methods, String path, Policy handler) {
    public LocalEndpoint {
        methods = Set.copyOf(methods);
    }
}
