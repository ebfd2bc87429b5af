package dev.sallyport.extension.authn.server;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import org.jspecify.annotations.Nullable;

/// A token as a request shows it in `Authorization` (RFC 6750 §2.1, RFC 9449 §7.1).
///
/// @param scheme `Bearer` or `DPoP`
/// @param token  as written; empty when it is none
public record ShownToken(String scheme, String token) {
    private static final String[] SCHEMES = {"Bearer", "DPoP"};

    /// The token of a request with these fields, or null when it shows none.
    public static @Nullable ShownToken in(Headers headers) {
        String value = headers.first(FieldName.AUTHORIZATION);
        if (value == null) {
            return null;
        }
        for (String scheme : SCHEMES) {
            int length = scheme.length();
            if (value.regionMatches(true, 0, scheme, 0, length)
                    && (value.length() == length || value.charAt(length) == ' ')) {
                String token = value.substring(Math.min(value.length(), length + 1));
                return new ShownToken(scheme, isToken(token) ? token : "");
            }
        }
        return null;
    }

    /// Whether `text` can be a token (`b64token` of RFC 6750 §2.1).
    public static boolean isToken(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && "-._~+/".indexOf(c) < 0) {
                return false;
            }
        }
        return end > 0;
    }

    /// Without the token.
    @Override
    public String toString() {
        return scheme + " ***";
    }
}
