package dev.sallyport.api.access;

import java.util.List;

/// How well a caller must have proven who it is (RFC 9470, OpenID Connect Core §3.1.2.1).
///
/// @param classes       authentication context classes (`acr`) of which one will do; empty for any
/// @param maxAgeSeconds how long ago it may have done so, [#ANY_AGE] for any time
public record Strength(List<String> classes, long maxAgeSeconds) {
    public static final long ANY_AGE = -1;

    public Strength {
        classes = List.copyOf(classes);
        if (classes.isEmpty() && maxAgeSeconds < 0) {
            throw new IllegalArgumentException("strength: none (expected: classes, an age or both)");
        }
    }

    /// The classes with a space between, as `acr_values` has them.
    public String acrValues() {
        return String.join(" ", classes);
    }
}
