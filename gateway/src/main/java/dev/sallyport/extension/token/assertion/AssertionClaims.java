package dev.sallyport.extension.token.assertion;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.identity.Principal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What an assertion says.
final class AssertionClaims {
    /// Claims that mean what the gateway says, never what a credential says.
    static final Set<String> OWN = Set.of(
            "iss",
            "sub",
            "aud",
            "iat",
            "nbf",
            "exp",
            "jti",
            "authenticator",
            "tenant",
            "roles",
            "client_id",
            "cnf",
            "act");

    private AssertionClaims() {}

    /// The claims about `caller`, who is to be looked up by `authenticator` and `sub` together. `jti` is the id of the
    /// request that it was first made for, as it stands in the access log.
    static Map<String, Object> of(AssertionConfig config, Principal caller, Exchange exchange, long now, long expires) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", config.issuer());
        claims.put("sub", caller.id());
        claims.put("aud", config.audience());
        claims.put("iat", now);
        claims.put("exp", expires);
        claims.put("jti", hex(exchange.requestIdHigh()) + hex(exchange.requestIdLow()));
        claims.put("authenticator", caller.authenticator());
        if (caller.tenant() != null) {
            claims.put("tenant", caller.tenant());
        }
        if (!caller.roles().isEmpty()) {
            claims.put("roles", caller.roles().stream().sorted().toList());
        }
        if (caller.credential().client() != null) {
            claims.put("client_id", caller.credential().client());
        }
        for (String name : config.claims()) {
            Object value = caller.claims().all().get(name);
            if (value != null) {
                claims.put(name, value);
            }
        }
        return claims;
    }

    private static String hex(long bits) {
        String digits = Long.toHexString(bits);
        return "0".repeat(16 - digits.length()) + digits;
    }
}
