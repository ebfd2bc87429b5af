package dev.sallyport.extension.authn.jose;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What the `Authorization` field of a request shows (RFC 9110 §11.6.2, RFC 6750 §2.1): nothing, another scheme, a
/// token, or something malformed. No other place of a request is looked at (threat JW-22).
///
/// @param octets where the token is, from `start` to `end`; shared, must not be modified
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record ShownToken(Scheme scheme, byte[] octets, int start, int end) {
    private static final byte[] NOTHING = {};
    private static final ShownToken NONE = new ShownToken(Scheme.NONE, NOTHING, 0, 0);
    private static final ShownToken OTHER = new ShownToken(Scheme.OTHER, NOTHING, 0, 0);
    private static final ShownToken MALFORMED = new ShownToken(Scheme.MALFORMED, NOTHING, 0, 0);

    /// How a token is shown.
    public enum Scheme {
        /// There is no `Authorization` field.
        NONE,
        /// There is one of a scheme without tokens, such as `Basic`.
        OTHER,
        /// There are two, or one that breaks its grammar.
        MALFORMED,
        BEARER,
        DPOP;

        /// As it is spelled in `WWW-Authenticate`.
        public String word() {
            return this == DPOP ? "DPoP" : "Bearer";
        }
    }

    /// What `headers` show.
    public static ShownToken of(Headers headers) {
        int index = headers.indexOf(FieldName.AUTHORIZATION);
        if (index < 0) {
            return NONE;
        }
        if ((headers.repeated() & FieldName.AUTHORIZATION.bit()) != 0) {
            return MALFORMED;
        }
        byte[] octets = headers.bytes();
        int start = headers.valueStart(index);
        int end = headers.valueEnd(index);
        Scheme scheme = isWord(octets, start, end, "bearer")
                ? Scheme.BEARER
                : isWord(octets, start, end, "dpop") ? Scheme.DPOP : Scheme.OTHER;
        if (scheme == Scheme.OTHER) {
            return OTHER;
        }
        int token = start + (scheme == Scheme.DPOP ? 4 : 6);
        return token + 1 < end && octets[token] == ' ' ? new ShownToken(scheme, octets, token + 1, end) : MALFORMED;
    }

    /// Whether the scheme, up to a space, a tab or the end, is `word` in whatever case.
    private static boolean isWord(byte[] octets, int start, int end, String word) {
        int length = word.length();
        if (end - start < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if ((octets[start + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return end - start == length || octets[start + length] == ' ' || octets[start + length] == '\t';
    }

    /// Whether it is one token68: nothing of what a caller could slip in beside a token.
    public boolean wellFormed() {
        int i = start;
        while (i < end && isToken68(octets[i])) {
            i++;
        }
        int plain = i;
        while (i < end && octets[i] == '=') {
            i++;
        }
        return i == end && plain > start;
    }

    private static boolean isToken68(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~'
                || c == '+'
                || c == '/';
    }

    /// A copy of the token's octets.
    public byte[] copy() {
        return Arrays.copyOfRange(octets, start, end);
    }

    /// The token as text.
    public String text() {
        return new String(octets, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /// Never the token.
    @Override
    public String toString() {
        return scheme.name();
    }
}
