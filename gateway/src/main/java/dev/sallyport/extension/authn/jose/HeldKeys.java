package dev.sallyport.extension.authn.jose;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Keys that signatures are verified with, and what operators may know of them. Any thread, without waiting.
public interface HeldKeys {
    /// The keys now; null when none are known, or the last ones are too old to be trusted.
    @Nullable
    KeySet current();

    /// Where they are from: a URL, an issuer, a file, `configuration`.
    String origin();

    /// When they were last fetched or read; null before.
    @Nullable
    Instant learnt();

    /// When they will be too old to be trusted unless newer ones are had; null for no end.
    @Nullable
    Instant expires();
}
