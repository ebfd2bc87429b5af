package dev.sallyport.controlplane.reload;

import dev.sallyport.controlplane.config.ConfigProblem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which configuration is in use, and what became of the latest attempt to change it.
///
/// @param version  null before the first
/// @param warnings about the one in use
/// @param refused  the latest attempt, when it was refused, else null
public record ReloadStatus(
        @Nullable ConfigVersion version,
        List<ConfigProblem> warnings,
        @Nullable RefusedAttempt refused) {

    /// An attempt that was refused.
    ///
    /// @param by who asked for it
    public record RefusedAttempt(Instant at, Trigger by, List<ConfigProblem> problems) {}
}
