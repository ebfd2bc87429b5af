package dev.sallyport.api.identity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is said of a caller: an immutable tree of `String`, `Long`, `Double`, `Boolean`, `List` and `Map`, as in
/// JSON. Looked up by a path of names with dots, or by one name that holds the dots itself.
public final class Claims {
    /// Nothing is said.
    public static final Claims NONE = new Claims(Map.of());

    private final Map<String, Object> all;

    private Claims(Map<String, Object> all) {
        this.all = all;
    }

    /// Claims with a copy of `values`; nulls are left out.
    ///
    /// @throws IllegalArgumentException when a value is of another type than those of JSON
    public static Claims of(Map<String, ? extends @Nullable Object> values) {
        return values.isEmpty() ? NONE : new Claims(copy(values));
    }

    private static Map<String, Object> copy(Map<?, ? extends @Nullable Object> values) {
        if (values.size() > Members.MOST) {
            Map<String, Object> copy = LinkedHashMap.newLinkedHashMap(values.size());
            values.forEach((name, value) -> {
                if (value != null) {
                    copy.put(String.valueOf(name), copy(value));
                }
            });
            return Collections.unmodifiableMap(copy);
        }
        Object[] copy = new Object[values.size() * 2];
        int used = 0;
        for (Map.Entry<?, ? extends @Nullable Object> entry : values.entrySet()) {
            Object value = entry.getValue();
            if (value != null) {
                copy[used++] = String.valueOf(entry.getKey());
                copy[used++] = copy(value);
            }
        }
        return new Members(used == copy.length ? copy : Arrays.copyOf(copy, used));
    }

    private static Object copy(Object value) {
        return switch (value) {
            case String _, Long _, Double _, Boolean _ -> value;
            case Integer number -> number.longValue();
            case Map<?, ?> map -> copy(map);
            case List<?> list -> {
                Object[] copy = new Object[list.size()];
                int used = 0;
                for (Object item : list) {
                    if (item != null) {
                        copy[used++] = copy(item);
                    }
                }
                yield List.of(used == copy.length ? copy : Arrays.copyOf(copy, used));
            }
            default -> throw new IllegalArgumentException(value.getClass() + " (expected: a value of JSON)");
        };
    }

    /// All of them by name.
    public Map<String, Object> all() {
        return all;
    }

    /// The value at `path`, such as `realm_access.roles`, or null. A name that holds the dots itself, such as
    /// `https://example.com/roles`, comes first.
    public @Nullable Object at(String path) {
        return at(all, path);
    }

    private static @Nullable Object at(Map<?, ?> map, String path) {
        Object whole = map.get(path);
        for (int dot = path.indexOf('.'); whole == null && dot > 0; dot = path.indexOf('.', dot + 1)) {
            if (map.get(path.substring(0, dot)) instanceof Map<?, ?> inner) {
                whole = at(inner, path.substring(dot + 1));
            }
        }
        return whole;
    }

    /// The text at `path`, or null when there is none or it is no text.
    public @Nullable String text(String path) {
        return at(path) instanceof String text ? text : null;
    }

    /// The texts of the list at `path`; empty when there is none, or when any item is no text: half a list of
    /// roles is not what the issuer said.
    public List<String> texts(String path) {
        if (!(at(path) instanceof List<?> list)) {
            return List.of();
        }
        List<String> texts = new ArrayList<>(list.size());
        for (Object item : list) {
            if (!(item instanceof String text)) {
                return List.of();
            }
            texts.add(text);
        }
        return texts;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Claims claims && claims.all.equals(all);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }

    /// The names only: values may be personal.
    @Override
    public String toString() {
        return "Claims" + all.keySet();
    }
}
