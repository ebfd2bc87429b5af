package dev.sallyport.controlplane.config.read;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.Mark;
import dev.sallyport.controlplane.config.Plugins;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads configurations: strict, all problems at once. Blocks on files that are referred to.
public final class ConfigReader {
    private final Plugins plugins;
    private final Function<String, @Nullable String> environment;
    private final @Nullable String standIn;

    /// @param environment the value of a variable by its name, null when it is not set
    public ConfigReader(Plugins plugins, Function<String, @Nullable String> environment) {
        this(plugins, environment, null);
    }

    /// One for those who look at a configuration without knowing its secrets.
    ///
    /// @param standIn the value of variables that are not set and have no default, or null when that is wrong
    public ConfigReader(Plugins plugins, Function<String, @Nullable String> environment, @Nullable String standIn) {
        this.plugins = plugins;
        this.environment = environment;
        this.standIn = standIn;
    }

    /// Reads `text`; never throws for anything that stands in it.
    public ConfigDocument read(ConfigText text) {
        Problems problems = new Problems();
        text.problems().forEach(problems::add);
        Places places = new Places();
        References references = new References(environment, standIn);
        Map<String, Path> folders = new HashMap<>();
        List<Node.Mapping> roots = new ArrayList<>();
        Set<Path> files = new LinkedHashSet<>();
        for (ConfigFile file : text.files()) {
            folders.put(file.name(), file.folder());
            Node.Mapping root = root(file, problems);
            if (root != null) {
                roots.add(root);
            }
        }
        Binder binder =
                new Binder(plugins, references, name -> folders.getOrDefault(name, Path.of("")), problems, places);
        Mark start = roots.isEmpty()
                ? Mark.of(text.files().isEmpty() ? "" : text.files().getFirst().name())
                : roots.getFirst().at();
        Node.Mapping merged = roots.size() == 1 ? roots.getFirst() : merge(roots, start, problems);
        boolean readable =
                roots.size() == text.files().size() && text.problems().isEmpty();
        GatewayConfig config = bind(binder, merged, start, readable);
        List<ConfigProblem> found = problems.sorted();
        files.addAll(references.files());
        return new ConfigDocument(config, readable, found, places, files, text.digest());
    }

    private static Node.@Nullable Mapping root(ConfigFile file, Problems problems) {
        String text = decode(file, problems);
        if (text == null) {
            return null;
        }
        Node node = new YamlReader(file.name(), problems).read(text);
        if (node != null && !(node instanceof Node.Mapping)) {
            problems.error(node.at(), "", node.kind(), "expected: a map with version, listeners, upstreams, routes");
        }
        return node instanceof Node.Mapping mapping ? mapping : null;
    }

    private static @Nullable String decode(ConfigFile file, Problems problems) {
        ByteBuffer in = ByteBuffer.wrap(file.bytes());
        CharBuffer out = CharBuffer.allocate(file.bytes().length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        out.flip();
        if (result.isError()) {
            int line = 1 + (int) out.chars().filter(c -> c == '\n').count();
            int column = out.length() - out.toString().lastIndexOf('\n');
            problems.error(new Mark(file.name(), line, column), "", "not UTF-8 text", "expected: UTF-8");
            return null;
        }
        boolean marked = out.length() > 0 && out.charAt(0) == '\ufeff';
        return marked ? out.subSequence(1, out.length()).toString() : out.toString();
    }

    /// One map out of several files: what is below the top-level keys is put together by name, lists in the order of
    /// the
    /// files.
    private static Node.Mapping merge(List<Node.Mapping> roots, Mark start, Problems problems) {
        Map<String, Node.Entry> sections = new LinkedHashMap<>();
        for (Node.Mapping root : roots) {
            for (Node.Entry entry : root.entries()) {
                Node.Entry first = sections.get(entry.key());
                sections.put(entry.key(), first == null ? entry : together(first, entry, problems));
            }
        }
        return new Node.Mapping(start, List.copyOf(sections.values()));
    }

    private static Node.Entry together(Node.Entry first, Node.Entry second, Problems problems) {
        if (first.value() instanceof Node.Mapping one && second.value() instanceof Node.Mapping other) {
            Map<String, Node.Entry> entries = new LinkedHashMap<>();
            one.entries().forEach(entry -> entries.put(entry.key(), entry));
            for (Node.Entry entry : other.entries()) {
                Node.Entry earlier = entries.putIfAbsent(entry.key(), entry);
                if (earlier != null) {
                    problems.error(
                            entry.at(), first.key() + "." + entry.key(), "defined twice", "first in " + earlier.at());
                }
            }
            return new Node.Entry(first.at(), first.key(), new Node.Mapping(one.at(), List.copyOf(entries.values())));
        }
        if (first.value() instanceof Node.Sequence one && second.value() instanceof Node.Sequence other) {
            List<Node> items = new ArrayList<>(one.items());
            items.addAll(other.items());
            return new Node.Entry(first.at(), first.key(), new Node.Sequence(one.at(), List.copyOf(items)));
        }
        boolean sameVersion = first.value() instanceof Node.Scalar one
                && second.value() instanceof Node.Scalar other
                && one.text().equals(other.text());
        if (!sameVersion) {
            problems.error(second.at(), second.key(), "defined twice", "first in " + first.at());
        }
        return first;
    }

    /// @param whole every file could be read, so that what is missing is really missing
    private GatewayConfig bind(Binder binder, Node.Mapping root, Mark start, boolean whole) {
        RecordKeys keys = RecordKeys.of(GatewayConfig.class);
        @Nullable
        Object[] values = whole
                ? binder.components(root, start, GatewayConfig.class, "")
                : new @Nullable Object[keys.keys().size()];
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value == null || Binder.failed(value)) {
                values[i] = leftOut(keys.keys().get(i));
            }
        }
        try {
            return (GatewayConfig) keys.constructor().newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("every section can be left out or is there", e);
        }
    }

    /// What stands for a section that is missing or wrong, so that the others can be judged.
    private @Nullable Object leftOut(Key key) {
        Class<?> type = Key.raw(key.type());
        if (type == Map.class) {
            return Map.of();
        }
        if (type == List.class) {
            return List.of();
        }
        if (type == int.class) {
            return 1;
        }
        if (type.isEnum() && key.defaultText() != null) {
            return Scalars.constant(type, key.verbatim(), key.defaultText());
        }
        return key.nullable() ? null : defaults(type.asSubclass(Record.class));
    }

    /// A section as it is when left out.
    private <T extends Record> T defaults(Class<T> type) {
        Problems none = new Problems();
        Binder binder =
                new Binder(plugins, new References(name -> null, null), name -> Path.of(""), none, new Places());
        return type.cast(Objects.requireNonNull(binder.bindWhole(new Node.Mapping(Mark.of(""), List.of()), type)));
    }
}
