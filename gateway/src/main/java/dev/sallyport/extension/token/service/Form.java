package dev.sallyport.extension.token.service;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parameters of a form, each at most once (RFC 6749 §3.2).
record Form(Map<String, String> parameters) {
    /// Reads a body of `application/x-www-form-urlencoded`.
    ///
    /// @throws OAuthException it is none, or a parameter comes twice
    static Form parse(byte[] body) throws OAuthException {
        Map<String, String> parameters = new LinkedHashMap<>();
        String text = new String(body, StandardCharsets.ISO_8859_1);
        for (String part : text.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            String name = decoded(equals < 0 ? part : part.substring(0, equals));
            String value = equals < 0 ? "" : decoded(part.substring(equals + 1));
            if (parameters.put(name, value) != null) {
                throw OAuthException.invalidRequest("A parameter comes twice.");
            }
        }
        return new Form(parameters);
    }

    /// Percent-decoded as forms are, UTF-8.
    ///
    /// @throws OAuthException it is not encoded so
    static String decoded(String text) throws OAuthException {
        byte[] octets = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 3 <= text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
                if (low < 0) {
                    throw OAuthException.invalidRequest("The form is not encoded as forms are.");
                }
                octets[length++] = (byte) (high << 4 | low);
                i += 2;
            } else if (c > ' ' && c < 0x7f) {
                octets[length++] = (byte) (c == '+' ? ' ' : c);
            } else {
                throw OAuthException.invalidRequest("The form is not encoded as forms are.");
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets, 0, length))
                    .toString();
        } catch (CharacterCodingException _) {
            throw OAuthException.invalidRequest("The form is not UTF-8.");
        }
    }

    /// The value of a parameter, or null; empty ones count as absent (RFC 6749 §3.2).
    @Nullable
    String get(String name) {
        String value = parameters.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /// The value of a parameter that has to be there.
    ///
    /// @throws OAuthException it is not
    String need(String name) throws OAuthException {
        String value = get(name);
        if (value == null) {
            throw OAuthException.invalidRequest("The parameter " + name + " is missing.");
        }
        return value;
    }

    /// The names only.
    @Override
    public String toString() {
        return "Form" + parameters.keySet();
    }
}
