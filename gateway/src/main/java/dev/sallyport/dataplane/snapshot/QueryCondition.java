package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.QueryParameter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A query parameter that must be there, or be there once only with one exact value. Escapes and `+` are decoded
/// while they are compared; a repeated parameter never equals a value, because each reader would choose another of
/// them.
final class QueryCondition {
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
            if (QueryParameter.same(query, start, nameEnd, name)) {
                if (value == null) {
                    return true;
                }
                if (found) {
                    return false;
                }
                found = true;
                equal = QueryParameter.same(query, Math.min(nameEnd + 1, end), end, value);
            }
            start = end + 1;
        }
        return equal;
    }
}
