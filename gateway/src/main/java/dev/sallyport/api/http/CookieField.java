package dev.sallyport.api.http;

import org.jspecify.annotations.Nullable;

/// Reads `Cookie` fields strictly (RFC 6265 §4.2.1), and takes pairs out of them.
///
/// Old forms that other parsers understand (`$Version`, quoted values) are not: a cookie in them counts as absent
/// (threat OA-08).
public final class CookieField {
    private CookieField() {}

    /// The value of the cookie called exactly `name`; null when there is none, more than one, or any doubt.
    public static @Nullable String value(Headers headers, String name) {
        String found = null;
        for (int i = headers.indexOf(FieldName.COOKIE); i >= 0; i = headers.indexOf(FieldName.COOKIE, i + 1)) {
            String field = headers.value(i);
            for (int at = 0; at <= field.length(); ) {
                int end = pairEnd(field, at);
                int start = skipSpace(field, at, end);
                if (start < end && field.charAt(start) == '$') {
                    return null;
                }
                int equals = field.indexOf('=', start);
                if (equals == start + name.length() && equals < end && field.startsWith(name, start)) {
                    if (found != null) {
                        return null;
                    }
                    found = field.substring(equals + 1, trimmedEnd(field, equals + 1, end));
                }
                at = end + 1;
            }
        }
        return found == null || found.isEmpty() || !isPlain(found) ? null : found;
    }

    /// Of one field's value, the pairs whose names do not begin with one of `prefixes` (in lower case; compared in
    /// any case), as they stand; the value itself when that is all of them, null when it is none.
    public static @Nullable String without(String field, String... prefixes) {
        StringBuilder kept = null;
        for (int at = 0; at <= field.length(); ) {
            int end = pairEnd(field, at);
            int start = skipSpace(field, at, end);
            boolean taken = false;
            for (String prefix : prefixes) {
                taken |= field.regionMatches(true, start, prefix, 0, prefix.length());
            }
            if (taken && kept == null) {
                kept = new StringBuilder(field.length()).append(field, 0, Math.max(0, at - 1));
            } else if (!taken && kept != null && start < end) {
                kept.append(kept.isEmpty() ? "" : "; ").append(field, start, trimmedEnd(field, start, end));
            }
            at = end + 1;
        }
        return kept == null ? field : kept.isEmpty() ? null : kept.toString();
    }

    private static int pairEnd(String field, int from) {
        int end = field.indexOf(';', from);
        return end < 0 ? field.length() : end;
    }

    private static int skipSpace(String field, int from, int end) {
        int at = from;
        while (at < end && isSpace(field.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int trimmedEnd(String field, int from, int end) {
        int at = end;
        while (at > from && isSpace(field.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /// Whether all octets are of a cookie's value without quotes: no space, quote, comma or backslash.
    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c == '"' || c == ',' || c == '\\' || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }
}
