package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.VerificationKey;

/// What is remembered of a token whose signature and claims were good: never the token, only its SHA-256.
///
/// @param expiresAt seconds of the epoch from which it is good no more
/// @param key       what signed it; once that is retired it counts no more (threat JW-20)
/// @param proven    the same answer for every request
record VerifiedToken(
        TokenHash hash, long expiresAt, VerificationKey key, Confirmation confirmation, Authentication.Proven proven) {
    boolean good(long now) {
        return now < expiresAt && !key.retired();
    }

    Principal principal() {
        return proven.principal();
    }
}
