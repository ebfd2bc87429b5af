package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import dev.sallyport.api.http.QueryParameter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parameters of the query by name, both decoded. One that occurs several times, in whatever spelling, has no one
/// value (threat AZ-03).
@Immutable
@SuppressWarnings("Immutable") // a view of an exchange, used and forgotten on its loop
final class QueryValues extends NamedValues {
    private final @Nullable String query;
    private final boolean lists;

    /// @param lists whether a value is the list of all values
    QueryValues(@Nullable String query, boolean lists) {
        this.query = query == null || query.isEmpty() ? null : query;
        this.lists = lists;
    }

    @Override
    @Nullable
    Object named(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        int first = next(wanted, 0);
        if (first < 0) {
            return null;
        }
        if (lists) {
            List<String> all = new ArrayList<>(2);
            for (int at = first; at >= 0; at = next(wanted, end(at) + 1)) {
                all.add(value(name, at));
            }
            return all;
        }
        if (next(wanted, end(first) + 1) >= 0) {
            throw new NoValue("query parameter " + name + " occurs several times");
        }
        return value(name, first);
    }

    @Override
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        String text = query;
        for (int at = 0; text != null && at <= text.length(); at = end(at) + 1) {
            if (end(at) > at) {
                String name = decoded(text, at, nameEnd(at));
                if (name == null) {
                    throw new NoValue("a name in the query is not valid");
                }
                names.add(name);
            }
        }
        return names;
    }

    @Override
    String title() {
        return lists ? "query_all" : "query";
    }

    /// Where the first parameter called `wanted` begins, from `from` on, or −1.
    private int next(byte[] wanted, int from) {
        String text = query;
        for (int at = from; text != null && at <= text.length(); at = end(at) + 1) {
            if (end(at) > at && QueryParameter.same(text, at, nameEnd(at), wanted)) {
                return at;
            }
        }
        return -1;
    }

    private int end(int start) {
        String text = query;
        if (text == null) {
            return start;
        }
        int end = text.indexOf('&', start);
        return end < 0 ? text.length() : end;
    }

    private int nameEnd(int start) {
        int end = end(start);
        int sign = query == null ? -1 : query.indexOf('=', start, end);
        return sign < 0 ? end : sign;
    }

    private String value(String name, int at) {
        String value = query == null ? null : decoded(query, Math.min(nameEnd(at) + 1, end(at)), end(at));
        if (value == null) {
            throw new NoValue("query parameter " + name + " is not encoded as UTF-8");
        }
        return value;
    }

    /// `text[start, end)` with escapes and `+` decoded, or null when that is no UTF-8.
    private static @Nullable String decoded(String text, int start, int end) {
        byte[] octets = new byte[end - start];
        int length = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= end) {
                    return null;
                }
                int high = Character.digit(text.charAt(i + 1), 16);
                int low = Character.digit(text.charAt(i + 2), 16);
                if (high < 0 || low < 0) {
                    return null;
                }
                octets[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                octets[length++] = c == '+' ? (byte) ' ' : (byte) c;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
