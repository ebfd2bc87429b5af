package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.Audience;
import dev.sallyport.extension.authn.jose.NumericDate;
import dev.sallyport.extension.authn.jose.TokenFault;
import dev.sallyport.extension.authn.principal.PrincipalMapping;
import dev.sallyport.extension.authn.sender.Confirmation;
import dev.sallyport.extension.authn.sender.Senders;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Judges what a server says of a token: what it calls active must stand up to our own look too (threat OA-13).
final class AnswerReader {
    private final IntrospectionConfig config;
    private final PrincipalMapping mapping;
    private final Senders senders;

    /// @param name of the authenticator
    AnswerReader(IntrospectionConfig config, String name, Senders senders) {
        this.config = config;
        this.mapping = new PrincipalMapping(config.principal(), name);
        this.senders = senders;
    }

    /// What `members` say at `now`, in seconds of the epoch.
    ///
    /// @throws IOException they are no answer: `active` is no truth value
    Finding read(Map<String, @Nullable Object> members, long now) throws IOException {
        if (!(members.get("active") instanceof Boolean active)) {
            throw new IOException("an answer whose `active` is no truth value");
        }
        if (!active) {
            return new Finding.Bad(TokenFault.INACTIVE);
        }
        Map<String, @Nullable Object> said = new LinkedHashMap<>(members);
        said.remove("active");
        Claims claims = Claims.of(said);
        TokenFault fault = fault(claims, now);
        if (fault != null) {
            return new Finding.Bad(fault);
        }
        Principal principal = mapping.map(claims, credential(claims));
        if (principal == null) {
            return new Finding.Bad(TokenFault.CLAIMS);
        }
        Confirmation confirmation = senders.confirmation(said);
        return confirmation == null
                ? new Finding.Bad(TokenFault.BINDING)
                : new Finding.Good(new Authentication.Proven(principal), confirmation);
    }

    /// Not whether it has expired: whoever is found is looked at with each request.
    private @Nullable TokenFault fault(Claims claims, long now) {
        long skew = config.clockSkew().toSeconds();
        long expires = NumericDate.of(claims, "exp");
        long begins = NumericDate.of(claims, "nbf");
        long issued = NumericDate.of(claims, "iat");
        if (expires == NumericDate.INVALID || begins == NumericDate.INVALID || issued == NumericDate.INVALID) {
            return TokenFault.CLAIMS;
        }
        if (begins > now + skew || issued > now + skew) {
            return TokenFault.NOT_YET_VALID;
        }
        if (config.issuer() != null && !config.issuer().equals(claims.text("iss"))) {
            return TokenFault.ISSUER;
        }
        if (config.audience() != null && !Audience.isAmong(claims.all().get("aud"), List.of(config.audience()))) {
            return TokenFault.AUDIENCE;
        }
        return null;
    }

    private static Credential credential(Claims claims) {
        long issued = NumericDate.of(claims, "iat");
        long expires = NumericDate.of(claims, "exp");
        return new Credential(
                "introspection",
                claims.text("iss"),
                claims.text("jti"),
                claims.text("client_id"),
                null,
                Math.max(issued, 0),
                expires < 0 ? Credential.NEVER : expires);
    }
}
