package dev.sallyport.controlplane.config.read;

import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.api.plugin.UrlOrFile;
import dev.sallyport.controlplane.config.Mark;
import dev.sallyport.controlplane.config.NotYet;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.controlplane.config.limit.Cost;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes records out of YAML by what their components say. Notes every problem and goes on with the rest.
final class Binder {
    /// In the place of a value that could not be made; why is noted.
    static final Object FAILED = new Object();

    private final Plugins plugins;
    private final References references;
    private final Function<String, Path> folders;
    private final Problems problems;
    private final Places places;

    /// @param folders where relative paths of a file, by its name, start
    Binder(Plugins plugins, References references, Function<String, Path> folders, Problems problems, Places places) {
        this.plugins = plugins;
        this.references = references;
        this.folders = folders;
        this.problems = problems;
        this.places = places;
    }

    /// A value of the key's type, or [#FAILED].
    private Object bind(Node node, Mark at, Type type, Key key, String path) {
        places.put(path, at);
        Class<?> raw = Key.raw(type);
        if (raw == List.class) {
            return list(node, at, Key.element(type), key, path);
        }
        if (raw == Map.class) {
            return map(node, at, Key.element(type), key, path);
        }
        if (raw == PluginUse.class) {
            Class<?> making = Objects.requireNonNull(key.plugged());
            return key.kindKey().isEmpty()
                    ? pluginUse(node, at, making, path)
                    : pluginWithKind(node, at, making, key.kindKey(), path);
        }
        if (raw.isRecord() && !(node instanceof Node.Scalar && Scalars.isValue(raw))) {
            return record(node, at, raw, path);
        }
        if (raw.isSealed() && raw.isInterface()) {
            return choice(node, at, raw, key, path);
        }
        return scalar(node, at, raw, key, path);
    }

    private Object list(Node node, Mark at, Type element, Key key, String path) {
        boolean single = node instanceof Node.Mapping || (node instanceof Node.Scalar scalar && !scalar.isNull());
        if (key.oneOrMore() && single) {
            Class<?> raw = Key.raw(element);
            boolean structure = raw.isRecord() ? !Scalars.isValue(raw) : node instanceof Node.Mapping;
            Object value = bind(node, at, element, key, structure ? path + "[0]" : path);
            return value == FAILED ? FAILED : List.of(value);
        }
        if (!(node instanceof Node.Sequence sequence)) {
            return wrong(node, at, path, "a list, such as [a, b]");
        }
        List<Object> values = new ArrayList<>();
        boolean failed = false;
        for (int i = 0; i < sequence.items().size() && !problems.full(); i++) {
            Node item = sequence.items().get(i);
            Object value = bind(item, item.at(), element, key, path + "[" + i + "]");
            failed |= value == FAILED;
            values.add(value);
        }
        return failed ? FAILED : List.copyOf(values);
    }

