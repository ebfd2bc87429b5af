package dev.sallyport.controlplane.config.behaviour;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import org.jspecify.annotations.Nullable;

/// What scores mean.
@Doc("What scores mean.")
public record LevelsConfig(
        @Doc("Whose score is high.") @Default("{}") SuspiciousConfig suspicious,

        @Doc("Whose score is higher still.") @Default("{}") HostileConfig hostile,

        @Doc("Who has done well for long. Left out: nobody is trusted.") @Nullable
        TrustedConfig trusted) {
    public LevelsConfig {
        if (hostile.above().compareTo(suspicious.above()) <= 0) {
            throw new IllegalArgumentException("hostile.above: " + hostile.above()
                    + " (expected: more than suspicious.above, " + suspicious.above() + ")");
        }
        if (trusted != null && trusted.below().compareTo(suspicious.above()) > 0) {
            throw new IllegalArgumentException("trusted.below: " + trusted.below()
                    + " (expected: at most suspicious.above, " + suspicious.above() + ")");
        }
    }
}
