package dev.sallyport.controlplane.compile;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.controlplane.config.PluginUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An authenticator with what it was made of.
///
/// @param name as configured
/// @param seen a digest of the files its configuration refers to
public record BuiltAuthenticator(String name, Authenticator authenticator, PluginUse config, String seen) {
    /// The authenticators of `all` by their names, in the same order.
    static Map<String, Authenticator> byName(List<BuiltAuthenticator> all) {
        Map<String, Authenticator> byName = new LinkedHashMap<>();
        all.forEach(one -> byName.put(one.name, one.authenticator));
        return byName;
    }
}
