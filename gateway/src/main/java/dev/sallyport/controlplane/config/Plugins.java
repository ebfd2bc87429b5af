package dev.sallyport.controlplane.config;

import dev.sallyport.api.plugin.PluginFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The plugins a configuration may use.
public final class Plugins {
    private final List<PluginFactory<?, ?>> factories;

    /// @throws IllegalArgumentException when two factories make the same kind of the same thing
    public Plugins(List<PluginFactory<?, ?>> factories) {
        this.factories = List.copyOf(factories);
        for (int i = 0; i < factories.size(); i++) {
            for (int j = 0; j < i; j++) {
                PluginFactory<?, ?> one = factories.get(i);
                PluginFactory<?, ?> other = factories.get(j);
                if (one.pluginType() == other.pluginType() && one.kind().equals(other.kind())) {
                    throw new IllegalArgumentException("kind: " + one.kind() + " (expected: one of " + one.getClass()
                            + ", " + other.getClass() + ")");
                }
            }
        }
    }

    /// These and `more`.
    public Plugins and(List<PluginFactory<?, ?>> more) {
        List<PluginFactory<?, ?>> all = new ArrayList<>(factories);
        all.addAll(more);
        return new Plugins(all);
    }

    /// The factory that makes `type` of `kind`, or null.
    public @Nullable PluginFactory<?, ?> find(Class<?> type, String kind) {
        for (PluginFactory<?, ?> factory : factories) {
            if (factory.pluginType() == type && factory.kind().equals(kind)) {
                return factory;
            }
        }
        return null;
    }

    /// Every factory that makes `type`, in the catalogue's order.
    public List<PluginFactory<?, ?>> making(Class<?> type) {
        return factories.stream()
                .filter(factory -> factory.pluginType() == type)
                .toList();
    }

    /// The kinds of `type` there are, in the catalogue's order.
    public List<String> kinds(Class<?> type) {
        return making(type).stream().map(PluginFactory::kind).toList();
    }
}
