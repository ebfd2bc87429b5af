package dev.sallyport.controlplane.reload;

import java.time.Instant;

/// Which configuration is in use.
///
/// @param sequence 1 for the first of this process
/// @param digest   of everything it was made of
public record ConfigVersion(long sequence, String digest, Instant loadedAt) {
    /// What people call it: `3-5f1c09ab12cd`.
    public String name() {
        return name(sequence, digest);
    }

    /// The name of a version that may come to be.
    public static String name(long sequence, String digest) {
        return sequence + "-" + digest;
    }
}
