package dev.sallyport.extension.shape;

import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.plugin.PluginException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Configured changes to one header section, checked when made and applied to each message.
final class HeaderRewrite {
    private final String[] removed;
    private final String[] namesAndValues;

    private HeaderRewrite(List<String> removed, List<String> namesAndValues) {
        this.removed = removed.toArray(String[]::new);
        this.namesAndValues = namesAndValues.toArray(String[]::new);
    }

    /// The changes of `changes`, or null for none.
    ///
    /// @param key where they are configured
    static @Nullable HeaderRewrite of(String key, Rewrite.@Nullable Changes changes) throws PluginException {
        if (changes == null) {
            return null;
        }
        List<String> removed = new ArrayList<>();
        List<String> added = new ArrayList<>();
        if (changes.remove() != null) {
            for (String name : changes.remove()) {
                FieldText.checkName(key + ".remove", name);
                removed.add(name.toLowerCase(Locale.ROOT));
            }
        }
        if (changes.set() != null) {
            for (Map.Entry<String, String> field : changes.set().entrySet()) {
                add(key + ".set", field, added);
                removed.add(field.getKey().toLowerCase(Locale.ROOT));
            }
        }
        if (changes.add() != null) {
            for (Map.Entry<String, String> field : changes.add().entrySet()) {
                add(key + ".add", field, added);
            }
        }
        return removed.isEmpty() && added.isEmpty() ? null : new HeaderRewrite(removed, added);
    }

    private static void add(String key, Map.Entry<String, String> field, List<String> added) throws PluginException {
        FieldText.checkName(key, field.getKey());
        FieldText.checkValue(key + "." + field.getKey(), field.getValue());
        added.add(field.getKey());
        added.add(field.getValue());
    }

    void applyTo(HeaderEdits edits) {
        for (String name : removed) {
            edits.remove(name);
        }
        for (int i = 0; i < namesAndValues.length; i += 2) {
            edits.add(namesAndValues[i], namesAndValues[i + 1]);
        }
    }
}
