package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.exchange.Policy;
import org.jspecify.annotations.Nullable;

/// A whole compiled configuration as the data plane uses it. Immutable; an exchange keeps the one it began with.
///
/// @param version    what `sallyport status` and logs call this configuration
/// @param routes     every route
/// @param serverName the pseudonym in `Via`, by which loops are detected (RFC 9110 §7.6.3)
/// @param screen     asked about every request before its route is looked for; null for nothing
/// @param sampling   which traces are told
public record GatewaySnapshot(
        String version,
        RouteTable routes,
        String serverName,
        @Nullable Policy screen,
        Sampling sampling) {
    /// One that asks nothing before routes and tells no traces.
    public GatewaySnapshot(String version, RouteTable routes, String serverName) {
        this(version, routes, serverName, null, Sampling.NONE);
    }
}
