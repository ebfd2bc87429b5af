package dev.sallyport.controlplane.config.behaviour;

import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How much one signal counts.
@Doc("How much one signal counts, and for how long.")
public record SignalConfig(
        @Doc("What each one adds to the score; 0 for nothing. Left out: as above.")
        @Nullable
        @Range(min = "0", max = "1000")
        Decimal weight,

        @Doc("After which that counts half. Left out: as above.") @Nullable @Range(min = "1s", max = "24h")
        Duration halfLife) {
    /// The least that counts.
    private static final double LEAST = 0.1;

    public SignalConfig {
        if (weight != null && weight.value() > 0 && weight.value() < LEAST) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 0, or " + LEAST + " to 1000)");
        }
    }

    double weightOf(Signal signal) {
        return weight == null ? signal.usualWeight() : weight.value();
    }

    Duration halfLifeOf(Signal signal) {
        return halfLife == null ? signal.usualHalfLife() : halfLife;
    }
}
