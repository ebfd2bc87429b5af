package dev.sallyport.controlplane.config;

/// A plugin that is used somewhere, with its configuration.
///
/// @param config of the type its factory names
public record PluginUse(String kind, Record config) {}
