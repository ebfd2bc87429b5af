package dev.sallyport.controlplane.config.access;

import dev.sallyport.api.access.Strength;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How well a caller must have proven who it is.
@Doc("How well a caller must have proven who it is (RFC 9470).")
public record StrengthConfig(
        @Doc("Authentication context classes, of which claim `acr` must be one. Left out: any.")
        @Default("[]")
        @Matches(value = "[!#-\\[\\]-~]+", expected = "text without spaces, quotes and backslashes")
        List<String> acr,

        @Doc("How long ago the caller may have authenticated, by claim `auth_time`. Left out: any time.")
        @Range(min = "1s", max = "8760h")
        @Nullable
        Duration maxAge) {
    public StrengthConfig {
        if (acr.isEmpty() && maxAge == null) {
            throw new IllegalArgumentException("nothing (expected: `acr`, `max-age` or both)");
        }
    }

    public Strength strength() {
        return new Strength(acr, maxAge == null ? Strength.ANY_AGE : maxAge.toSeconds());
    }
}
