package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.jose.Base64Url;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.TokenFault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;

/// The last questions about a verified token, asked for each request: whether its sender is the one it was made for,
/// and, where tokens may be used once, whether it was not used before.
final class SenderProof {
    private static final String SPACE = "jwt";

    private final TokenRefusals refusals;
    private final boolean singleUse;
    private final SharedState state;
    private final InstantSource clock;

    SenderProof(TokenRefusals refusals, boolean singleUse, Services services) {
        this.refusals = refusals;
        this.singleUse = singleUse;
        this.state = services.state();
        this.clock = services.clock();
    }

    /// What is found of `token`, shown by `exchange`; on its event loop.
    Authentication prove(Exchange exchange, VerifiedToken token, ShownToken shown) {
        Confirmation confirmation = token.confirmation();
        if (confirmation.scheme() != shown.scheme()) {
            return refusals.bad(shown.scheme(), TokenFault.BINDING);
        }
        return confirmation.checks().isEmpty() ? proven(token, shown) : check(exchange, token, shown, 0);
    }

    private Authentication check(Exchange exchange, VerifiedToken token, ShownToken shown, int index) {
        Confirmation confirmation = token.confirmation();
        if (index == confirmation.checks().size()) {
            return proven(token, shown);
        }
        BoundCheck check = confirmation.checks().get(index);
        BoundCheck.Proof proof = check.check(exchange, shown.scheme().word(), shown.text(), confirmation.members());
        return onProof(exchange, token, shown, index, proof);
    }

    private Authentication onProof(
            Exchange exchange, VerifiedToken token, ShownToken shown, int index, BoundCheck.Proof proof) {
        return switch (proof) {
            case BoundCheck.Proof.Held() -> check(exchange, token, shown, index + 1);
            case BoundCheck.Proof.Refused refused -> new Authentication.BadCredential(refused.refusal());
            case BoundCheck.Proof.Await await ->
                new Authentication.Await(await.proof()
                        .thenApplyAsync(found -> onProof(exchange, token, shown, index, found), exchange::execute));
        };
    }

    private Authentication proven(VerifiedToken token, ShownToken shown) {
        if (!singleUse) {
            return token.proven();
        }
        Authentication replayed = refusals.bad(shown.scheme(), TokenFault.REPLAYED);
        String issuer = String.valueOf(token.principal().credential().issuer());
        String id = String.valueOf(token.principal().credential().id());
        long left = token.expiresAt() * 1000 - clock.millis();
        if (left <= 0) {
            return refusals.bad(shown.scheme(), TokenFault.EXPIRED);
        }
        return new Authentication.Await(
                state.mark(SPACE, hash(token.principal().id()), hash(issuer + '\n' + id), Duration.ofMillis(left))
                        .thenApply(mark -> mark == SharedState.Mark.FRESH ? token.proven() : replayed));
    }

    private static String hash(String text) {
        try {
            return Base64Url.encode(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
