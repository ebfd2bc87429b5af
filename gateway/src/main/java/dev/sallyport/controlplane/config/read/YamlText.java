package dev.sallyport.controlplane.config.read;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Writes maps, lists, texts, numbers and truth values as YAML.
final class YamlText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/*.][A-Za-z0-9_./*-]*(:[A-Za-z0-9_./*-]+)*");
    private static final Pattern RESERVED =
            Pattern.compile("(?i)true|false|null|yes|no|on|off|\\*.*|\\.(nan|inf)|[0-9.]*(e[0-9]+)?|0[xo].*");
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder();

    private YamlText() {}

    static String of(Map<String, Object> tree) {
        YamlText text = new YamlText();
        text.map(tree, "");
        return text.out.toString();
    }

    private void map(Map<?, ?> map, String indent) {
        map.forEach((key, value) -> {
            String name = (String) key;
            out.append(indent)
                    .append(PLAIN_KEY.matcher(name).matches() ? name : quoted(name))
                    .append(':');
            child(value, indent);
        });
    }

    private void child(Object value, String indent) {
        switch (value) {
            case Map<?, ?> map
            when !map.isEmpty() -> {
                out.append('\n');
                map(map, indent + INDENT);
            }
            case List<?> list
            when !list.isEmpty() && list.stream().anyMatch(item -> item instanceof Map<?, ?>) -> {
                out.append('\n');
                list(list, indent + INDENT);
            }
            default -> out.append(' ').append(flow(value)).append('\n');
        }
    }

    private void list(List<?> list, String indent) {
        for (Object item : list) {
            if (item instanceof Map<?, ?> map && !map.isEmpty()) {
                int start = out.length();
                map(map, indent + INDENT);
                out.replace(start, start + indent.length() + INDENT.length(), indent + "- ");
            } else {
                out.append(indent).append("- ").append(flow(item)).append('\n');
            }
        }
    }

    private static String flow(Object value) {
        return switch (value) {
            case String text -> scalar(text);
            case List<?> list ->
                "[" + String.join(", ", list.stream().map(YamlText::flow).toList()) + "]";
            case Map<?, ?> map when map.isEmpty() -> "{}";
            default -> value.toString();
        };
    }

    private static String scalar(String text) {
        boolean plain = PLAIN.matcher(text).matches() && !RESERVED.matcher(text).matches();
        return plain ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' '
                            || c == 0x7f
                            || Character.isISOControl(c)
                            || c == 0x2028
                            || c == 0x2029
                            || c == 0xfeff) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
