package dev.sallyport.controlplane.compile;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.controlplane.config.PluginUse;

/// An authenticator with what it was made of.
///
/// @param name as configured
/// @param seen a digest of the files its configuration refers to
public record BuiltAuthenticator(String name, Authenticator authenticator, PluginUse config, String seen) {}
