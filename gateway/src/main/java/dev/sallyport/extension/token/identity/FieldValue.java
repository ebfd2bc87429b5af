package dev.sallyport.extension.token.identity;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Claims as field values that mean one thing only: no value can begin a new field, a new item of a list or another
/// spelling of itself (threat JW-23).
final class FieldValue {
    private static final int LONGEST = 8192;
    private static final String HEX = "0123456789ABCDEF";

    private FieldValue() {}

    /// The field value of a text, number, truth value or list of these; null when it holds control characters or is
    /// too long.
    static @Nullable String of(Object value) {
        StringBuilder out = new StringBuilder();
        List<?> items = value instanceof List<?> list ? list : List.of(value);
        for (Object item : items) {
            if (!out.isEmpty()) {
                out.append(',');
            }
            if (!append(out, item.toString())) {
                return null;
            }
        }
        return out.length() > LONGEST ? null : out.toString();
    }

    private static boolean append(StringBuilder out, String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return false;
        }
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < octets.length; i++) {
            byte octet = octets[i];
            if ((octet >= 0 && octet < ' ') || octet == 0x7f) {
                return false;
            }
            boolean outer = i == 0 || i == octets.length - 1;
            if (octet < 0 || octet == '%' || octet == ',' || (octet == ' ' && outer)) {
                out.append('%').append(HEX.charAt((octet >> 4) & 0xf)).append(HEX.charAt(octet & 0xf));
            } else {
                out.append((char) octet);
            }
        }
        return true;
    }
}
