package dev.sallyport.controlplane.config.reference;

import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.NotYet;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.controlplane.config.read.Key;
import dev.sallyport.controlplane.config.read.RecordKeys;
import dev.sallyport.controlplane.config.read.Scalars;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The configuration reference in Markdown: a section for every map of the language, a row for every key.
public final class ReferenceText {
    private static final String INTRODUCTION = """
        # Configuration reference

        <!-- Generated from the configuration records. Rewrite it with: SALLYPORT_REWRITE=1 mvn test -Dtest=ReferenceTest -->

        One YAML 1.2 file, or a folder whose `.yaml` and `.yml` files are merged by name; a name defined twice is an
        error. Unknown and duplicate keys are errors, as are tags, a second document and more than a few aliases.
        `sallyport validate FILE` tells everything that is wrong at once, and `sallyport schema` prints a JSON Schema for
        editors.

        | kind of value | written as |
        |---|---|
        | duration | `250ms`, `15s`, `5m`, `1h`, `1h30m` |
        | size | `512`, `64KiB`, `10MiB`, `2GiB` |
        | size per second | `1KiB/s` |
        | file | a path, relative to the folder of the file it stands in |
        | any single value | `${env:NAME}`, `${env:NAME:-default}` or `${file:path}` in its place or in the middle of it; `$${` is `${` itself |
        | secret | by such a reference only; no dump, log or message shows it |

        A key without a default is required unless it says *optional*.
        """;

    private final Plugins plugins;
    private final StringBuilder out = new StringBuilder(INTRODUCTION);

    /// What is being described, outermost first: a map within one of its own kind needs no words of its own.
    private final List<Class<?>> within = new ArrayList<>();

    /// A map of the language, still to be described.
    private record Section(String title, Class<?> type) {}

    private ReferenceText(Plugins plugins) {
        this.plugins = plugins;
    }

    /// The reference as text.
    public static String of(Plugins plugins) {
        ReferenceText text = new ReferenceText(plugins);
        text.section(new Section("", GatewayConfig.class));
        return text.out.toString();
    }

    private void section(Section section) {
        if (within.contains(section.type)) {
            return;
        }
        within.add(section.type);
        keys(section);
        within.removeLast();
    }

    private void keys(Section section) {
        RecordKeys keys = RecordKeys.of(section.type);
        out.append("\n## ")
                .append(section.title.isEmpty() ? "The whole file" : "`" + section.title + "`")
                .append("\n\n");
        Doc doc = section.type.getAnnotation(Doc.class);
        if (doc != null) {
            out.append(doc.value()).append("\n\n");
        }
        Key itself = keys.mapItself();
        if (itself != null) {
            String names = itself.matches() == null ? "names" : itself.matches().expected();
            out.append("Keys are not fixed: ").append(names).append(", each with ");
            out.append(itself.doc()).append("\n");
            return;
        }
        Key shorthand = keys.shorthand();
        if (shorthand != null) {
            out.append("A plain value stands for `{ ").append(shorthand.name()).append(": value }`.\n\n");
        }
        List<Section> below = new ArrayList<>();
        if (keys.keys().isEmpty()) {
            out.append("There is nothing to set.\n");
        } else {
            out.append("| key | value | default | meaning |\n|---|---|---|---|\n");
            for (Key key : keys.keys()) {
                rows(section.title, key, below);
            }
        }
        List<String> later = keys.notYet();
        if (!later.isEmpty()) {
            out.append("\nNot supported by this version: ").append(code(later)).append(".\n");
        }
        below.forEach(this::section);
    }

    private void rows(String title, Key key, List<Section> below) {
        Class<?> making = key.plugged();
        if (key.openEnded() && making != null) {
            for (PluginFactory<?, ?> factory : plugins.making(making)) {
                String path = join(title, factory.kind());
                Doc doc = factory.configType().getAnnotation(Doc.class);
                row(factory.kind(), "a map", "*optional*", doc == null ? "" : doc.value());
                below.add(new Section(path, factory.configType()));
            }
            return;
        }
        String defaultText = key.defaultText();
        String standard = defaultText != null ? "`" + defaultText + "`" : key.nullable() ? "*optional*" : "";
        row(key.name(), value(key.type(), key), standard, key.doc() + words(key));
        nested(join(title, key.name()), key.type(), key, below);
    }

