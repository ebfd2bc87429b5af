package dev.sallyport.extension.authz;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;

/// How long decisions are remembered.
@Doc("How long decisions are remembered, counted from the question. A decision is remembered for exactly what was sent"
        + " and for that credential, and never beyond the credential's expiry.")
public record CacheConfig(
        @Doc("That a caller may; `0s` remembers nothing.") @Default("0s") @Range(min = "0s", max = "10m")
        Duration positive,

        @Doc("That a caller may not; `0s` remembers nothing.") @Default("0s") @Range(min = "0s", max = "10m")
        Duration negative,

        @Doc("How many decisions are remembered.") @Default("10000") @Range(min = "100", max = "1000000")
        int decisions) {}
