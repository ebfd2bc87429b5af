package dev.sallyport.controlplane.compile;

import dev.sallyport.controlplane.config.PluginUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A plugin with a name of its own, such as an authenticator, with what it was made of.
///
/// @param <T>  what it is
/// @param name as configured
/// @param seen a digest of the files its configuration refers to
public record BuiltPlugin<T>(String name, T plugin, PluginUse config, String seen) {
    /// The plugins of `all` by their names, in the same order.
    static <T> Map<String, T> byName(List<BuiltPlugin<T>> all) {
        Map<String, T> byName = new LinkedHashMap<>();
        all.forEach(one -> byName.put(one.name, one.plugin));
        return byName;
    }

    /// The one of `all` that is called `name`, or null.
    static <T> @Nullable BuiltPlugin<T> find(List<BuiltPlugin<T>> all, String name) {
        for (BuiltPlugin<T> one : all) {
            if (one.name.equals(name)) {
                return one;
            }
        }
        return null;
    }
}
