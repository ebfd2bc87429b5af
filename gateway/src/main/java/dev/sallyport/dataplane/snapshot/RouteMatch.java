package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.Method;
import java.util.List;
import java.util.Set;

/// Which requests a route is for.
///
/// @param hosts   canonical hosts without port, `*.example.com` for any host below it; empty for every host
/// @param methods empty for every method; GET includes HEAD
/// @param headers all must hold
/// @param query   all must hold
public record RouteMatch(
        List<String> hosts, Set<Method> methods, PathTemplate path, List<FieldMatch> headers, List<FieldMatch> query) {
    public RouteMatch {
        hosts = List.copyOf(hosts);
        methods = Set.copyOf(methods);
        headers = List.copyOf(headers);
        query = List.copyOf(query);
    }
}
