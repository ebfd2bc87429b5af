package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.extension.authn.jose.NumericDate;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.principal.PrincipalMapping;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes callers of what verified tokens say.
///
/// @param mapping where in the claims they are
record Callers(PrincipalMapping mapping) {
    /// The caller named in `payload`, JSON, or null when it names none.
    @Nullable
    Principal of(byte[] payload, VerificationKey key, long expiresAt) {
        Map<String, @Nullable Object> members = StrictJson.object(payload);
        return members == null ? null : of(Claims.of(members), key, expiresAt);
    }

    /// The caller that `claims` name, or null when they name none.
    @Nullable
    Principal of(Claims claims, VerificationKey key, long expiresAt) {
        String client = claims.text("client_id");
        return mapping.map(
                claims,
                new Credential(
                        "jwt",
                        claims.text("iss"),
                        claims.text("jti"),
                        client == null ? claims.text("azp") : client,
                        key.id(),
                        Math.max(0, NumericDate.of(claims, "iat")),
                        expiresAt));
    }
}
