package dev.sallyport.extension.authn.jose;

import dev.sallyport.api.json.StrictJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The header of a compact token, after what is never accepted was refused: `crit`, `b64`, `zip`, `jku`, `x5u`, `x5c`,
/// and `jwk` unless the rules allow it (threats JW-06, JW-07, JW-15).
///
/// @param algorithm   `alg` as written
/// @param encryption  `enc` as written, null for a JWS
/// @param keyId       `kid`, or null
/// @param type        `typ`, or null
/// @param contentType `cty`, or null
/// @param all         every member
public record JoseHeader(
        String algorithm,
        @Nullable String encryption,
        @Nullable String keyId,
        @Nullable String type,
        @Nullable String contentType,
        Map<String, @Nullable Object> all) {
    private static final int LONGEST_KEY_ID = 256;
    private static final int LONGEST_WORD = 64;
    private static final String[] REFUSED = {"crit", "b64", "zip", "jku", "x5u", "x5c"};

    /// What a header may hold.
    public enum Rules {
        /// An access token or the like, whose key is known beforehand.
        KNOWN_KEY,
        /// A proof that brings its public key along as `jwk` (RFC 9449 §4.2).
        EMBEDDED_KEY
    }

    /// The header that `octets` are, or null when they are none that is accepted.
    static @Nullable JoseHeader read(byte[] octets, boolean encrypted, Rules rules) {
        Map<String, @Nullable Object> all = StrictJson.object(octets);
        if (all == null || all.containsKey("enc") != encrypted) {
            return null;
        }
        for (String name : REFUSED) {
            if (all.containsKey(name)) {
                return null;
            }
        }
        if (all.containsKey("jwk") && (rules == Rules.KNOWN_KEY || !(all.get("jwk") instanceof Map))) {
            return null;
        }
        boolean wellTyped = isText(all, "alg", LONGEST_WORD)
                && isText(all, "enc", LONGEST_WORD)
                && isText(all, "typ", LONGEST_WORD)
                && isText(all, "cty", LONGEST_WORD)
                && isText(all, "kid", LONGEST_KEY_ID);
        if (!wellTyped || !(all.get("alg") instanceof String algorithm)) {
            return null;
        }
        return new JoseHeader(algorithm, text(all, "enc"), text(all, "kid"), text(all, "typ"), text(all, "cty"), all);
    }

    private static boolean isText(Map<String, @Nullable Object> all, String name, int longest) {
        return !all.containsKey(name) || (all.get(name) instanceof String text && text.length() <= longest);
    }

    private static @Nullable String text(Map<String, @Nullable Object> all, String name) {
        return all.get(name) instanceof String text ? text : null;
    }

    /// The members of `jwk`, or null.
    @SuppressWarnings("unchecked") // members of objects have text for names
    public @Nullable Map<String, @Nullable Object> embeddedKey() {
        return all.get("jwk") instanceof Map<?, ?> jwk ? (Map<String, @Nullable Object>) jwk : null;
    }

    /// Whether `typ` is `type`, as media types compare: whatever the case, `application/` left out or not.
    public boolean isType(String wanted) {
        return sameMediaType(type, wanted);
    }

    /// Whether `cty` is `JWT`.
    public boolean holdsToken() {
        return sameMediaType(contentType, "JWT");
    }

    private static boolean sameMediaType(@Nullable String said, String wanted) {
        if (said == null) {
            return false;
        }
        int prefix = said.regionMatches(true, 0, "application/", 0, 12) ? 12 : 0;
        return said.length() - prefix == wanted.length()
                && said.regionMatches(true, prefix, wanted, 0, wanted.length());
    }
}
