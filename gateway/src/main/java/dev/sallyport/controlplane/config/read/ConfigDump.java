package dev.sallyport.controlplane.config.read;

import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.behaviour.Decimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A configuration as it is understood, with every default, for people and for `/config`. Values that came from
/// references are shown as the references, so nothing secret is in it (threat AD-06).
public final class ConfigDump {
    private final Places places;

    private ConfigDump(Places places) {
        this.places = places;
    }

    /// The configuration as maps, lists, texts, numbers and truth values.
    public static Map<String, Object> tree(ConfigDocument document) {
        return new ConfigDump(document.places()).record(document.config(), "");
    }

    /// The configuration as YAML that can be read again.
    public static String yaml(ConfigDocument document) {
        return YamlText.of(tree(document));
    }

    private Map<String, Object> record(Record record, String path) {
        RecordKeys keys = RecordKeys.of(record.getClass());
        Key itself = keys.mapItself();
        if (itself != null && itself.valueIn(record) instanceof Map<?, ?> map) {
            return map(map, itself, path);
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Key key : keys.keys()) {
            Object value = key.valueIn(record);
            if (value == null) {
                continue;
            }
            if (key.openEnded()) {
                for (Object use : ((Map<?, ?>) value).values()) {
                    PluginUse plugin = (PluginUse) use;
                    tree.put(plugin.kind(), record(plugin.config(), Binder.join(path, plugin.kind())));
                }
            } else {
                tree.put(key.name(), value(value, key, Binder.join(path, key.name())));
            }
        }
        return tree;
    }

    private Object value(Object value, Key key, String path) {
        String written = written(value, path);
        if (written != null) {
            return written;
        }
        return switch (value) {
            case List<?> list
            when key.oneOrMore() && list.size() == 1 && list.getFirst() instanceof Enum<?> word ->
                single(word, key, path);
            case List<?> list -> list(list, key, path);
            case Map<?, ?> map -> map(map, key, path);
            case PluginUse use -> plugin(use, path);
            case Duration duration -> Scalars.text(duration);
            case Enum<?> constant -> Key.word(constant, key.verbatim());
            case Integer number -> number;
            case Long number -> number;
            case Decimal decimal -> decimal.number();
            case Boolean flag -> flag;
            case Record record when !Scalars.isValue(record.getClass()) -> record(record, path);
            default -> value.toString().replace("${", "$${");
        };
    }

    private @Nullable String written(Object value, String path) {
        boolean structure = value instanceof List<?>
                || value instanceof Map<?, ?>
                || value instanceof PluginUse
                || (value instanceof Record && !Scalars.isValue(value.getClass()));
        return structure ? null : places.written(path);
    }

    /// The only word of a list that may be written without being one, and stands where it was written.
    private Object single(Enum<?> value, Key key, String path) {
        String listed = path + "[0]";
        return value(value, key, places.written(listed) == null && written(value, path) != null ? path : listed);
    }

    private List<Object> list(List<?> list, Key key, String path) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            values.add(value(list.get(i), key, path + "[" + i + "]"));
        }
        return values;
    }

    private Map<String, Object> map(Map<?, ?> map, Key key, String path) {
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((name, value) -> values.put((String) name, value(value, key, Binder.join(path, (String) name))));
        return values;
    }

    private Object plugin(PluginUse use, String path) {
        if (!use.kindKey().isEmpty()) {
            return use.withKind(record(use.config(), path));
        }
        Map<String, Object> config = record(use.config(), Binder.join(path, use.kind()));
        return config.isEmpty() ? use.kind() : Map.of(use.kind(), config);
    }
}
