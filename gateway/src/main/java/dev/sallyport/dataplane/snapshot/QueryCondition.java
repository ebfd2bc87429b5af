package dev.sallyport.dataplane.snapshot;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A query parameter that must be there, or be there once only with one exact value. Escapes and `+` are decoded
/// while they are compared; a repeated parameter never equals a value, because each reader would choose another of
/// them.
final class QueryCondition {
    private static final int NO_OCTET = -1;

    private final byte[] name;
    private final byte @Nullable [] value;

    QueryCondition(FieldMatch match) {
        name = match.name().getBytes(StandardCharsets.UTF_8);
        String wanted = match.value();
        value = wanted == null ? null : wanted.getBytes(StandardCharsets.UTF_8);
    }

    boolean holds(@Nullable String query) {
        if (query == null) {
            return false;
        }
        boolean equal = false;
        boolean found = false;
        int start = 0;
        while (start <= query.length()) {
            int end = query.indexOf('&', start);
            end = end < 0 ? query.length() : end;
            int sign = query.indexOf('=', start, end);
            int nameEnd = sign < 0 ? end : sign;
            if (same(query, start, nameEnd, name)) {
                if (value == null) {
                    return true;
                }
                if (found) {
                    return false;
                }
                found = true;
                equal = same(query, Math.min(nameEnd + 1, end), end, value);
            }
            start = end + 1;
        }
        return equal;
    }

    /// Whether `query[start, end)`, decoded, is `wanted`.
    private static boolean same(String query, int start, int end, byte[] wanted) {
        int i = start;
        int at = 0;
        while (i < end) {
            int octet = query.charAt(i);
            int size = 1;
            if (octet == '+') {
                octet = ' ';
            } else if (octet == '%') {
                octet = octet(query, i, end);
                size = 3;
            }
            if (octet == NO_OCTET || at == wanted.length || octet != (wanted[at] & 0xff)) {
                return false;
            }
            at++;
            i += size;
        }
        return at == wanted.length;
    }

    private static int octet(String query, int i, int end) {
        if (i + 2 >= end) {
            return NO_OCTET;
        }
        int octet = Character.digit(query.charAt(i + 1), 16) << 4 | Character.digit(query.charAt(i + 2), 16);
        return octet < 0 ? NO_OCTET : octet;
    }
}
