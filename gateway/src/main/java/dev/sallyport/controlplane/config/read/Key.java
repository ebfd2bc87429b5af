package dev.sallyport.controlplane.config.read;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.OneOrMore;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Verbatim;
import dev.sallyport.api.plugin.Watched;
import dev.sallyport.controlplane.config.Plugged;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A key of a configuration record, as the record's component describes it.
public final class Key {
    private final RecordComponent component;
    private final String name;
    private final boolean nullable;

    Key(RecordComponent component) {
        this.component = component;
        this.name = kebab(component.getName());
        this.nullable = isNullable(component.getAnnotatedType());
    }

    /// As users write it.
    public String name() {
        return name;
    }

    public Type type() {
        return component.getGenericType();
    }

    /// Whether it may be left out and then means nothing at all.
    public boolean nullable() {
        return nullable;
    }

    /// Whether it has to be written.
    public boolean required() {
        return !nullable && defaultText() == null && !openEnded();
    }

    /// What it means when left out, as YAML; null when there is no such value.
    public @Nullable String defaultText() {
        Default annotation = annotation(Default.class);
        return annotation == null ? null : annotation.value();
    }

    public String doc() {
        Doc annotation = annotation(Doc.class);
        return annotation == null ? "" : annotation.value();
    }

    /// Whether one value stands for a list of one.
    public boolean oneOrMore() {
        return annotation(OneOrMore.class) != null;
    }

    public @Nullable Range range() {
        return annotation(Range.class);
    }

    public @Nullable Matches matches() {
        return annotation(Matches.class);
    }

    /// What plugins make that are configured here, or null.
    public @Nullable Class<?> plugged() {
        Plugged annotation = annotation(Plugged.class);
        return annotation == null ? null : annotation.value();
    }

    /// Whether this is no key itself but stands for every key that is the kind of a plugin.
    public boolean openEnded() {
        return plugged() != null && kindKey().isEmpty() && raw(type()) == java.util.Map.class;
    }

    /// The key that holds a plugin's kind beside its settings, or empty.
    public String kindKey() {
        Plugged annotation = annotation(Plugged.class);
        return annotation == null ? "" : annotation.kindKey();
    }

    /// Whether it names a file that is read again by whoever uses it.
    boolean watched() {
        return annotation(Watched.class) != null;
    }

    public boolean verbatim() {
        return annotation(Verbatim.class) != null;
    }

    /// The value of this key in a record.
    @Nullable
    Object valueIn(Record record) {
        try {
            java.lang.reflect.Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("accessors of records do not fail", e);
        }
    }

    private <A extends Annotation> @Nullable A annotation(Class<A> type) {
        return component.getAnnotation(type);
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    /// The class of a type that may have parameters.
    public static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType parameterized -> (Class<?>) parameterized.getRawType();
            default -> throw new IllegalArgumentException("type: " + type + " (expected: a class)");
        };
    }

    /// The last parameter of a type: what a list or map holds.
    public static Type element(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            Type[] arguments = parameterized.getActualTypeArguments();
            return arguments[arguments.length - 1];
        }
        throw new IllegalArgumentException("type: " + type + " (expected: a list or map with parameters)");
    }

    /// The word for a constant: what its `toString` says when that is not simply its name, else the name in
    /// kebab-case.
    public static String word(Enum<?> constant, boolean verbatim) {
        if (verbatim || !constant.toString().equals(constant.name())) {
            return constant.toString();
        }
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// A component called like a word of Java has an underscore at its end.
    private static String kebab(String camel) {
        StringBuilder out = new StringBuilder(camel.length() + 4);
        int length = camel.endsWith("_") ? camel.length() - 1 : camel.length();
        for (int i = 0; i < length; i++) {
            char c = camel.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                out.append('-').append((char) (c + 32));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
