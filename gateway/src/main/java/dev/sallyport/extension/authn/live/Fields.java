package dev.sallyport.extension.authn.live;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.plugin.OffLoop;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// A map of a YAML file, read key by key and type by type; a key that nobody asked for is an error.
@OffLoop("virtual threads and control threads")
public final class Fields {
    private static final int MOST_CHARACTERS = 64 << 20;

    private final String place;
    private final Map<String, Object> values;
    private final Set<String> asked = new LinkedHashSet<>();

    private Fields(String place, Map<String, Object> values) {
        this.place = place;
        this.values = values;
    }

    /// The document that `octets` of the file `name` are.
    ///
    /// @throws StoreException it is not YAML, or no map
    public static Fields parse(String name, byte[] octets) throws StoreException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new StoreException(name + ": not UTF-8 text", e);
        }
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setCodePointLimit(MOST_CHARACTERS)
                .setMaxAliasesForCollections(0)
                .setAllowRecursiveKeys(false)
                .setAllowDuplicateKeys(false)
                .build();
        try {
            return of(name, new Load(settings).loadFromString(text));
        } catch (YamlEngineException e) {
            throw new StoreException(name + ": not valid YAML: " + e.getMessage(), e);
        }
    }

    /// @throws StoreException `value` is no map of names
    private static Fields of(String place, @Nullable Object value) throws StoreException {
        if (!(value instanceof Map<?, ?> map)) {
            throw new StoreException(place + ": " + kind(value) + " (expected: a map)");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw new StoreException(place + ": " + entry.getKey() + " as a key (expected: text, in quotes)");
            }
            if (entry.getValue() != null) {
                values.put(name, entry.getValue());
            }
        }
        return new Fields(place, values);
    }

    /// The maps by name under `key`; none when it is left out.
    public Map<String, Fields> entries(String key) throws StoreException {
        Object value = value(key);
        if (value == null) {
            return Map.of();
        }
        Map<String, Fields> entries = new LinkedHashMap<>();
        Fields all = of(place + ": " + key, value);
        for (Map.Entry<String, Object> entry : all.values.entrySet()) {
            entries.put(entry.getKey(), of(all.place + "." + entry.getKey(), entry.getValue()));
        }
        return entries;
    }

    /// The text under `key`, or null.
    public @Nullable String text(String key) throws StoreException {
        return switch (value(key)) {
            case null -> null;
            case String text -> text;
            case Object other -> throw wrong(key, other, "text, in quotes");
        };
    }

    /// The text under `key`, which must be there.
    public String required(String key) throws StoreException {
        String text = text(key);
        if (text == null || text.isEmpty()) {
            throw new StoreException(at(key) + ": missing (expected: text)");
        }
        return text;
    }

    /// The moment under `key`, or null.
    public @Nullable Instant moment(String key) throws StoreException {
        String text = text(key);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw wrong(key, text, "a time such as 2027-01-31T12:00:00Z");
        }
    }

    /// The truth under `key`; false when it is left out.
    public boolean flag(String key) throws StoreException {
        return switch (value(key)) {
            case null -> false;
            case Boolean truth -> truth;
            case Object other -> throw wrong(key, other, "true or false");
        };
    }

    /// The texts under `key`; none when it is left out.
    public List<String> texts(String key) throws StoreException {
        Object value = value(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(key, value, "a list of texts");
        }
        Set<String> texts = new LinkedHashSet<>();
        for (Object item : list) {
            if (!(item instanceof String text)) {
                throw wrong(key, item, "texts, in quotes where they look like numbers");
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /// The claims under `key`; none when it is left out.
    public Claims claims(String key) throws StoreException {
        Object value = value(key);
        if (value == null) {
            return Claims.NONE;
        }
        try {
            return Claims.of(of(at(key), value).values);
        } catch (IllegalArgumentException e) {
            throw wrong(key, value, "values of JSON");
        }
    }

    /// Refuses what nobody asked for.
    public void end() throws StoreException {
        for (String key : values.keySet()) {
            if (!asked.contains(key)) {
                throw new StoreException(at(key) + ": unknown key (expected: " + String.join(", ", asked) + ")");
            }
        }
    }

    /// What is wrong with `value` under `key`.
    public StoreException wrong(String key, @Nullable Object value, String expected) {
        return new StoreException(at(key) + ": " + value + " (expected: " + expected + ")");
    }

    private String at(String key) {
        return place + (place.indexOf(": ") < 0 ? ": " : ".") + key;
    }

    private @Nullable Object value(String key) {
        asked.add(key);
        return values.get(key);
    }

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "empty";
            case List<?> _ -> "a list";
            case Object other -> String.valueOf(other);
        };
    }
}
