package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.KeySource;
import dev.sallyport.extension.authn.jose.decrypt.Decryption;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.extension.authn.sender.Senders;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a `jwt` authenticator is made of.
///
/// @param name    as configured
/// @param senders who may show a token
record JwtParts(String name, TokenRules rules, Keys keys, Senders senders, Callers callers, Shared shared) {
    /// What tokens are verified and opened with.
    ///
    /// @param algorithms that tokens may be signed with
    /// @param decryption for encrypted tokens, or null when none are taken
    record Keys(
            Set<Algorithm> algorithms,
            KeySource source,
            @Nullable Decryption decryption) {}

    /// What is not its own.
    record Shared(VerificationPool pool, Services services) {}
}
