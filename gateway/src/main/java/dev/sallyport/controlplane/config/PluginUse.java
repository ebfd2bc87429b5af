package dev.sallyport.controlplane.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// A plugin that is used somewhere, with its configuration.
///
/// @param config  of the type its factory names
/// @param kindKey the key that holds the kind, see [Plugged#kindKey()]
public record PluginUse(String kind, Record config, String kindKey) {
    /// `members` of the configuration with the kind among them, where a key holds it.
    public Map<String, Object> withKind(Map<String, ?> members) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (!kindKey.isEmpty()) {
            all.put(kindKey, kind);
        }
        members.forEach((name, value) -> all.put(name, Objects.requireNonNull(value)));
        return all;
    }
}
