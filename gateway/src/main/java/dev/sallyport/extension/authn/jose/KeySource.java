package dev.sallyport.extension.authn.jose;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Where an issuer's keys come from. Safe for event loops: nothing here waits.
public interface KeySource {
    /// The keys now; null when none are known, or the last ones are too old to be trusted: then nobody can say who
    /// is good, and the answer is 503, not 401.
    @Nullable
    KeySet current();

    /// Asks for keys anew because one is missing. The stage is done when [#current()] is as new as it gets; null when
    /// it is already, because keys were asked for a moment ago. A failed stage means too many wait already.
    @Nullable
    CompletionStage<?> refetch();

    /// Keys that stay as they are.
    static KeySource fixed(KeySet keys) {
        return new KeySource() {
            @Override
            public KeySet current() {
                return keys;
            }

            @Override
            public @Nullable CompletionStage<?> refetch() {
                return null;
            }
        };
    }
}