    /// Entries that fail are left out, so that the rest can be judged; the problems keep the whole from being
    /// used.
    private Object map(Node node, Mark at, Type element, Key key, String path) {
        if (!(node instanceof Node.Mapping mapping)) {
            return wrong(node, at, path, "a map of names");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (Node.Entry entry : mapping.entries()) {
            if (problems.full()) {
                break;
            }
            String entryPath = path + "." + entry.key();
            places.put(entryPath, entry.at());
            try {
                if (key.matches() != null) {
                    Scalars.requireForm(key.matches(), entry.key());
                } else if (entry.key().isEmpty()) {
                    throw new IllegalArgumentException("an empty name (expected: text)");
                }
            } catch (IllegalArgumentException e) {
                problems.error(entry.at(), path, String.valueOf(e.getMessage()));
                continue;
            }
            Object value = bindEntry(entry, element, key, entryPath);
            if (value != FAILED) {
                values.put(entry.key(), value);
            }
        }
        return Collections.unmodifiableMap(values);
    }

    private Object bindEntry(Node.Entry entry, Type element, Key key, String path) {
        // the form of a map's names is not the form of its values
        Class<?> raw = Key.raw(element);
        if (raw == String.class) {
            places.put(path, entry.valueAt());
            return text(entry.value(), entry.valueAt(), path);
        }
        return bind(entry.value(), entry.valueAt(), element, key, path);
    }

    private Object text(Node node, Mark at, String path) {
        if (!(node instanceof Node.Scalar scalar) || scalar.isNull()) {
            return wrong(node, at, path, "text");
        }
        return single(scalar, at, String.class, path, value -> {});
    }

    private Object choice(Node node, Mark at, Class<?> type, Key key, String path) {
        Class<?> words = null;
        Class<?> structure = null;
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            if (permitted.isEnum()) {
                words = permitted;
            } else {
                structure = permitted;
            }
        }
        Key shorthand = structure == null ? null : RecordKeys.of(structure).shorthand();
        boolean listed = shorthand != null && node instanceof Node.Sequence;
        if (structure != null && (listed || node instanceof Node.Mapping)) {
            return record(node, at, structure, path);
        }
        if (node instanceof Node.Scalar scalar && structure != null && words != null && unknownWord(scalar, words)) {
            String keys = String.join(
                    ", ",
                    RecordKeys.of(structure).keys().stream().map(Key::name).toList());
            String other = shorthand == null ? "a map with " + keys : "a list of " + keys;
            return wrong(node, at, path, Nearest.oneOf(Scalars.words(words, false)) + ", or " + other);
        }
        if (words == null) {
            throw new IllegalStateException(type + " (expected: an enumeration and a record)");
        }
        if (!(node instanceof Node.Scalar)) {
            return wrong(node, at, path, Nearest.oneOf(Scalars.words(words, false)) + ", or a map");
        }
        return scalar(node, at, words, key, path);
    }

    private static boolean unknownWord(Node.Scalar scalar, Class<?> words) {
        return !scalar.text().contains("${") && !Scalars.words(words, false).contains(scalar.text());
    }

    private Object scalar(Node node, Mark at, Class<?> type, Key key, String path) {
        if (!(node instanceof Node.Scalar scalar) || scalar.isNull()) {
            NotYet notYet = type.getAnnotation(NotYet.class);
            if (node instanceof Node.Mapping && notYet != null && !notYet.map().isEmpty()) {
                problems.error(
                        at,
                        path,
                        notYet.map() + " are not supported by this version",
                        "expected: " + Nearest.oneOf(Scalars.words(type, key.verbatim())));
                return FAILED;
            }
            return wrong(
                    node,
                    at,
                    path,
                    type.isEnum() ? Nearest.oneOf(Scalars.words(type, key.verbatim())) : Scalars.expected(type));
        }
        if (type.isEnum()) {
            return single(scalar, at, type, path, value -> {}, text -> Scalars.constant(type, key.verbatim(), text));
        }
        return single(scalar, at, type, path, value -> {
            if (value instanceof String text) {
                Scalars.requireForm(key.matches(), text);
            }
            Scalars.requireRange(key.range(), type, value, scalar.text());
        });
    }

    /// Checks a parsed value by throwing.
    private interface Check {
        void accept(Object value);
    }

    private Object single(Node.Scalar scalar, Mark at, Class<?> type, String path, Check check) {
        return single(scalar, at, type, path, check, null);
    }

    private Object single(
            Node.Scalar scalar,
            Mark at,
            Class<?> type,
            String path,
            Check check,
            @Nullable Function<String, Object> parse) {
        Path folder = folders.apply(scalar.at().file());
        References.Expanded expanded;
        try {
            expanded = references.expand(scalar.text(), folder);
        } catch (IllegalArgumentException e) {
            problems.error(at, path, String.valueOf(e.getMessage()));
            return FAILED;
        }
        if (expanded.referring() || type == Path.class || type == UrlOrFile.class) {
            // no message repeats a secret; to look for it would only tell which words it is made of
            places.putWritten(path, scalar.text(), type == Secret.class ? "" : expanded.text());
        }
        if ((type == String.class || type == Cost.class) && scalar.source() != null) {
            places.putSource(path, scalar.source());
        }
        try {
            Object value = parse != null
                    ? parse.apply(expanded.text())
                    : Scalars.parse(type, expanded.text(), scalar.plain(), expanded.referring(), folder);
            check.accept(value);
            return value;
        } catch (IllegalArgumentException e) {
            problems.error(at, path, places.masked(path, String.valueOf(e.getMessage())));
            return FAILED;
        }
    }

