package dev.sallyport.api.plugin;

/// What an extension may know of where it is used.
///
/// @param name  the configured name of the route, upstream or other owner
/// @param loops how many event loops there are, for state that is kept per loop
public record PluginContext(String name, int loops) {}
