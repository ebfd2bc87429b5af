package dev.sallyport.controlplane.compile;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.LocalEndpoint;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.admit.ResourceMetadata;
import dev.sallyport.dataplane.snapshot.PathTemplate;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteMatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Routes that nobody configured: what authenticators serve themselves, and the metadata of protected resources
/// (RFC 9728), on the hosts of the routes that need them. A configured route for the same path comes first.
final class LocalRoutes {
    private final List<Route> configured;
    private final List<Route> added = new ArrayList<>();

    private LocalRoutes(List<Route> configured) {
        this.configured = configured;
    }

    /// `configured` and what is added to it.
    static List<Route> with(List<Route> configured, List<BuiltPlugin<Authenticator>> authenticators) {
        LocalRoutes local = new LocalRoutes(configured);
        for (BuiltPlugin<Authenticator> built : authenticators) {
            for (LocalEndpoint endpoint : built.plugin().endpoints()) {
                local.add(
                        built.name() + "." + endpoint.name(),
                        endpoint.methods(),
                        endpoint.path(),
                        List.of(built.plugin()),
                        endpoint.handler());
            }
        }
        List<Authenticator> tokens = new ArrayList<>();
        for (BuiltPlugin<Authenticator> built : authenticators) {
            if (!built.plugin().authorizationServers().isEmpty()) {
                tokens.add(built.plugin());
            }
        }
        ResourceMetadata metadata = new ResourceMetadata(protectedBy(configured));
        local.add("sallyport.resource-metadata", Set.of(Method.GET), ResourceMetadata.PATH, tokens, metadata);
        List<Route> all = new ArrayList<>(configured);
        all.addAll(local.added);
        return all;
    }

    private static List<ResourceMetadata.Protected> protectedBy(List<Route> routes) {
        List<ResourceMetadata.Protected> resources = new ArrayList<>();
        for (Route route : routes) {
            if (route.access() instanceof AccessRule.Guarded guarded) {
                List<String> servers = guarded.authenticators().stream()
                        .flatMap(one -> one.authorizationServers().stream())
                        .toList();
                resources.add(new ResourceMetadata.Protected(route.match().hosts(), servers));
            }
        }
        return resources;
    }

    private void add(String name, Set<Method> methods, String path, List<Authenticator> users, Policy handler) {
        Set<String> hosts = new LinkedHashSet<>();
        boolean anyHost = false;
        boolean used = false;
        for (Route route : configured) {
            if (route.access() instanceof AccessRule.Guarded guarded
                    && guarded.authenticators().stream().anyMatch(users::contains)) {
                used = true;
                anyHost |= route.match().hosts().isEmpty();
                hosts.addAll(route.match().hosts());
            }
        }
        if (anyHost) {
            hosts.clear();
        }
        for (Route route : configured) {
            if (route.match().path().text().equals(path)) {
                used &= !(anyHost && route.match().hosts().isEmpty());
                hosts.removeAll(route.match().hosts());
            }
        }
        if (used && (anyHost || !hosts.isEmpty())) {
            RouteMatch match =
                    new RouteMatch(List.copyOf(hosts), methods, PathTemplate.parse(path), List.of(), List.of());
            added.add(new Route(name, match, 0, new AccessRule.Public(), List.of(handler), List.of(), null));
        }
    }
}
