package dev.sallyport.remote;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/// The SHA-256 of what is asked about, which stands for it wherever it is remembered: memory holds no credentials that
/// could leak.
public record Fingerprint(long a, long b, long c, long d) {
    /// Ends `digest`, which is SHA-256, and takes what it holds.
    public static Fingerprint of(MessageDigest digest) {
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new Fingerprint(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }
}