    private void row(String name, String value, String standard, String meaning) {
        out.append("| `")
                .append(name)
                .append("` | ")
                .append(cell(value))
                .append(" | ")
                .append(cell(standard))
                .append(" | ")
                .append(cell(meaning))
                .append(" |\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private void nested(String path, Type type, Key key, List<Section> below) {
        Class<?> raw = Key.raw(type);
        if (raw == List.class) {
            nested(path + "[]", Key.element(type), key, below);
        } else if (raw == Map.class) {
            nested(path + ".NAME", Key.element(type), key, below);
        } else if (raw == PluginUse.class && key.plugged() != null) {
            for (PluginFactory<?, ?> factory : plugins.making(key.plugged())) {
                String kind = key.kindKey().isEmpty()
                        ? path + "." + factory.kind()
                        : path + " (" + key.kindKey() + ": " + factory.kind() + ")";
                below.add(new Section(kind, factory.configType()));
            }
        } else if (raw.isSealed() && raw.isInterface()) {
            for (Class<?> permitted : raw.getPermittedSubclasses()) {
                if (permitted.isRecord()) {
                    below.add(new Section(path, permitted));
                }
            }
        } else if (raw.isRecord() && !Scalars.isValue(raw)) {
            below.add(new Section(path, raw));
        }
    }

    private String value(Type type, Key key) {
        Class<?> raw = Key.raw(type);
        if (raw == List.class) {
            String item = value(Key.element(type), key);
            return key.oneOrMore() ? item + ", or a list of such" : "a list of: " + item;
        }
        if (raw == Map.class) {
            return "a map of names to: " + (Key.element(type) == String.class ? "text" : value(Key.element(type), key));
        }
        if (raw == PluginUse.class && key.plugged() != null) {
            String kinds = code(plugins.kinds(key.plugged()));
            return key.kindKey().isEmpty()
                    ? kinds + ", or a map of one of them to its settings"
                    : "a map with `" + key.kindKey() + "`, one of " + kinds + ", and the keys of that kind";
        }
        if (raw.isEnum()) {
            return code(Scalars.words(raw, key.verbatim()));
        }
        if (raw.isSealed() && raw.isInterface()) {
            return code(words(raw)) + ", or a map";
        }
        if (raw.isRecord() && !Scalars.isValue(raw)) {
            return "a map";
        }
        Range range = key.range();
        String form =
                key.matches() != null && raw == String.class ? key.matches().expected() : kind(raw);
        if (range == null) {
            return form;
        }
        return form
                + (range.min().equals(range.max()) ? ", " + range.min() : ", " + range.min() + " to " + range.max());
    }

    /// What is expected, without the examples that the introduction gives.
    private static String kind(Class<?> type) {
        String expected = Scalars.expected(type)
                .replace("${env:NAME}", "`${env:NAME}`")
                .replace("${file:path}", "`${file:path}`");
        int examples = expected.indexOf(" such as ");
        return examples < 0 ? expected : expected.substring(0, examples);
    }

    private static List<String> words(Class<?> choice) {
        for (Class<?> permitted : choice.getPermittedSubclasses()) {
            if (permitted.isEnum()) {
                return Scalars.words(permitted, false);
            }
        }
        return List.of();
    }

    /// What the words of an enumeration mean, where that is said.
    private static String words(Key key) {
        Class<?> whole = Key.raw(key.type());
        Class<?> type = whole == List.class ? Key.raw(Key.element(key.type())) : whole;
        if (!type.isEnum()) {
            return "";
        }
        StringBuilder meanings = new StringBuilder();
        List<String> words = Scalars.words(type, key.verbatim());
        Object[] constants = type.getEnumConstants();
        for (int i = 0; i < constants.length; i++) {
            Doc doc = doc(type, ((Enum<?>) constants[i]).name());
            if (doc != null) {
                meanings.append(" `").append(words.get(i)).append("`: ").append(doc.value());
            }
        }
        NotYet notYet = type.getAnnotation(NotYet.class);
        if (notYet != null && notYet.value().length > 0) {
            meanings.append(" Not supported by this version: ")
                    .append(code(List.of(notYet.value())))
                    .append('.');
        }
        if (notYet != null && !notYet.map().isEmpty()) {
            meanings.append(" Not supported by this version: ")
                    .append(notYet.map())
                    .append('.');
        }
        return meanings.toString();
    }

    private static @Nullable Doc doc(Class<?> type, String constant) {
        try {
            return type.getField(constant).getAnnotation(Doc.class);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("a constant is a field", e);
        }
    }

    private static String code(List<String> words) {
        return String.join(", ", words.stream().map(word -> "`" + word + "`").toList());
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
