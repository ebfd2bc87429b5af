package dev.sallyport.telemetry;

/// Text that callers chose, for terminals, mails and messages, which are not to do what it says (threat LG-01).
public final class Printable {
    private Printable() {}

    /// `text` with a question mark for each control character, line end and invisible character.
    public static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> printable.appendCodePoint(plain(c) ? c : '?'));
        return printable.toString();
    }

    private static boolean plain(int c) {
        int type = Character.getType(c);
        return !Character.isISOControl(c)
                && type != Character.FORMAT
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
