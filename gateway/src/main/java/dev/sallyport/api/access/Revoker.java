package dev.sallyport.api.access;

import java.io.IOException;
import java.time.Instant;

/// Takes tokens back before their time, for all authenticators of this gateway and of those that share its state.
/// Blocks: for threads that may wait.
@FunctionalInterface
public interface Revoker {
    /// Where no gateway runs.
    Revoker NONE = token -> {
        throw new IOException("no gateway is running");
    };

    /// Takes a token back: no authenticator here takes it when this returns, nor after a restart.
    ///
    /// @throws IOException it could not be kept, or there is no room for it
    void revoke(IssuedToken token) throws IOException;

    /// A token that the gateway issued.
    ///
    /// @param id     its `jti`
    /// @param client whom it was issued to; each has a bound on how many are kept for it
    /// @param ends   when it counts nowhere any more, clocks that differ included
    record IssuedToken(String issuer, String id, String client, Instant ends) {}
}
