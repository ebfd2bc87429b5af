package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.extension.authn.jose.CompactToken;
import dev.sallyport.extension.authn.jose.JoseHeader;
import dev.sallyport.extension.authn.oidc.provider.OidcConfig;
import dev.sallyport.extension.authn.principal.PrincipalMapping;
import dev.sallyport.extension.authn.session.Session;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who a session's caller is, by its ID token, which was verified before it was stored, and by what the provider says
/// beside it.
final class Identity {
    private final OidcConfig config;
    private final PrincipalMapping mapping;

    Identity(OidcConfig config, String authenticator) {
        this.config = config;
        this.mapping = new PrincipalMapping(config.principal(), authenticator);
    }

    /// The caller, or null when the session names nobody that can be let in.
    @Nullable
    Principal of(Session session) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (!session.tokens().userinfo().isEmpty()) {
            add(all, StrictJson.object(session.tokens().userinfo().getBytes(StandardCharsets.UTF_8)));
        }
        add(all, claims(session.tokens().id()).all());
        Claims claims = Claims.of(all);
        // an address nobody proved to have may be anybody's (threat OA-18)
        if (config.principal().id().equals("email")
                && !Boolean.TRUE.equals(claims.all().get("email_verified"))) {
            return null;
        }
        Session.Times times = session.times();
        Credential credential = new Credential(
                OidcLogin.KIND,
                config.issuer(),
                session.publicId(),
                config.client().id(),
                null,
                times.began(),
                times.ends());
        return mapping.map(claims, credential);
    }

    /// What a verified token says.
    static Claims claims(String token) {
        Claims claims = CompactToken.read(token, JoseHeader.Rules.KNOWN_KEY) instanceof CompactToken.Jws signed
                ? signed.claims()
                : null;
        return claims == null ? Claims.NONE : claims;
    }

    private static void add(Map<String, Object> all, @Nullable Map<String, ? extends @Nullable Object> more) {
        if (more != null) {
            more.forEach((name, value) -> {
                if (value != null) {
                    all.put(name, value);
                }
            });
        }
    }
}
