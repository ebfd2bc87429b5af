package dev.sallyport.controlplane.config.reference;

import dev.sallyport.api.plugin.ByteSize;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.controlplane.config.behaviour.Decimal;
import dev.sallyport.controlplane.config.limit.Cost;
import dev.sallyport.controlplane.config.limit.Rate;
import dev.sallyport.controlplane.config.observe.Above;
import dev.sallyport.controlplane.config.observe.Fraction;
import dev.sallyport.controlplane.config.observe.Quantile;
import dev.sallyport.controlplane.config.observe.SampleRate;
import dev.sallyport.controlplane.config.overload.Percent;
import dev.sallyport.controlplane.config.read.Key;
import dev.sallyport.controlplane.config.read.RecordKeys;
import dev.sallyport.controlplane.config.read.Scalars;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The JSON Schema (2020-12) of the configuration language, for editors.
public final class JsonSchema {
    private static final Map<String, Object> REFERENCE = Map.of("$ref", "#/$defs/reference");

    private final Plugins plugins;
    private final List<Class<?>> within = new ArrayList<>();
    /// Records that hold themselves, by the name of their definition.
    private final Map<String, Object> recursive = new LinkedHashMap<>();

    private JsonSchema(Plugins plugins) {
        this.plugins = plugins;
    }

    /// The schema as text.
    public static String of(Plugins plugins) {
        return JsonText.of(tree(plugins));
    }