    private Object pluginUse(Node node, Mark at, Class<?> making, String path) {
        String kind;
        Node config;
        Mark configAt = at;
        if (node instanceof Node.Scalar scalar && !scalar.isNull()) {
            kind = scalar.text();
            config = new Node.Mapping(at, List.of());
        } else if (node instanceof Node.Mapping mapping && mapping.entries().size() == 1) {
            Node.Entry entry = mapping.entries().getFirst();
            kind = entry.key();
            config = entry.value();
            configAt = entry.valueAt();
        } else {
            return wrong(
                    node, at, path, Nearest.oneOf(plugins.kinds(making)) + ", or a map of one of them to its settings");
        }
        PluginFactory<?, ?> factory = plugins.find(making, kind);
        if (factory == null) {
            problems.error(at, path, kind, Nearest.hint(kind, plugins.kinds(making)));
            return FAILED;
        }
        return use(factory, config, configAt, join(path, kind), "");
    }

    private Object use(PluginFactory<?, ?> factory, Node config, Mark at, String path, String kindKey) {
        places.put(path, at);
        Object bound = record(config, at, factory.configType(), path);
        return bound == FAILED ? FAILED : new PluginUse(factory.kind(), (Record) bound, kindKey);
    }

    /// A map that holds the kind under `kindKey`, beside the plugin's own keys.
    private Object pluginWithKind(Node node, Mark at, Class<?> making, String kindKey, String path) {
        if (!(node instanceof Node.Mapping mapping)) {
            return wrong(node, at, path, "a map with `" + kindKey + "` and the keys of that kind");
        }
        List<Node.Entry> settings = new ArrayList<>();
        Node.Entry named = null;
        for (Node.Entry entry : mapping.entries()) {
            if (entry.key().equals(kindKey)) {
                named = entry;
            } else {
                settings.add(entry);
            }
        }
        String kinds = Nearest.oneOf(plugins.kinds(making));
        if (named == null) {
            problems.error(at, join(path, kindKey), "missing", "required: " + kinds);
            return FAILED;
        }
        if (!(named.value() instanceof Node.Scalar scalar) || scalar.isNull()) {
            return wrong(named.value(), named.valueAt(), join(path, kindKey), kinds);
        }
        PluginFactory<?, ?> factory = plugins.find(making, scalar.text());
        if (factory == null) {
            String hint = Nearest.hint(scalar.text(), plugins.kinds(making));
            problems.error(named.valueAt(), join(path, kindKey), scalar.text(), hint);
            return FAILED;
        }
        return use(factory, new Node.Mapping(at, settings), at, path, kindKey);
    }

    /// Whether a value could not be made.
    static boolean failed(Object value) {
        return value == FAILED;
    }

    /// A record that is not part of anything, or [#FAILED].
    Object bindWhole(Node node, Class<?> type) {
        return record(node, node.at(), type, "");
    }

    private Object record(Node node, Mark at, Class<?> type, String path) {
        RecordKeys keys = RecordKeys.of(type);
        Key itself = keys.mapItself();
        if (itself != null) {
            Object map = map(node, at, Key.element(itself.type()), itself, path);
            return map == FAILED ? FAILED : construct(keys, new @Nullable Object[] {map}, at, path);
        }
        Key shorthand = keys.shorthand();
        Node.Mapping mapping;
        if (node instanceof Node.Mapping map) {
            mapping = map;
        } else if (shorthand != null && !(node instanceof Node.Scalar scalar && scalar.isNull())) {
            mapping = new Node.Mapping(at, List.of(new Node.Entry(at, shorthand.name(), node)));
        } else {
            return wrong(
                    node,
                    at,
                    path,
                    Scalars.isValue(type)
                            ? Scalars.expected(type)
                            : "a map with "
                                    + String.join(
                                            ", ",
                                            keys.keys().stream().map(Key::name).toList()));
        }
        @Nullable Object[] values = components(mapping, at, type, path);
        for (Object value : values) {
            if (value == FAILED) {
                return FAILED;
            }
        }
        return construct(keys, values, at, path);
    }

