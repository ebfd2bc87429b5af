package dev.sallyport.dataplane.limit;

import dev.sallyport.api.limit.KeySecret;
import org.jspecify.annotations.Nullable;

/// A key as counters know it.
public record KeyNumber(long high, long low) {
    /// The key of `limit` that an operator means by `text`, as [Limit#keyText] writes it; null when the limit has no
    /// such
    /// keys.
    public static @Nullable KeyNumber of(Limit limit, String text, KeySecret secret) {
        KeyHash hash = new KeyHash(secret);
        return limit.hash(text, hash) ? new KeyNumber(hash.high(), hash.low()) : null;
    }
}
