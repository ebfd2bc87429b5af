package dev.sallyport.controlplane.config.behaviour;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.controlplane.config.access.StrengthConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What becomes of those whose score is higher still.
@Doc("What becomes of those whose score is higher still.")
public record HostileConfig(
        @Doc("The score above which somebody is hostile.") @Default("100") @Range(min = "1", max = "1000000")
        Decimal above,

        @Doc(
                "How long they are refused. After that they are suspicious, and one thing more has them refused again. `0s` refuses "
                        + "nobody; the other keys then say what becomes of them.")
        @Default("5m")
        @Range(min = "0s", max = "24h")
        Duration refuseFor,

        @Doc("With `refuse-for: 0s`: as of suspicious ones.") @Default("0.1") @Range(min = "0.01", max = "1")
        Decimal limitFactor,

        @Doc("With `refuse-for: 0s`: as of suspicious ones.") @Default("0s") @Range(min = "0s", max = "5s")
        Duration delay,

        @Doc("With `refuse-for: 0s`: as of suspicious ones.") @Nullable
        StrengthConfig requireStrength) {}
