package dev.sallyport.controlplane.config;

/// Something wrong with a configuration.
///
/// @param at      where it stands
/// @param path    of the key, such as `upstreams.orders.endpoints[2].weight`; empty for the whole
/// @param message what is wrong, with the value; never a resolved secret. Kept, like path and hint, to one line of
///                bounded length whatever stands in the file: a message must not forge another (threat LG-01)
/// @param hint    what would be right, empty when the message says it all
public record ConfigProblem(Severity severity, Mark at, String path, String message, String hint) {
    private static final int LONGEST = 240;

    public ConfigProblem {
        path = printable(path);
        message = printable(message);
        hint = printable(hint);
    }

    /// Whether a configuration with the problem can be used.
    public enum Severity {
        /// It cannot.
        ERROR,
        /// It can, but hardly means what was meant.
        WARNING
    }

    public static ConfigProblem error(Mark at, String path, String message, String hint) {
        return new ConfigProblem(Severity.ERROR, at, path, message, hint);
    }

    public static ConfigProblem warning(Mark at, String path, String message, String hint) {
        return new ConfigProblem(Severity.WARNING, at, path, message, hint);
    }

    public String file() {
        return at.file();
    }

    public int line() {
        return at.line();
    }

    public int column() {
        return at.column();
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /// `file:line:column path: message (hint)`, in one line; a warning says so.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(120).append(at).append(' ');
        if (severity == Severity.WARNING) {
            text.append("warning: ");
        }
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        text.append(message);
        if (!hint.isEmpty()) {
            text.append(" (").append(hint).append(')');
        }
        return text.toString();
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST));
        for (int i = 0; i < text.length(); i++) {
            if (i == LONGEST) {
                return out.append('…').toString();
            }
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    boolean invisible = Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT
                            || Character.getType(c) == Character.LINE_SEPARATOR
                            || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
                    out.append(invisible ? String.format("\\u%04x", (int) c) : String.valueOf(c));
                }
            }
        }
        return out.toString();
    }
}