    /// The values of a record's components in their order; [#FAILED] where there is a problem.
    @Nullable
    Object[] components(Node.Mapping mapping, Mark at, Class<?> type, String path) {
        RecordKeys keys = RecordKeys.of(type);
        Key open = keys.openEnded();
        Class<?> making = open == null ? null : open.plugged();
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        Map<String, Object> uses = new LinkedHashMap<>();
        boolean usesFailed = false;
        Set<String> misspelt = new HashSet<>();
        for (Node.Entry entry : mapping.entries()) {
            PluginFactory<?, ?> factory = making == null ? null : plugins.find(making, entry.key());
            if (keys.find(entry.key()) != null) {
                entries.put(entry.key(), entry);
            } else if (factory != null) {
                Object use = use(factory, entry.value(), entry.valueAt(), join(path, entry.key()), "");
                usesFailed |= use == FAILED;
                uses.put(entry.key(), use);
            } else {
                String meant = unknown(entry, keys, making, path);
                if (meant != null) {
                    misspelt.add(meant);
                }
            }
        }
        List<Key> all = keys.keys();
        @Nullable Object[] values = new @Nullable Object[all.size()];
        for (int i = 0; i < values.length; i++) {
            Key key = all.get(i);
            if (key == open) {
                values[i] = usesFailed ? FAILED : Collections.unmodifiableMap(uses);
            } else {
                boolean meant = !entries.containsKey(key.name()) && misspelt.contains(key.name());
                values[i] = meant ? FAILED : component(entries.get(key.name()), key, at, join(path, key.name()));
            }
        }
        return values;
    }

    private @Nullable Object component(Node.@Nullable Entry entry, Key key, Mark at, String path) {
        if (entry != null) {
            return bind(entry.value(), entry.valueAt(), key.type(), key, path);
        }
        String defaultText = key.defaultText();
        if (defaultText != null) {
            Node node = Objects.requireNonNull(new YamlReader(at.file(), problems).read(defaultText));
            return bind(node, at, key.type(), key, path);
        }
        if (key.nullable()) {
            return null;
        }
        problems.error(at, path, "missing", key.doc().isEmpty() ? "" : "required: " + key.doc());
        return FAILED;
    }

    private Object construct(RecordKeys keys, @Nullable Object[] values, Mark at, String path) {
        try {
            return keys.constructor().newInstance(values);
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException refused)) {
                throw new IllegalStateException(path + ": bound to " + keys.constructor(), e);
            }
            String message = String.valueOf(refused.getMessage());
            int colon = message.indexOf(": ");
            String key = colon < 0 ? "" : message.substring(0, colon);
            boolean ofKey = keys.find(key) != null;
            String keyPath = ofKey ? join(path, key) : path;
            problems.error(
                    places.at(keyPath, at),
                    keyPath,
                    places.masked(path, ofKey ? message.substring(colon + 2) : message));
            return FAILED;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(path + ": bound to " + keys.constructor(), e);
        }
    }

    /// Notes an unknown key; the key that was probably meant, or null.
    private @Nullable String unknown(Node.Entry entry, RecordKeys keys, @Nullable Class<?> making, String path) {
        if (keys.notYet().contains(entry.key())) {
            problems.error(entry.at(), join(path, entry.key()), "not supported by this version", "");
            return null;
        }
        List<String> names = new ArrayList<>();
        for (Key key : keys.keys()) {
            if (!key.openEnded()) {
                names.add(key.name());
            }
        }
        if (making != null) {
            names.addAll(plugins.kinds(making));
        }
        String hint = names.isEmpty() ? "expected: no keys" : Nearest.hint(entry.key(), names);
        problems.error(entry.at(), join(path, entry.key()), "unknown key", hint);
        return Nearest.to(entry.key(), names);
    }

    private Object wrong(Node node, Mark at, String path, String expected) {
        problems.error(at, path, node.kind(), "expected: " + expected);
        return FAILED;
    }

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
