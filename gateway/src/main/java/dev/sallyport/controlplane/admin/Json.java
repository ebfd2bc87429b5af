package dev.sallyport.controlplane.admin;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A JSON object being written, member by member in the order they are put.
public final class Json {
    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    /// Puts a member: null, text, number, truth, another [Json], a `List` or a `Map` of such.
    public Json put(String name, @Nullable Object value) {
        members.put(name, value);
        return this;
    }

    /// The text that was put under `name`, or null.
    @Nullable
    String text(String name) {
        return members.get(name) instanceof String text ? text : null;
    }

    /// The members of an error as RFC 9457 has it.
    public static Json problem(int status, String code, String title, String detail) {
        return new Json()
                .put("type", "urn:sallyport:problem:" + code)
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("reason", code);
    }

    /// Its text in UTF-8, with a newline at the end.
    public byte[] bytes() {
        return (this + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// Its text in one line.
    public String line() {
        // what is text in it has its line ends escaped
        return toString().replaceAll("\\n *", " ");
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        write(out, this, 0);
        return out.toString();
    }

    private static void write(StringBuilder out, @Nullable Object value, int depth) {
        switch (value) {
            case null -> out.append("null");
            case Json json -> writeObject(out, json.members, depth);
            case Map<?, ?> map -> writeObject(out, new TreeMap<>(map), depth);
            case List<?> list -> writeArray(out, list, depth);
            case Double number when number.isNaN() || number.isInfinite() -> out.append("null");
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> writeText(out, value.toString());
        }
    }

    private static void writeObject(StringBuilder out, Map<?, ? extends @Nullable Object> members, int depth) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ? extends @Nullable Object> member : members.entrySet()) {
            out.append(separator);
            newLine(out, depth + 1);
            writeText(out, String.valueOf(member.getKey()));
            out.append(": ");
            write(out, member.getValue(), depth + 1);
            separator = ",";
        }
        if (!members.isEmpty()) {
            newLine(out, depth);
        }
        out.append('}');
    }

    private static void writeArray(StringBuilder out, List<?> elements, int depth) {
        out.append('[');
        String separator = "";
        for (Object element : elements) {
            out.append(separator);
            newLine(out, depth + 1);
            write(out, element, depth + 1);
            separator = ",";
        }
        if (!elements.isEmpty()) {
            newLine(out, depth);
        }
        out.append(']');
    }

    private static void newLine(StringBuilder out, int depth) {
        out.append('\n').repeat("  ", depth);
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        writeText(out, text);
        return out.toString();
    }

    private static void writeText(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    // besides what JSON demands, what a terminal or a script tag would take for a command
                    if (c < 0x20 || c == 0x7f || c == '<' || (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029) {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
