package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.TokenFault;
import org.jspecify.annotations.Nullable;

/// The last questions about a verified token, asked for each request: whether its sender is the one it was made for,
/// and, where tokens may be used once, whether it was not used before.
final class SenderProof {
    private final TokenRefusals refusals;
    private final @Nullable SingleUse singleUse;

    /// @param singleUse null where tokens may be used as often as they are good
    SenderProof(TokenRefusals refusals, @Nullable SingleUse singleUse) {
        this.refusals = refusals;
        this.singleUse = singleUse;
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
        return singleUse == null ? token.proven() : singleUse.use(token, shown.scheme());
    }
}
