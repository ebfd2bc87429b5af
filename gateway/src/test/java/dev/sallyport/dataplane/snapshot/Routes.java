package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.admit.AccessRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Short spellings of routes and requests for tests.
final class Routes {
    private Routes() {}

    /// A route of a text like `GET,POST *.example.com,b.example /a/{x} h:X-Env=test q:debug`; `*` for all methods
    /// and hosts.
    static Route route(String name, String text) {
        return new Route(name, match(text), 0, new AccessRule.Public(), List.of(), List.of(), null);
    }

    static RouteMatch match(String text) {
        String[] parts = text.split(" ", -1);
        Set<Method> methods = new HashSet<>();
        if (!parts[0].equals("*")) {
            for (String method : parts[0].split(",", -1)) {
                methods.add(Method.valueOf(method));
            }
        }
        List<String> hosts = parts[1].equals("*") ? List.of() : List.of(parts[1].split(",", -1));
        List<FieldMatch> headers = new ArrayList<>();
        List<FieldMatch> query = new ArrayList<>();
        for (int i = 3; i < parts.length; i++) {
            String[] condition = parts[i].substring(2).split("=", 2);
            FieldMatch match = new FieldMatch(condition[0], condition.length == 2 ? condition[1] : null);
            (parts[i].startsWith("h:") ? headers : query).add(match);
        }
        return new RouteMatch(hosts, methods, PathTemplate.parse(parts[2]), headers, query);
    }

    static CanonicalRequest request(
            Method method, String host, String path, @Nullable String query, String... headers) {
        return new CanonicalRequest(
                method, "http", new Authority(host, -1), path, 0, query, Headers.of(headers), HttpVersion.HTTP_1_1);
    }

    static CanonicalRequest get(String host, String path) {
        return request(Method.GET, host, path, null);
    }
}
