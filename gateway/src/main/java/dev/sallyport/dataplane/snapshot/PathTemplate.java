package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.PathReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A path pattern: literal segments, `{name}` for exactly one segment that is not empty, a last `/**` for any
/// rest, the empty one included: `/orders/**` takes `/orders`, `/orders/` and everything below. Otherwise a
/// trailing slash counts:
/// `/orders/` and `/orders` are two patterns. Literals are compared as written, in the canonical form of
/// [PathReader].
public final class PathTemplate {
    private static final int MOST_SEGMENTS = 64;
    private static final String REST = "/**";

    private final String text;
    private final List<String> segments;
    private final List<String> names;
    private final boolean open;

    private PathTemplate(String text, List<String> segments, List<String> names, boolean open) {
        this.text = text;
        this.segments = List.copyOf(segments);
        this.names = List.copyOf(names);
        this.open = open;
    }

    /// The template spelled by `text`.
    ///
    /// @throws IllegalArgumentException when it is none, with what would be right
    public static PathTemplate parse(String text) {
        if (!text.startsWith("/")) {
            throw refused(text, "does not begin with a slash", "/" + text);
        }
        boolean open = text.endsWith(REST);
        String fixed = open ? text.substring(0, text.length() - REST.length()) : text;
        List<String> segments = new ArrayList<>();
        List<String> names = new ArrayList<>();
        if (!fixed.isEmpty()) {
            String[] parts = fixed.substring(1).split("/", -1);
            if (parts.length > MOST_SEGMENTS) {
                throw refused(text, parts.length + " segments", "at most " + MOST_SEGMENTS);
            }
            for (int i = 0; i < parts.length; i++) {
                boolean trailing = i == parts.length - 1 && !open;
                String name = check(text, parts[i], trailing);
                if (name != null && names.contains(name)) {
                    throw refused(text, "the parameter {" + name + "} occurs twice", "one name for each");
                }
                if (name != null) {
                    names.add(name);
                }
                segments.add(parts[i]);
            }
        }
        if (open && names.contains(Exchange.REST)) {
            throw refused(text, "parameter {" + Exchange.REST + "}", "another name, as this one is what /** matches");
        }
        return new PathTemplate(text, segments, names, open);
    }

    /// The name when `segment` is a parameter, null when it is a literal.
    private static @Nullable String check(String text, String segment, boolean trailing) {
        if (segment.isEmpty()) {
            if (trailing) {
                return null;
            }
            throw refused(text, "empty segment", "one slash between segments");
        }
        if (parameter(segment)) {
            String name = segment.substring(1, segment.length() - 1);
            if (!isName(name)) {
                throw refused(text, "parameter name '" + name + "'", "a letter, then letters, digits, - and _");
            }
            return name;
        }
        if (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0) {
            throw refused(text, "segment '" + segment + "'", "a parameter is a whole segment: /{name}");
        }
        if (segment.indexOf('*') >= 0) {
            throw refused(text, "segment '" + segment + "'", "{name} for one segment, or /** at the end");
        }
        String canonical = PathReader.canonical("/" + segment);
        if (canonical == null || canonical.equals("/")) {
            throw refused(text, "segment '" + segment + "'", "no dot segments, other characters escaped as UTF-8");
        }
        if (!canonical.substring(1).equals(segment)) {
            throw refused(text, "segment '" + segment + "'", canonical.substring(1));
        }
        return null;
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!letter && (i == 0 || (c != '-' && (c < '0' || c > '9')))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static IllegalArgumentException refused(String text, String what, String expected) {
        return new IllegalArgumentException(text + ": " + what + " (expected: " + expected + ")");
    }

    /// Whether `segment` stands for any one segment.
    static boolean parameter(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    /// As configured.
    public String text() {
        return text;
    }

    /// The segments as written, without the last `**`; the empty one at the end stands for a trailing slash.
    public List<String> segments() {
        return segments;
    }

    /// The names of the parameters, in the order of the path.
    public List<String> names() {
        return names;
    }

    /// Whether the template ends in `/**`.
    public boolean open() {
        return open;
    }

    /// The text without the names: equal for templates that match the same paths.
    public String shape() {
        StringBuilder shape = new StringBuilder(text.length());
        for (String segment : segments) {
            shape.append('/').append(parameter(segment) ? "{}" : segment);
        }
        return open ? shape.append(REST).toString() : shape.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathTemplate template && text.equals(template.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
