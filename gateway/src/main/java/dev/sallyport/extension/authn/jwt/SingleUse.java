package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.jose.Base64Url;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.TokenFault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;

/// Takes each token once, by its `iss` and `jti`, at all gateways that share their state (threat JW-24).
///
/// What the state may have forgotten is not taken at all: a token that was issued before marks are complete may have
/// been used then.
final class SingleUse {
    private static final String SPACE = "jwt";

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
        String owner = hash(token.principal().id());
        String mark = hash(String.valueOf(credential.issuer()) + '\n' + credential.id());
        return new Authentication.Await(
                state.mark(SPACE, owner, mark, Duration.ofMillis(left)).thenApply(found -> switch (found) {
                    case FRESH -> token.proven();
                    case SEEN -> replayed;
                    case FULL -> TokenRefusals.CROWDED;
                }));
    }

    private static String hash(String text) {
        try {
            return Base64Url.encode(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
