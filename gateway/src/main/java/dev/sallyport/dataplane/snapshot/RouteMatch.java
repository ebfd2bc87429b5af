package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.Method;
import java.util.List;
import java.util.Set;

/// Which requests a route is for.
///
/// @param hosts   canonical hosts without port, `*.example.com` for any host below it; empty for every host
/// @param methods empty for every method but TRACE and CONNECT; GET includes HEAD
/// @param headers all must hold
/// @param query   all must hold
public record RouteMatch(
        List<String> hosts, Set<Method> methods, PathTemplate path, List<FieldMatch> headers, List<FieldMatch> query) {
    static final String WILDCARD = "*.";

    public RouteMatch {
        hosts = hosts.stream().distinct().toList();
        methods = Set.copyOf(methods);
        headers = List.copyOf(headers);
        query = List.copyOf(query);
        for (String host : hosts) {
            checkHost(host);
        }
    }

    private static void checkHost(String host) {
        boolean wildcard = host.startsWith(WILDCARD);
        String name = wildcard ? host.substring(WILDCARD.length()) : host;
        Authority parsed = Authority.parse(name);
        if (parsed == null || (wildcard && name.startsWith("["))) {
            throw new IllegalArgumentException(host + ": no host (expected: api.example.com or *.example.com)");
        }
        if (!parsed.host().equals(name) || parsed.port() >= 0) {
            throw new IllegalArgumentException(
                    host + ": not canonical (expected: " + (wildcard ? WILDCARD + parsed.host() : parsed.host()) + ")");
        }
    }
}
