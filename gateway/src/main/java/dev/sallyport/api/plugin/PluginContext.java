package dev.sallyport.api.plugin;

/// What an extension may know of where it is used.
///
/// @param name     the configured name of the route, upstream, authenticator or other owner
/// @param loops    how many event loops there are, for state that is kept per loop
/// @param services what the process lends
public record PluginContext(String name, int loops, Services services) {}
