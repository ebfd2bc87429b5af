package dev.sallyport.api.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One parameter of queries, by its name. Escapes and `+` in names are decoded while they are compared, so that no
/// spelling of it is overlooked; `&` alone separates.
public final class QueryParameter {
    private static final int NO_OCTET = -1;

    private final byte[] name;

    public QueryParameter(String name) {
        this.name = name.getBytes(StandardCharsets.UTF_8);
    }

    /// How often it occurs in `query`.
    public int count(@Nullable String query) {
        int count = 0;
        for (int start = 0; query != null && start <= query.length(); start = end(query, start) + 1) {
            count += isAt(query, start) ? 1 : 0;
        }
        return count;
    }

    /// Its first value as it is written, empty when it has none; null when it does not occur.
    public @Nullable String first(@Nullable String query) {
        for (int start = 0; query != null && start <= query.length(); start = end(query, start) + 1) {
            if (isAt(query, start)) {
                return query.substring(
                        Math.min(nameEnd(query, start, end(query, start)) + 1, end(query, start)), end(query, start));
            }
        }
        return null;
    }

    /// `query` without it; null when nothing is left.
    public @Nullable String without(@Nullable String query) {
        if (query == null || count(query) == 0) {
            return query;
        }
        StringBuilder kept = new StringBuilder(query.length());
        for (int start = 0; start <= query.length(); start = end(query, start) + 1) {
            if (!isAt(query, start)) {
                kept.append(kept.isEmpty() ? "" : "&").append(query, start, end(query, start));
            }
        }
        return kept.isEmpty() ? null : kept.toString();
    }

    private boolean isAt(String query, int start) {
        return same(query, start, nameEnd(query, start, end(query, start)), name);
    }

    private static int end(String query, int start) {
        int end = query.indexOf('&', start);
        return end < 0 ? query.length() : end;
    }

    private static int nameEnd(String query, int start, int end) {
        int sign = query.indexOf('=', start, end);
        return sign < 0 ? end : sign;
    }

    /// Whether `query[start, end)`, decoded, is `wanted`.
    public static boolean same(String query, int start, int end, byte[] wanted) {
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
