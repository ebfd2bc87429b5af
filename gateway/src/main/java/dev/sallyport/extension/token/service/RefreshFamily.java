package dev.sallyport.extension.token.service;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The refresh tokens that follow from one grant: one of them works, the last. As text one line without secrets.
///
/// @param client  whom they were given to
/// @param scope   what may be asked for, as in the grant
/// @param expires when all of them end
/// @param digest  SHA-256 of the secret of the token that works, in base64url; empty when the family is revoked
record RefreshFamily(String client, String scope, Instant expires, String digest) {
    private static final String SEPARATOR = "\t";
    private static final int PARTS = 4;

    boolean revoked() {
        return digest.isEmpty();
    }

    RefreshFamily with(byte[] sha256) {
        return new RefreshFamily(
                client, scope, expires, Base64.getUrlEncoder().withoutPadding().encodeToString(sha256));
    }

    RefreshFamily asRevoked() {
        return new RefreshFamily(client, scope, expires, "");
    }

    String text() {
        return String.join(SEPARATOR, client, scope, Long.toString(expires.getEpochSecond()), digest);
    }

    byte[] octets() {
        return text().getBytes(StandardCharsets.UTF_8);
    }

    /// What [#text()] gave, or null.
    static @Nullable RefreshFamily parse(String text) {
        String[] parts = text.split(SEPARATOR, -1);
        if (parts.length != PARTS) {
            return null;
        }
        try {
            return new RefreshFamily(parts[0], parts[1], Instant.ofEpochSecond(Long.parseLong(parts[2])), parts[3]);
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
