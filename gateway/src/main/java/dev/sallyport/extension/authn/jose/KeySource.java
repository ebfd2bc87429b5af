package dev.sallyport.extension.authn.jose;

import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Where an issuer's keys come from. Safe for event loops: nothing here waits.
///
/// Without [#current()] nobody can say who is good, and the answer is 503, not 401.
public interface KeySource extends HeldKeys {
    /// Asks for keys anew because one is missing. The stage is done when [#current()] is as new as it gets; null when
    /// it is already, because keys were asked for a moment ago. A failed stage means too many wait already.
    @Nullable
    CompletionStage<?> refetch();

    /// Keys that stay as they are.
    ///
    /// @param origin where they are from
    static KeySource fixed(KeySet keys, String origin) {
        Instant read = Instant.now();
        return new KeySource() {
            @Override
            public KeySet current() {
                return keys;
            }

            @Override
            public String origin() {
                return origin;
            }

            @Override
            public Instant learnt() {
                return read;
            }

            @Override
            public @Nullable Instant expires() {
                return null;
            }

            @Override
            public @Nullable CompletionStage<?> refetch() {
                return null;
            }
        };
    }
}
