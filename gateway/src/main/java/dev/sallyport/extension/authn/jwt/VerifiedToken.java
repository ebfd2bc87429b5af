package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.VerificationKey;

/// A token whose signature and claims were good, and whose caller is known.
///
/// @param expiresAt seconds of the epoch from which it is good no more
/// @param key       what signed it; once that is retired it counts no more (threat JW-20)
/// @param proven    the same answer for every request
record VerifiedToken(
        TokenHash hash, long expiresAt, VerificationKey key, Confirmation confirmation, Authentication.Proven proven) {
    Principal principal() {
        return proven.principal();
    }
}
