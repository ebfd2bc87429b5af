package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.jose.Sha256;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.TokenFault;
import dev.sallyport.extension.authn.sender.TokenRefusals;
import java.time.Duration;
import java.time.InstantSource;

/// Takes each token once, by its `iss` and `jti`, at all gateways that share their state (threat JW-24).
///
/// What the state may have forgotten is not taken at all: a token that was issued before marks are complete may have
/// been used then.
final class SingleUse {
    private static final String SPACE = "jwt";

    /// Nobody can say whether a token was used, and there is no room to remember that it is now.
    private static final Authentication CROWDED = new Authentication.BadCredential(Refusal.of(
                    503,
                    "token-crowded",
                    "Too many tokens at once",
                    "Too many tokens that may be used once are remembered to take this one. Try again with another.")
            .with(Headers.of("retry-after", "10")));

    private final TokenRules rules;
    private final TokenRefusals refusals;
    private final SharedState state;
    private final InstantSource clock;

    SingleUse(TokenRules rules, TokenRefusals refusals, Services services) {
        this.rules = rules;
        this.refusals = refusals;
        this.state = services.state();
        this.clock = services.clock();
    }

    /// The answer to the first use of `token`, or what a further one is refused with.
    Authentication use(VerifiedToken token, ShownToken.Scheme scheme) {
        Credential credential = token.principal().credential();
        if (rules.mayHaveBeenTakenBefore(state.completeSince(), credential.issuedAt())) {
            return refusals.bad(scheme, TokenFault.BEFORE_RESTART);
        }
        long left = token.expiresAt() * 1000 - clock.millis();
        if (left <= 0) {
            return refusals.bad(scheme, TokenFault.EXPIRED);
        }
        Authentication replayed = refusals.bad(scheme, TokenFault.REPLAYED);
        String owner = Sha256.text(token.principal().id());
        String mark = Sha256.text(String.valueOf(credential.issuer()) + '\n' + credential.id());
        return new Authentication.Await(state.mark(SPACE, owner, mark, Duration.ofMillis(left))
                .thenApply(found -> switch (found) {
                    // marks may have been forgotten between the question above and this one
                    case FRESH ->
                        rules.mayHaveBeenTakenBefore(state.completeSince(), credential.issuedAt())
                                ? refusals.bad(scheme, TokenFault.BEFORE_RESTART)
                                : token.proven();
                    case SEEN -> replayed;
                    case FULL -> CROWDED;
                }));
    }
}
