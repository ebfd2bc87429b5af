package dev.sallyport.controlplane.compile.limit;

import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.controlplane.config.limit.LimitConfig;
import dev.sallyport.dataplane.limit.Limit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A limit with what it was made of.
public record BuiltLimit(LimitConfig config, Limit limit) {
    /// The one of `all` that is called `name`, or null.
    static @Nullable BuiltLimit find(List<BuiltLimit> all, String name) {
        for (BuiltLimit one : all) {
            if (one.limit.name().equals(name)) {
                return one;
            }
        }
        return null;
    }

    /// Whether it counts by the same key as one made of `other` does.
    boolean countsBy(LimitConfig other) {
        return config.key().equals(other.key()) && Objects.equals(config.prefix(), other.prefix());
    }

    /// Its layer of the sort of `measure`, or null.
    @Nullable
    Layer layer(Measure measure) {
        for (Layer layer : limit.layers()) {
            if (layer.measure().getClass() == measure.getClass()) {
                return layer;
            }
        }
        return null;
    }
}
