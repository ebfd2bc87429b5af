package dev.sallyport.extension.condition;

import dev.cel.common.values.StructValue;
import dev.sallyport.api.plugin.OffLoop;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;

/// Writes a value for people: of bounded length, without control characters (threat LG-01).
@OffLoop("wherever an explanation is asked for; never while a request is served")
final class ValueText {
    private static final int LONGEST = 200;
    private static final int DEEPEST = 4;

    private final StringBuilder text = new StringBuilder();

    String of(Object value) {
        append(value, 0);
        if (text.length() > LONGEST) {
            text.setLength(LONGEST);
            text.append('…');
        }
        return text.toString();
    }

    private void append(Object value, int depth) {
        if (text.length() > LONGEST) {
            return;
        }
        switch (value) {
            case String string -> quoted(string);
            case Map<?, ?> map -> map(map, depth);
            case Collection<?> list -> list(list, depth);
            case StructValue<?, ?> structure -> text.append(structure.celType().name());
            default -> escaped(String.valueOf(value));
        }
    }

    private void list(Collection<?> list, int depth) {
        text.append('[');
        String separator = "";
        for (Object item : list) {
            if (depth == DEEPEST || text.length() > LONGEST) {
                text.append('…');
                break;
            }
            text.append(separator);
            append(item, depth + 1);
            separator = ", ";
        }
        text.append(']');
    }

    private void map(Map<?, ?> map, int depth) {
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (depth == DEEPEST || text.length() > LONGEST) {
                text.append('…');
                break;
            }
            text.append(separator);
            append(entry.getKey(), depth + 1);
            text.append(": ");
            append(entry.getValue(), depth + 1);
            separator = ", ";
        }
        text.append('}');
    }

    private void quoted(String string) {
        text.append('"');
        escaped(string);
        text.append('"');
    }

    private void escaped(String string) {
        for (int i = 0; i < string.length() && text.length() <= LONGEST; i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || c == '\u2028'
                    || c == '\u2029') {
                text.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                text.append(c);
            }
        }
    }
}
