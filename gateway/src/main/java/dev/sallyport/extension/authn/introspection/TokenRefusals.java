package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.extension.authn.jose.TokenFault;
import java.util.EnumMap;
import java.util.Map;

/// How bad tokens are refused (RFC 6750 §3.1), made once for each fault.
final class TokenRefusals {
    private static final Map<TokenFault, Authentication> BAD = new EnumMap<>(TokenFault.class);

    static {
        for (TokenFault fault : TokenFault.values()) {
            BAD.put(fault, new Authentication.BadCredential(of(fault)));
        }
    }

    private TokenRefusals() {}

    static Refusal of(TokenFault fault) {
        String challenge = "Bearer error=\"invalid_token\", error_description=\"" + fault.description() + '"';
        return Refusal.of(401, fault.code(), "Authentication failed", fault.description())
                .with(Headers.of("www-authenticate", challenge));
    }

    @SuppressWarnings("NullAway") // every fault has one
    static Authentication bad(TokenFault fault) {
        return BAD.get(fault);
    }
}
