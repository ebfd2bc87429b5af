package dev.sallyport.controlplane.reload;

import dev.sallyport.controlplane.config.ConfigProblem;
import java.util.List;

/// What became of an attempt to reload.
public sealed interface ReloadResult {
    /// A new version is in use.
    record Applied(ConfigVersion version, List<ConfigProblem> warnings) implements ReloadResult {}

    /// Nothing had changed.
    record Unchanged(ConfigVersion version) implements ReloadResult {}

    /// The old version stays in use.
    record Refused(List<ConfigProblem> problems) implements ReloadResult {}
}
