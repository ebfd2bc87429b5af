package dev.sallyport.api.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads one JSON object of UTF-8 octets and nothing beside it: no member twice, no depth beyond 16, no lone
/// surrogates, no byte order mark, no numbers that a `long` or a finite `double` cannot hold (threats JW-08, JW-09).
///
/// Members are `String`, `Long`, `Double`, `Boolean`, `List`, `Map` or null. Nothing is thrown: what is wrong is null.
public final class StrictJson {
    private static final int DEEPEST = 16;
    private static final int LONGEST_NUMBER = 64;
    private static final int MOST_ITEMS = 1000;
    private static final Object WRONG = new Object();

    /// Names that nearly every token has: one string each for all that are remembered.
    private static final Map<String, String> COMMON = Stream.of(
                    "iss",
                    "sub",
                    "aud",
                    "exp",
                    "nbf",
                    "iat",
                    "jti",
                    "azp",
                    "acr",
                    "amr",
                    "typ",
                    "sid",
                    "scope",
                    "scp",
                    "client_id",
                    "auth_time",
                    "session_state",
                    "roles",
                    "groups",
                    "tenant",
                    "realm_access",
                    "resource_access",
                    "cnf",
                    "jkt",
                    "email",
                    "email_verified",
                    "name",
                    "preferred_username",
                    "given_name",
                    "family_name",
                    "allowed-origins")
            .collect(Collectors.toUnmodifiableMap(name -> name, name -> name));

    private final byte[] in;
    private int at;

    private StrictJson(byte[] in) {
        this.in = in;
    }

    /// The object that `octets` are, or null.
    public static @Nullable Map<String, @Nullable Object> object(byte[] octets) {
        StrictJson reader = new StrictJson(octets);
        reader.space();
        Map<String, @Nullable Object> object = reader.peek() == '{' ? reader.members(1) : null;
        reader.space();
        return reader.at == octets.length ? object : null;
    }

    private int peek() {
        return at < in.length ? in[at] & 0xff : -1;
    }

    private void space() {
        while (at < in.length && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
    }

    private @Nullable Map<String, @Nullable Object> members(int depth) {
        at++;
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        space();
        if (peek() == '}') {
            at++;
            return members;
        }
        while (true) {
            space();
            String name = peek() == '"' ? string() : null;
            space();
            if (name == null || members.containsKey(name) || members.size() == MOST_ITEMS || peek() != ':') {
                return null;
            }
            at++;
            Object value = value(depth);
            if (value == WRONG) {
                return null;
            }
            members.put(COMMON.getOrDefault(name, name), value);
            space();
            int next = peek();
            at++;
            if (next == '}') {
                return members;
            }
            if (next != ',') {
                return null;
            }
        }
    }

    private @Nullable Object items(int depth) {
        at++;
        List<@Nullable Object> items = new ArrayList<>();
        space();
        if (peek() == ']') {
            at++;
            return items;
        }
        while (true) {
            Object value = items.size() == MOST_ITEMS ? WRONG : value(depth);
            if (value == WRONG) {
                return WRONG;
            }
            items.add(value);
            space();
            int next = peek();
            at++;
            if (next == ']') {
                return items;
            }
            if (next != ',') {
                return WRONG;
            }
        }
    }

    private @Nullable Object value(int depth) {
        space();
        return switch (peek()) {
            case '{' -> depth == DEEPEST ? WRONG : orWrong(members(depth + 1));
            case '[' -> depth == DEEPEST ? WRONG : items(depth + 1);
            case '"' -> orWrong(string());
            case 't' -> word("true") ? true : WRONG;
            case 'f' -> word("false") ? false : WRONG;
            case 'n' -> word("null") ? null : WRONG;
            default -> number();
        };
    }

    private static Object orWrong(@Nullable Object value) {
        return value == null ? WRONG : value;
    }

    private boolean word(String word) {
        if (in.length - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (in[at + i] != word.charAt(i)) {
                return false;
            }
        }
        at += word.length();
        return true;
    }

    private Object number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else if (digits() == 0) {
            return WRONG;
        }
        boolean whole = true;
        if (peek() == '.') {
            whole = false;
            at++;
            if (digits() == 0) {
                return WRONG;
            }
        }
        if (peek() == 'e' || peek() == 'E') {
            whole = false;
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            if (digits() == 0) {
                return WRONG;
            }
        }
        return at - start > LONGEST_NUMBER ? WRONG : number(start, whole);
    }

    private Object number(int start, boolean whole) {
        String text = new String(in, start, at - start, StandardCharsets.ISO_8859_1);
        if (!whole) {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) ? value : WRONG;
        }
        long value = 0;
        boolean negative = text.charAt(0) == '-';
        for (int i = negative ? 1 : 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return WRONG;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    private int digits() {
        int start = at;
        while (at < in.length && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
        return at - start;
    }

    private @Nullable String string() {
        at++;
        int start = at;
        while (at < in.length && in[at] >= ' ' && in[at] != '"' && in[at] != '\\') {
            at++;
        }
        if (peek() == '"') {
            return new String(in, start, at++ - start, StandardCharsets.ISO_8859_1);
        }
        StringBuilder text = new StringBuilder(in.length - start);
        at = start;
        while (at < in.length) {
            int c = in[at] & 0xff;
            if (c == '"') {
                at++;
                return surrogatesPair(text) ? text.toString() : null;
            }
            int point = c < ' ' ? -1 : c == '\\' ? escape() : c < 0x80 ? single() : utf8();
            if (point < 0) {
                return null;
            }
            text.appendCodePoint(point);
        }
        return null;
    }

    private int single() {
        return in[at++];
    }

    private int escape() {
        at++;
        int c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> -1;
        };
    }

    private int hex() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int c = peek();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
            at++;
        }
        return value;
    }

    /// One character beyond ASCII (RFC 3629 §4), or −1: no overlong forms, no surrogates.
    private int utf8() {
        int lead = in[at++] & 0xff;
        int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
        if (lead < 0xc2 || lead > 0xf4 || in.length - at < more) {
            return -1;
        }
        int point = lead & (0x3f >> more);
        for (int i = 0; i < more; i++) {
            int c = in[at++] & 0xff;
            if ((c & 0xc0) != 0x80) {
                return -1;
            }
            point = point << 6 | (c & 0x3f);
        }
        int least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
        boolean surrogate = point >= 0xd800 && point <= 0xdfff;
        return point < least || point > 0x10ffff || surrogate ? -1 : point;
    }

    /// Whether every surrogate, which only escapes can have made, has its other half.
    private static boolean surrogatesPair(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
