package dev.sallyport.api.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The grammar of host names and IPv4 addresses in an authority; internationalised names only in their ASCII form.
final class HostName {
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;

    private HostName() {}

    /// The name `bytes[start, end)` in lower case without its trailing dot; null when it is no host name.
    static @Nullable String canonical(byte[] bytes, int start, int end) {
        int last = end > start && bytes[end - 1] == '.' ? end - 1 : end;
        if (last == start || last - start > LONGEST_NAME) {
            return null;
        }
        boolean upper = false;
        int label = start;
        for (int i = start; i < last; i++) {
            int c = bytes[i];
            if (c == '.') {
                if (i == label || i - label > LONGEST_LABEL) {
                    return null;
                }
                label = i + 1;
            } else if (c >= 'A' && c <= 'Z') {
                upper = true;
            } else if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
                return null;
            }
        }
        if (label == last || last - label > LONGEST_LABEL) {
            return null;
        }
        if (number(bytes, label, last) && !Ipv4Literal.valid(bytes, start, last)) {
            return null;
        }
        String name = text(bytes, start, last);
        return upper ? name.toLowerCase(Locale.ROOT) : name;
    }

    /// Whether some parsers take the label for a number: decimal digits, or `0x` and hexadecimal ones.
    private static boolean number(byte[] bytes, int start, int end) {
        boolean hex = end - start >= 2 && bytes[start] == '0' && (bytes[start + 1] | 0x20) == 'x';
        for (int i = hex ? start + 2 : start; i < end; i++) {
            int c = bytes[i] | 0x20;
            if (!(bytes[i] >= '0' && bytes[i] <= '9') && !(hex && c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("deprecation") // the only constructor that widens octets without a charset decoder
    private static String text(byte[] bytes, int start, int end) {
        return new String(bytes, 0, start, end - start);
    }
}
