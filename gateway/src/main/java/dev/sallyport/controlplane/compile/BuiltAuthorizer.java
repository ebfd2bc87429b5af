package dev.sallyport.controlplane.compile;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.controlplane.config.PluginUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A policy server with what it was made of.
///
/// @param name as configured
/// @param seen a digest of the files its configuration refers to
public record BuiltAuthorizer(String name, Authorizer authorizer, PluginUse config, String seen) {
    /// All of them by name.
    static Map<String, Authorizer> byName(List<BuiltAuthorizer> all) {
        Map<String, Authorizer> byName = new LinkedHashMap<>();
        all.forEach(one -> byName.put(one.name(), one.authorizer()));
        return byName;
    }
}
