package dev.sallyport.extension.authn.jose;

import dev.sallyport.api.identity.Claims;

/// Times in tokens: whole seconds of the epoch until the year 2100, so that nothing overflows when skew is added
/// (threat JW-09).
public final class NumericDate {
    /// The claim is not there.
    public static final long ABSENT = -1;
    /// The claim is there and no time.
    public static final long INVALID = -2;

    private static final long END = 4_102_444_800L;

    private NumericDate() {}

    /// The time that `claims` state as `name`, [#ABSENT] or [#INVALID].
    public static long of(Claims claims, String name) {
        Object value = claims.all().get(name);
        if (value == null) {
            return ABSENT;
        }
        return value instanceof Long seconds && seconds >= 0 && seconds <= END ? seconds : INVALID;
    }
}
