package dev.sallyport.telemetry;

/// Text that callers chose, for a terminal, which is not to do what they say (threat LG-01).
public final class Printable {
    private Printable() {}

    /// `text` with a question mark for each control character and each invisible one.
    public static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> printable.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c));
        return printable.toString();
    }
}
