package dev.sallyport.api.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What may be told of a key: never the key itself.
///
/// @param use       what it is for
/// @param id        its `kid`, or a thumbprint where it has none
/// @param algorithm such as `ES256`
/// @param origin    where it is from: a URL, a file, `made here`
/// @param state     one word on its part in a rotation, such as `next`, `signing`, `retired`; empty for none
/// @param since     since when it is known or made, or null
/// @param expires   when it will be gone, or null for no end
public record KnownKey(
        Use use,
        String id,
        String algorithm,
        String origin,
        String state,
        @Nullable Instant since,
        @Nullable Instant expires) {
    /// What a key is for.
    public enum Use {
        SIGN,
        VERIFY,
        DECRYPT,
        /// To encrypt what the gateway keeps for itself, such as sessions, and to open it again.
        SEAL
    }
}
