package dev.sallyport.controlplane.admin;

import dev.sallyport.api.http.Method;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.controlplane.config.Plugged;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.Places;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A configuration as YAML with its defaults written out: what came by reference stands as the reference, other
/// secrets are masked (threat AD-06).
public final class ConfigDump {
    private static final String PLAIN = "[A-Za-z/*][A-Za-z0-9/._*-]*";

    private final Places places;
    private final StringBuilder out = new StringBuilder();

    private ConfigDump(Places places) {
        this.places = places;
    }

    /// The whole of what `document` says.
    public static String of(ConfigDocument document) {
        ConfigDump dump = new ConfigDump(document.places());
        dump.map(members(document.config()), "", 0);
        return dump.out.toString();
    }

    private void map(Map<String, ?> members, String path, int depth) {
        members.forEach((key, value) -> {
            out.repeat("  ", depth).append(scalar(key)).append(':');
            // a plugin under its own name needs no more words than its settings
            Object shown = value instanceof PluginUse use && use.kind().equals(key) ? members(use.config()) : value;
            value(shown, path.isEmpty() ? key : path + "." + key, depth + 1);
        });
    }

    private void value(Object value, String path, int depth) {
        String written = places.written(path);
        if (written != null) {
            line(written);
            return;
        }
        switch (value) {
            case Map<?, ?> map -> nested(textKeys(map), path, depth);
            case PluginUse use when members(use.config()).isEmpty() -> line(use.kind());
            case PluginUse use -> nested(Map.of(use.kind(), use.config()), path, depth);
            case Record parts when isComposite(parts) -> nested(members(parts), path, depth);
            case List<?> list -> list(list, path, depth);
            default -> line(text(value));
        }
    }

    private void line(String text) {
        out.append(' ').append(scalar(text)).append('\n');
    }

    private void nested(Map<String, ?> members, String path, int depth) {
        if (members.isEmpty()) {
            out.append(" {}\n");
        } else {
            out.append('\n');
            map(members, path, depth);
        }
    }

    private void list(List<?> list, String path, int depth) {
        if (list.isEmpty()) {
            out.append(" []\n");
            return;
        }
        out.append('\n');
        for (int i = 0; i < list.size(); i++) {
            out.repeat("  ", depth).append('-');
            value(list.get(i), path + "[" + i + "]", depth + 1);
        }
    }

    /// Whether a record is a map of keys in YAML rather than a value with a spelling of its own.
    private static boolean isComposite(Record parts) {
        return !(parts instanceof Secret)
                && Arrays.stream(parts.getClass().getDeclaredMethods())
                        .noneMatch(method -> method.getName().equals("parse"));
    }

    private static Map<String, Object> members(Record parts) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (RecordComponent component : parts.getClass().getRecordComponents()) {
            Object value = read(parts, component);
            if (value instanceof Map<?, ?> plugins && component.isAnnotationPresent(Plugged.class)) {
                members.putAll(textKeys(plugins)); // written among the record's own keys
            } else if (value != null) {
                members.put(kebab(component.getName()), value);
            }
        }
        return members;
    }

    private static @Nullable Object read(Record parts, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(parts);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> textKeys(Map<?, ?> map) {
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((key, value) -> result.put(text(key), value));
        return result;
    }

    private static String text(Object value) {
        return switch (value) {
            case Duration duration -> duration(duration);
            case Method method -> method.name();
            case Enum<?> constant
            when constant.toString().equals(constant.name()) ->
                constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            default -> value.toString();
        };
    }

    private static String duration(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private static String scalar(String text) {
        boolean number = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number || text.matches(PLAIN) ? text : Json.quoted(text);
    }

    private static String kebab(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                out.append('-');
            }
            out.append(Character.toLowerCase(c));
        }
        return out.toString();
    }
}
