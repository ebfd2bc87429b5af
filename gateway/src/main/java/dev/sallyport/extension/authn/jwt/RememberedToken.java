package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.sender.Confirmation;
import dev.sallyport.remote.Fingerprint;
import org.jspecify.annotations.Nullable;

/// What is remembered of a token whose signature and claims were good: never the token, only its SHA-256 and what it
/// says.
///
/// Who calls is made of that when the token comes again, and kept from then on. A token that never does leaves a few
/// small objects behind instead of thirty, which is most of what a flood of new tokens costs a garbage collector.
final class RememberedToken {
    private final Fingerprint hash;
    private final long expiresAt;
    private final VerificationKey key;
    private final Confirmation confirmation;
    private final byte[] payload;

    /// Immutable, and the same whichever loop makes it: no order is needed.
    private @Nullable VerifiedToken whole;

    /// @param payload its claims, as JSON; kept
    RememberedToken(VerifiedToken token, byte[] payload) {
        this.hash = token.hash();
        this.expiresAt = token.expiresAt();
        this.key = token.key();
        this.confirmation = token.confirmation();
        this.payload = payload;
    }

    Fingerprint hash() {
        return hash;
    }

    boolean good(long now) {
        return now < expiresAt && !key.retired();
    }

    /// The token with its caller; null when `callers` finds none in it.
    @Nullable
    VerifiedToken whole(Callers callers) {
        VerifiedToken known = whole;
        if (known == null) {
            Principal caller = callers.of(payload, key, expiresAt);
            if (caller != null) {
                known = new VerifiedToken(hash, expiresAt, key, confirmation, new Authentication.Proven(caller), null);
                whole = known;
            }
        }
        return known;
    }
}
