package dev.sallyport.extension.authn.oidc.provider;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.json.StrictJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a token endpoint granted (RFC 6749 §5.1).
///
/// @param refreshToken or null
/// @param idToken      or null
/// @param expiresIn    seconds, 0 when not stated
public record TokenResponse(
        String accessToken,
        @Nullable String refreshToken,
        @Nullable String idToken,
        long expiresIn) {
    private static final long LONGEST = 30L * 24 * 3600;

    /// Reads a response, or null when it grants nothing that can be used.
    static @Nullable TokenResponse read(byte[] body) {
        Map<String, @Nullable Object> members = StrictJson.object(body);
        if (members == null) {
            return null;
        }
        Claims claims = Claims.of(members);
        String access = claims.text("access_token");
        String type = claims.text("token_type");
        Object expires = claims.all().get("expires_in");
        long seconds = expires instanceof Long number && number >= 0 ? Math.min(number, LONGEST) : 0;
        boolean usable = access != null
                && type != null
                && (type.equalsIgnoreCase("Bearer") || type.equalsIgnoreCase("DPoP"))
                && (expires == null || expires instanceof Long);
        return usable && access != null
                ? new TokenResponse(access, claims.text("refresh_token"), claims.text("id_token"), seconds)
                : null;
    }

    /// Never the tokens themselves.
    @Override
    public String toString() {
        return "TokenResponse";
    }
}
