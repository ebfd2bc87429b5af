package dev.sallyport.api.identity;

import org.jspecify.annotations.Nullable;

/// What is known of the proof a caller gave, never the proof itself. Revocation and logs go by it.
///
/// @param kind      the kind of authenticator that took it, such as `jwt`
/// @param issuer    who made it, or null
/// @param id        its own name: a token's `jti`, an API key's id, a session's public id; or null
/// @param client    the client it was made for, or null
/// @param key       the id of the key that signed it, or null
/// @param issuedAt  seconds of the epoch, 0 when unknown
/// @param expiresAt seconds of the epoch from which it is no longer good, [#NEVER] for no end
public record Credential(
        String kind,
        @Nullable String issuer,
        @Nullable String id,
        @Nullable String client,
        @Nullable String key,
        long issuedAt,
        long expiresAt) {
    public static final long NEVER = Long.MAX_VALUE;

    /// One of which nothing more is known than its kind.
    public static Credential of(String kind) {
        return new Credential(kind, null, null, null, null, 0, NEVER);
    }

    /// Whether it is past its time at `epochSecond`.
    public boolean expired(long epochSecond) {
        return epochSecond >= expiresAt;
    }
}
