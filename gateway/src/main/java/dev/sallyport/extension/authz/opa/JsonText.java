package dev.sallyport.extension.authz.opa;

import dev.sallyport.telemetry.JsonLine;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes JSON: members and items with what belongs between them.
final class JsonText {
    private static final int DEEPEST = 16;
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private final JsonLine line;
    private boolean first = true;

    JsonText(JsonLine line) {
        this.line = line;
    }

    JsonText open() {
        line.raw('{');
        first = true;
        return this;
    }

    JsonText close() {
        line.raw('}');
        first = false;
        return this;
    }

    void openList() {
        line.raw('[');
        first = true;
    }

    void closeList() {
        line.raw(']');
        first = false;
    }

    private void separate() {
        if (!first) {
            line.raw(',');
        }
        first = false;
    }

    JsonText name(String name) {
        separate();
        quoted(name);
        line.raw(':');
        first = true;
        return this;
    }

    JsonText text(String name, String value) {
        name(name);
        quoted(value);
        first = false;
        return this;
    }

    void item(byte[] octets, int from, int to) {
        separate();
        line.raw('"');
        line.octets(octets, from, to);
        line.raw('"');
    }

    void nothing() {
        line.raw(NULL);
        first = false;
    }

    private void quoted(String text) {
        line.raw('"');
        line.text(text);
        line.raw('"');
    }

    /// A value of claims.
    void value(@Nullable Object value, int depth) {
        if (depth == DEEPEST) {
            nothing();
            return;
        }
        switch (value) {
            case String text -> quoted(text);
            case Long number -> line.number(number);
            case Double number -> line.text(Double.toString(number));
            case Boolean flag -> line.raw(flag ? TRUE : FALSE);
            case Collection<?> items -> {
                openList();
                for (Object item : items) {
                    separate();
                    value(item, depth + 1);
                }
                closeList();
            }
            case Map<?, ?> members -> {
                open();
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    name(String.valueOf(member.getKey()));
                    value(member.getValue(), depth + 1);
                }
                close();
            }
            case null, default -> nothing();
        }
        first = false;
    }
}
