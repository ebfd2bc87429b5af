package dev.sallyport.extension.authn.sender;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.extension.authn.jose.ShownToken.Scheme;
import dev.sallyport.extension.authn.jose.TokenFault;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Every answer to a token that is not taken, made once: RFC 6750 §3.1 and RFC 9449 §7.1, with constant texts.
public final class TokenRefusals {
    private static final String TITLE = "Authentication failed";

    private final Map<Scheme, Map<TokenFault, Authentication>> bad = new EnumMap<>(Scheme.class);
    private final Map<Scheme, Map<TokenFault, Authentication>> unclaimed = new EnumMap<>(Scheme.class);
    private final Authentication malformedRequest;
    private final List<String> challenges;

    /// @param challenges what a request without a token is told
    TokenRefusals(List<String> challenges) {
        this.challenges = challenges;
        for (Scheme scheme : List.of(Scheme.BEARER, Scheme.DPOP)) {
            Map<TokenFault, Authentication> ofBad = new EnumMap<>(TokenFault.class);
            Map<TokenFault, Authentication> ofUnclaimed = new EnumMap<>(TokenFault.class);
            for (TokenFault fault : TokenFault.values()) {
                Refusal refusal = Refusal.of(401, fault.code(), TITLE, fault.description())
                        .with(fields(scheme, "invalid_token", fault.description()));
                ofBad.put(fault, new Authentication.BadCredential(refusal));
                ofUnclaimed.put(fault, new Authentication.Unclaimed(refusal));
            }
            bad.put(scheme, ofBad);
            unclaimed.put(scheme, ofUnclaimed);
        }
        String description = "The Authorization field is not one scheme, one space and one token.";
        malformedRequest = new Authentication.BadCredential(
                Refusal.of(400, "authorization-malformed", "Malformed credentials", description)
                        .with(fields(Scheme.BEARER, "invalid_request", description)));
    }

    /// The challenges, that of the scheme used with what was wrong.
    private Headers fields(Scheme scheme, String error, String description) {
        Headers.Builder fields = new Headers.Builder();
        String said = "error=\"" + error + "\", error_description=\"" + description + '"';
        boolean told = false;
        for (String challenge : challenges) {
            boolean used = !told && challenge.startsWith(scheme.word());
            told |= used;
            fields.add(
                    "www-authenticate",
                    used ? challenge + (challenge.indexOf(' ') < 0 ? " " : ", ") + said : challenge);
        }
        if (!told) {
            fields.add("www-authenticate", scheme.word() + ' ' + said);
        }
        return fields.build();
    }

    /// A request that shows no single token.
    public Authentication malformedRequest() {
        return malformedRequest;
    }

    /// A token of this issuer, or of nobody, that is bad.
    public Authentication bad(Scheme scheme, TokenFault fault) {
        return Objects.requireNonNull(Objects.requireNonNull(bad.get(scheme)).get(fault));
    }

    /// A token that may be for somebody else.
    public Authentication unclaimed(Scheme scheme, TokenFault fault) {
        return Objects.requireNonNull(
                Objects.requireNonNull(unclaimed.get(scheme)).get(fault));
    }
}
