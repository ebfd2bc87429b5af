package dev.sallyport.dataplane.behaviour.score;

import java.nio.charset.StandardCharsets;

/// Numbers that tell apart what is kept under the same key; the same in every process. Keys are hashed with a secret,
/// so
/// these need not be.
public final class Salts {
    private static final long PRIME = 0x100000001b3L;

    private Salts() {}

    /// The number of `name`.
    public static long of(String name) {
        return of(name, 0);
    }

    /// The number of `name` together with `detail` (FNV-1a, then mixed).
    public static long of(String name, long detail) {
        long hash = 0xcbf29ce484222325L ^ detail;
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * PRIME;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        return hash ^ (hash >>> 29);
    }
}
