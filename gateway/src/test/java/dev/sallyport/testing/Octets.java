package dev.sallyport.testing;

import java.nio.charset.StandardCharsets;

/// Octets as ISO-8859-1 text and back, and a spelling of them that is safe to print.
public final class Octets {
    private Octets() {}

    public static byte[] of(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    /// `text` with control characters, and what is not ASCII, spelled out, cut after 200 characters.
    public static String visible(String text) {
        StringBuilder spelled = new StringBuilder();
        for (int i = 0; i < text.length() && i < 200; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\r' -> spelled.append("\\r");
                case '\n' -> spelled.append("\\n");
                case '\t' -> spelled.append("\\t");
                default -> {
                    if (c < 0x20 || c > 0x7e) {
                        spelled.append(String.format("\\x%02x", (int) c));
                    } else {
                        spelled.append(c);
                    }
                }
            }
        }
        return text.length() > 200 ? spelled + "… (" + text.length() + ")" : spelled.toString();
    }
}
