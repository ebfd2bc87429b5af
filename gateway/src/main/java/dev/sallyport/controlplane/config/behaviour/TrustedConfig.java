package dev.sallyport.controlplane.config.behaviour;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;

/// What becomes of those who have done well for long.
@Doc("What becomes of those who have done well for long.")
public record TrustedConfig(
        @Doc("The score below which they have to be.") @Default("1") @Range(min = "0.1", max = "1000000")
        Decimal below,

        @Doc(
                "How long ago they first did well. A caller that was not seen for 30 days begins anew, as does everybody at a start.")
        @Default("24h")
        @Range(min = "0s", max = "720h")
        Duration after,

        @Doc("What rates, and numbers at the same time, of their limits are multiplied by.")
        @Default("2")
        @Range(min = "1", max = "100")
        Decimal limitFactor) {}