    static Map<String, Object> tree(Plugins plugins) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Sallyport configuration");
        JsonSchema made = new JsonSchema(plugins);
        schema.putAll(made.record(GatewayConfig.class));
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("description", "A value from the environment or from a file.");
        reference.put("type", "string");
        reference.put("pattern", "\\$\\{(env|file):[^}]+\\}");
        Map<String, Object> definitions = ordered("reference", reference);
        definitions.putAll(made.recursive);
        schema.put("$defs", definitions);
        return schema;
    }

    private Map<String, Object> record(Class<?> type) {
        String definition = definition(type);
        if (within.contains(type)) {
            recursive.putIfAbsent(definition, Map.of());
            return ordered("$ref", "#/$defs/" + definition);
        }
        within.add(type);
        Map<String, Object> schema = keys(type);
        within.removeLast();
        if (!recursive.containsKey(definition)) {
            return schema;
        }
        recursive.put(definition, schema);
        return ordered("$ref", "#/$defs/" + definition);
    }

    private static String definition(Class<?> type) {
        return type.getSimpleName().replaceAll("Config$", "").toLowerCase(Locale.ROOT);
    }

    private Map<String, Object> keys(Class<?> type) {
        RecordKeys keys = RecordKeys.of(type);
        Key itself = keys.mapItself();
        if (itself != null) {
            return described(itself);
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Key key : keys.keys()) {
            Class<?> making = key.plugged();
            if (key.openEnded() && making != null) {
                for (PluginFactory<?, ?> factory : plugins.making(making)) {
                    properties.put(factory.kind(), record(factory.configType()));
                }
            } else {
                properties.put(key.name(), described(key));
                if (key.required()) {
                    required.add(key.name());
                }
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        Doc doc = type.getAnnotation(Doc.class);
        if (doc != null) {
            schema.put("description", doc.value());
        }
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        Key shorthand = keys.shorthand();
        return shorthand == null ? schema : anyOf(described(shorthand), schema);
    }

    private Map<String, Object> described(Key key) {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (!key.doc().isEmpty()) {
            schema.put("description", key.doc());
        }
        Map<String, Object> values = values(key.type(), key);
        values.forEach((name, value) -> {
            if (!name.equals("description") || !schema.containsKey(name)) {
                schema.put(name, value);
            }
        });
        String defaultText = key.defaultText();
        if (defaultText != null && Scalars.isNumber(Key.raw(key.type()))) {
            schema.put("default", Long.valueOf(defaultText));
        } else if (defaultText != null && Key.raw(key.type()) == Decimal.class) {
            schema.put("default", new BigDecimal(defaultText));
        } else if (defaultText != null && defaultText.matches("true|false")) {
            schema.put("default", Boolean.valueOf(defaultText));
        } else if (defaultText != null && !defaultText.matches("[\\[{].*")) {
            schema.put("default", defaultText);
        }
        return schema;
    }

    private Map<String, Object> values(Type type, Key key) {
        Class<?> raw = Key.raw(type);
        if (raw == List.class) {
            Map<String, Object> item = values(Key.element(type), key);
            Map<String, Object> list = ordered("type", "array", "items", item);
            return key.oneOrMore() ? anyOf(item, list) : list;
        }
        if (raw == Map.class) {
            Map<String, Object> schema = ordered("type", "object");
            if (key.matches() != null) {
                schema.put(
                        "propertyNames", Map.of("pattern", whole(key.matches().value())));
            }
            Type element = Key.element(type);
            schema.put(
                    "additionalProperties", element == String.class ? ordered("type", "string") : values(element, key));
            return schema;
        }
        if (raw == PluginUse.class && key.plugged() != null) {
            return key.kindKey().isEmpty() ? pluginUse(key.plugged()) : pluginWithKind(key.plugged(), key.kindKey());
        }
        if (raw.isEnum()) {
            return anyOf(ordered("enum", Scalars.words(raw, key.verbatim())), REFERENCE);
        }
        if (raw.isSealed() && raw.isInterface()) {
            List<Object> choices = new ArrayList<>();
            for (Class<?> permitted : raw.getPermittedSubclasses()) {
                choices.add(permitted.isEnum() ? ordered("enum", Scalars.words(permitted, false)) : record(permitted));
            }
            return ordered("anyOf", choices);
        }
        if (raw.isRecord() && !Scalars.isValue(raw)) {
            return record(raw);
        }
        return scalar(raw, key);
    }

    private Map<String, Object> pluginWithKind(Class<?> making, String kindKey) {
        List<Object> choices = new ArrayList<>();
        for (PluginFactory<?, ?> factory : plugins.making(making)) {
            Map<String, Object> schema = record(factory.configType());
            Map<String, Object> properties = ordered(kindKey, ordered("const", factory.kind()));
            if (schema.get("properties") instanceof Map<?, ?> own) {
                own.forEach((name, value) -> properties.put((String) name, value));
            }
            schema.put("properties", properties);
            List<Object> required = new ArrayList<>(List.of(kindKey));
            if (schema.get("required") instanceof List<?> more) {
                required.addAll(more);
            }
            schema.put("required", required);
            choices.add(schema);
        }
        return ordered("anyOf", choices);
    }

    private static Map<String, Object> scalar(Class<?> type, Key key) {
        if (type == Secret.class) {
            return REFERENCE;
        }
        if (Scalars.isNumber(type)) {
            Map<String, Object> number = ordered("type", "integer");
            Range range = key.range();
            if (range != null) {
                number.put("minimum", Long.valueOf(range.min()));
                number.put("maximum", Long.valueOf(range.max()));
            }
            return anyOf(number, REFERENCE);
        }
        if (type == boolean.class || type == Boolean.class) {
            return anyOf(ordered("type", "boolean"), REFERENCE);
        }
        if (type == Duration.class) {
            return anyOf(ordered("type", "string", "pattern", whole(Scalars.DURATION)), REFERENCE);
        }
        if (type == ByteSize.class) {
            return anyOf(
                    ordered("type", "string", "pattern", whole(Scalars.SIZE)),
                    ordered("type", "integer", "minimum", 0L),
                    REFERENCE);
        }
        if (type == Percent.class) {
            return anyOf(ordered("type", "string", "pattern", whole(Percent.FORM)), REFERENCE);
        }
        if (type == Rate.class) {
            return anyOf(ordered("type", "string", "pattern", whole(Rate.FORM)), REFERENCE);
        }
        if (type == Decimal.class) {
            return anyOf(ordered("type", "number", "minimum", 0L), REFERENCE);
        }
        if (type == Above.class) {
            return anyOf(ordered("type", "string", "pattern", whole(Above.FORM)), REFERENCE);
        }
        if (type == SampleRate.class) {
            return anyOf(ordered("type", "string", "pattern", whole(SampleRate.FORM)), REFERENCE);
        }
        if (type == Fraction.class) {
            return anyOf(ordered("type", "string", "pattern", whole(Fraction.FORM)), REFERENCE);
        }
        if (type == Quantile.class) {
            return anyOf(
                    ordered("type", "number", "exclusiveMinimum", 0L, "exclusiveMaximum", 1L),
                    ordered("type", "string", "pattern", whole(Quantile.FORM)),
                    REFERENCE);
        }
        if (type == Cost.class) {
            return anyOf(ordered("type", "integer", "minimum", 1L), ordered("type", "string"));
        }
        if (key.matches() != null && Key.raw(key.type()) != Map.class) {
            return anyOf(
                    ordered("type", "string", "pattern", whole(key.matches().value())), REFERENCE);
        }
        return ordered("type", "string");
    }

    private Map<String, Object> pluginUse(Class<?> making) {
        List<String> plain = new ArrayList<>();
        Map<String, Object> kinds = new LinkedHashMap<>();
        for (PluginFactory<?, ?> factory : plugins.making(making)) {
            kinds.put(factory.kind(), record(factory.configType()));
            if (RecordKeys.of(factory.configType()).keys().stream().noneMatch(Key::required)) {
                plain.add(factory.kind());
            }
        }
        return anyOf(
                ordered("enum", plain),
                ordered(
                        "type",
                        "object",
                        "properties",
                        kinds,
                        "additionalProperties",
                        false,
                        "minProperties",
                        1L,
                        "maxProperties",
                        1L));
    }

    private static String whole(String pattern) {
        return "^(?:" + pattern + ")$";
    }

    private static Map<String, Object> anyOf(Object... choices) {
        return ordered("anyOf", List.of(choices));
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
