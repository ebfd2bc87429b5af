package dev.sallyport.extension.authn.oidc.provider;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.remote.Fetcher;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a provider says of itself (OpenID Connect Discovery §3).
///
/// @param userinfo   or null
/// @param endSession where browsers log out (RP-initiated logout), or null
/// @param namesItself whether its answers to logins carry `iss` (RFC 9207)
public record Metadata(
        URI authorization,
        URI token,
        URI keys,
        @Nullable URI userinfo,
        @Nullable URI endSession,
        boolean namesItself) {
    /// A document that cannot be gone by.
    static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(String message) {
            super(message);
        }
    }

    /// Where the document of `issuer` is.
    static URI location(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return URI.create(base + "/.well-known/openid-configuration");
    }

    /// Reads the document of `issuer` (threat OA-17).
    ///
    /// @param byCertificate whether endpoints for clients with a TLS certificate are meant, where there are such
    ///     (RFC 8705 §5)
    static Metadata read(byte[] document, String issuer, boolean byCertificate) throws InvalidException {
        Map<String, @Nullable Object> members = StrictJson.object(document);
        if (members == null) {
            throw new InvalidException("no JSON object");
        }
        Claims claims = Claims.of(members);
        if (!issuer.equals(claims.all().get("issuer"))) {
            throw new InvalidException("issuer: " + claims.all().get("issuer") + " (expected: " + issuer + ")");
        }
        List<String> challenges = claims.texts("code_challenge_methods_supported");
        if (claims.all().containsKey("code_challenge_methods_supported") && !challenges.contains("S256")) {
            throw new InvalidException("code_challenge_methods_supported: without S256 (expected: S256)");
        }
        Claims aliases = byCertificate ? aliases(claims) : Claims.NONE;
        URI token = url(aliases, "token_endpoint");
        URI userinfo = url(aliases, "userinfo_endpoint");
        return new Metadata(
                needed(claims, "authorization_endpoint"),
                token == null ? needed(claims, "token_endpoint") : token,
                needed(claims, "jwks_uri"),
                userinfo == null ? url(claims, "userinfo_endpoint") : userinfo,
                url(claims, "end_session_endpoint"),
                Boolean.TRUE.equals(claims.all().get("authorization_response_iss_parameter_supported")));
    }

    private static Claims aliases(Claims claims) {
        if (!(claims.all().get("mtls_endpoint_aliases") instanceof Map<?, ?> members)) {
            return Claims.NONE;
        }
        Map<String, Object> aliases = new LinkedHashMap<>();
        members.forEach((name, value) -> aliases.put(String.valueOf(name), value));
        return Claims.of(aliases);
    }

    private static URI needed(Claims claims, String name) throws InvalidException {
        URI url = url(claims, name);
        if (url == null) {
            throw new InvalidException(name + ": missing (expected: a URL)");
        }
        return url;
    }

    private static @Nullable URI url(Claims claims, String name) throws InvalidException {
        Object value = claims.all().get(name);
        if (value == null) {
            return null;
        }
        try {
            URI url = URI.create(String.valueOf(value));
            String problem = Fetcher.problem(url);
            if (problem == null) {
                return url;
            }
            throw new InvalidException(name + ": " + problem);
        } catch (IllegalArgumentException e) {
            throw new InvalidException(name + ": no URL");
        }
    }
}
