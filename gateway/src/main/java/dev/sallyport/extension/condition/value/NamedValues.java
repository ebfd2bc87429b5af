package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.SelectableValue;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A map from names to values that is looked up, and walked through only by who asks for all of it. Unmodifiable;
/// lives as long as one evaluation.
@Immutable
@SuppressWarnings("Immutable") // views of an exchange, used and forgotten on its loop
abstract class NamedValues extends CelValue implements SelectableValue<Object>, Map<Object, Object> {
    private static final CelType TYPE = MapType.create(SimpleType.STRING, SimpleType.DYN);

    /// The value of `name`, or null for none.
    ///
    /// @throws NoValue when there is no one value
    abstract @Nullable Object named(String name);

    abstract Set<String> names();

    /// What the map is called in the language.
    abstract String title();

    private Map<Object, Object> all() {
        Map<Object, Object> all = new LinkedHashMap<>();
        for (String name : names()) {
            Object value = named(name);
            if (value != null) {
                all.put(name, value);
            }
        }
        return all;
    }

    @Override
    public Object select(Object key) {
        Object value = get(key);
        if (value == null) {
            throw new NoValue(title() + (key instanceof String name ? "." + name : "[…]") + " has no value");
        }
        return value;
    }

    @Override
    public Optional<?> find(Object key) {
        return Optional.ofNullable(get(key));
    }

    @Override
    public @Nullable Object get(Object key) {
        return key instanceof String name ? named(name) : null;
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return names().size();
    }

    @Override
    public boolean isEmpty() {
        return names().isEmpty();
    }

    @Override
    public Set<Object> keySet() {
        return Set.copyOf(names());
    }

    @Override
    public Set<Entry<Object, Object>> entrySet() {
        Set<String> names = names();
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<Object, Object>> iterator() {
                Iterator<String> each = names.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return each.hasNext();
                    }

                    @Override
                    public Entry<Object, Object> next() {
                        return new Named(NamedValues.this, each.next());
                    }
                };
            }

            @Override
            public int size() {
                return names.size();
            }
        };
    }

    /// An entry whose value is looked up when it is asked for: most who walk through ask for names.
    private record Named(NamedValues in, String name) implements Entry<Object, Object> {
        @Override
        public Object getKey() {
            return name;
        }

        @Override
        public Object getValue() {
            return in.select(name);
        }

        @Override
        public Object setValue(Object value) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public boolean containsValue(Object value) {
        return all().containsValue(value);
    }

    @Override
    public Collection<Object> values() {
        return all().values();
    }

    @Override
    public @Nullable Object put(Object key, Object value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Object remove(Object key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void putAll(Map<?, ?> entries) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Map<?, ?> map && all().equals(map);
    }

    @Override
    public int hashCode() {
        return all().hashCode();
    }

    /// The name only: values may be personal.
    @Override
    public String toString() {
        return title();
    }

    @Override
    public Object value() {
        return this;
    }

    @Override
    public boolean isZeroValue() {
        return isEmpty();
    }

    @Override
    public CelType celType() {
        return TYPE;
    }
}
