package dev.sallyport.extension.token.service;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The refresh tokens that follow from one grant: one of them works, the last. As text one line without secrets.
///
/// @param client       whom they were given to
/// @param scope        what may be asked for, as in the grant
/// @param expires      when all of them end
/// @param digest       SHA-256 of the secret of the token that works, in base64url; empty when the family is revoked
/// @param accessTokens that came with them and may not have ended, the latest last
record RefreshFamily(
        String client, String scope, Instant expires, String digest, List<AccessTokens.Name> accessTokens) {
    private static final String SEPARATOR = "\t";
    private static final int PARTS = 5;

    /// Who refreshes more often within the life of an access token has access tokens that outlive a revocation.
    private static final int MOST_ACCESS_TOKENS = 100;

    RefreshFamily {
        accessTokens = List.copyOf(accessTokens);
    }

    boolean revoked() {
        return digest.isEmpty();
    }

    /// After a new refresh token was given.
    ///
    /// @param sha256 of its secret
    /// @param with   the access token that came with it
    RefreshFamily next(byte[] sha256, AccessTokens.Name with, Instant now) {
        List<AccessTokens.Name> living = new ArrayList<>();
        for (AccessTokens.Name one : accessTokens) {
            if (one.ends() > now.getEpochSecond()) {
                living.add(one);
            }
        }
        living.add(with);
        int first = Math.max(0, living.size() - MOST_ACCESS_TOKENS);
        return new RefreshFamily(client, scope, expires, digest(sha256), living.subList(first, living.size()));
    }

    static String digest(byte[] sha256) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256);
    }

    /// With its access tokens, which may still have to be taken back.
    RefreshFamily asRevoked() {
        return new RefreshFamily(client, scope, expires, "", accessTokens);
    }

    String text() {
        String tokens =
                accessTokens.stream().map(one -> one.id() + "=" + one.ends()).collect(Collectors.joining(","));
        return String.join(SEPARATOR, client, scope, Long.toString(expires.getEpochSecond()), digest, tokens);
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
            List<AccessTokens.Name> tokens = new ArrayList<>();
            for (String token : parts[4].isEmpty() ? new String[0] : parts[4].split(",", -1)) {
                int equals = token.indexOf('=');
                if (equals <= 0) {
                    return null;
                }
                tokens.add(
                        new AccessTokens.Name(token.substring(0, equals), Long.parseLong(token.substring(equals + 1))));
            }
            Instant expires = Instant.ofEpochSecond(Long.parseLong(parts[2]));
            return new RefreshFamily(parts[0], parts[1], expires, parts[3], tokens);
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
