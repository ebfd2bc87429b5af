package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.sender.Confirmation;
import dev.sallyport.extension.authn.sender.GoodToken;
import dev.sallyport.remote.Fingerprint;
import org.jspecify.annotations.Nullable;

/// A token whose signature and claims were good, and whose caller is known.
///
/// @param expiresAt seconds of the epoch from which it is good no more
/// @param key       what signed it; once that is retired it counts no more (threat JW-20)
/// @param proven    the same answer for every request
/// @param once      sees to it that it is used once; null where it may be used as often as it is good
record VerifiedToken(
        Fingerprint hash,
        long expiresAt,
        VerificationKey key,
        Confirmation confirmation,
        Authentication.Proven proven,
        @Nullable SingleUse once)
        implements GoodToken {
    Principal principal() {
        return proven.principal();
    }

    @Override
    public Authentication fromItsSender(ShownToken.Scheme scheme) {
        return once == null ? proven : once.use(this, scheme);
    }
}
