package dev.sallyport.dataplane.snapshot;

/// A whole compiled configuration as the data plane uses it. Immutable; an exchange keeps the one it began with.
///
/// @param version    what `sallyport status` and logs call this configuration
/// @param routes     every route
/// @param serverName the pseudonym in `Via`, by which loops are detected (RFC 9110 §7.6.3)
public record GatewaySnapshot(String version, RouteTable routes, String serverName) {}
