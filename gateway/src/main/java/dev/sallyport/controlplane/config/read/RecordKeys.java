package dev.sallyport.controlplane.config.read;

import dev.sallyport.api.plugin.Shorthand;
import dev.sallyport.controlplane.config.NotYet;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys of a configuration record and how it is made.
public final class RecordKeys {
    private static final ClassValue<RecordKeys> KNOWN = new ClassValue<>() {
        @Override
        protected RecordKeys computeValue(Class<?> type) {
            return new RecordKeys(type);
        }
    };

    private final Class<?> type;
    private final List<Key> keys;
    private final Constructor<?> constructor;

    private RecordKeys(Class<?> type) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        this.keys = Arrays.stream(components).map(Key::new).toList();
        try {
            this.constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has its canonical constructor", e);
        }
    }

    /// The keys of a record class.
    public static RecordKeys of(Class<?> type) {
        return KNOWN.get(type);
    }

    /// In the order of the record's components.
    public List<Key> keys() {
        return keys;
    }

    Constructor<?> constructor() {
        return constructor;
    }

    /// The key that a plain value stands for, or null.
    public @Nullable Key shorthand() {
        Shorthand annotation = type.getAnnotation(Shorthand.class);
        return annotation == null ? null : find(annotation.value());
    }

    /// The one key whose map is written in the place of the record's own, or null.
    public @Nullable Key mapItself() {
        Key key = shorthand();
        return key != null && keys.size() == 1 && Key.raw(key.type()) == Map.class ? key : null;
    }

    @Nullable
    Key find(String name) {
        for (Key key : keys) {
            if (key.name().equals(name) && !key.openEnded()) {
                return key;
            }
        }
        return null;
    }

    /// The component that holds the keys that are kinds of plugins, or null.
    public @Nullable Key openEnded() {
        for (Key key : keys) {
            if (key.openEnded()) {
                return key;
            }
        }
        return null;
    }

    /// Keys of the language that this version does not do.
    public List<String> notYet() {
        NotYet annotation = type.getAnnotation(NotYet.class);
        return annotation == null ? List.of() : List.of(annotation.value());
    }
}
