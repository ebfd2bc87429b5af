package dev.sallyport.extension.authn.dpop;

import dev.sallyport.extension.authn.jose.Base64Url;
import dev.sallyport.extension.authn.jose.Sha256;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The public key that a proof brings along, reduced to what makes the key.
///
/// @param thumbprint its name (RFC 7638), over the required members only: others do not change it (threat DP-09)
/// @param members    the required members; nothing else of what the sender wrote is looked at
record ProofKey(String thumbprint, Map<String, String> members) {
    private static final String[] PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"};

    ProofKey {
        members = Map.copyOf(members);
    }

    /// The key that `jwk` describes; null when it is none, or holds a private part.
    static @Nullable ProofKey of(Map<?, ?> jwk) {
        for (String name : PRIVATE) {
            if (jwk.containsKey(name)) {
                return null;
            }
        }
        Object kind = jwk.get("kty");
        return switch (kind instanceof String text ? text : "") {
            case "EC" -> {
                String curve = curve(jwk, "P-256", "P-384", "P-521");
                String x = number(jwk, "x");
                String y = number(jwk, "y");
                yield curve == null || x == null || y == null
                        ? null
                        : of(
                                "{\"crv\":\"" + curve + "\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}",
                                Map.of("kty", "EC", "crv", curve, "x", x, "y", y));
            }
            case "RSA" -> {
                String e = number(jwk, "e");
                String n = number(jwk, "n");
                yield e == null || n == null
                        ? null
                        : of(
                                "{\"e\":\"" + e + "\",\"kty\":\"RSA\",\"n\":\"" + n + "\"}",
                                Map.of("kty", "RSA", "e", e, "n", n));
            }
            case "OKP" -> {
                String curve = curve(jwk, "Ed25519");
                String x = number(jwk, "x");
                yield curve == null || x == null
                        ? null
                        : of(
                                "{\"crv\":\"" + curve + "\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}",
                                Map.of("kty", "OKP", "crv", curve, "x", x));
            }
            default -> null;
        };
    }

    private static ProofKey of(String canonical, Map<String, String> members) {
        return new ProofKey(Sha256.text(canonical), members);
    }

    private static @Nullable String curve(Map<?, ?> jwk, String... known) {
        for (String curve : known) {
            if (curve.equals(jwk.get("crv"))) {
                return curve;
            }
        }
        return null;
    }

    /// The member's text, which needs no escapes in JSON.
    private static @Nullable String number(Map<?, ?> jwk, String name) {
        return jwk.get(name) instanceof String text && !text.isEmpty() && Base64Url.decode(text) != null ? text : null;
    }
}
