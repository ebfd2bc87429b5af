package dev.sallyport.controlplane.config.behaviour;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.controlplane.config.access.StrengthConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What becomes of those whose score is high.
@Doc("What becomes of those whose score is high.")
public record SuspiciousConfig(
        @Doc("The score above which somebody is suspicious.") @Default("30") @Range(min = "1", max = "1000000")
        Decimal above,

        @Doc("What rates, and numbers at the same time, of their limits are multiplied by. Quotas stay as they are.")
        @Default("0.25")
        @Range(min = "0.01", max = "1")
        Decimal limitFactor,

        @Doc("How long each of their requests waits at `above`; twice as long at twice the score, 5s at most.")
        @Default("0s")
        @Range(min = "0s", max = "5s")
        Duration delay,

        @Doc("How well they must have proven who they are. Left out: as the route says.") @Nullable
        StrengthConfig requireStrength) {}
