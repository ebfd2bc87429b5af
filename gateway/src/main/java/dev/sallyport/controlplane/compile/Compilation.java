package dev.sallyport.controlplane.compile;

import dev.sallyport.controlplane.config.ConfigProblem;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// What became of a configuration.
public sealed interface Compilation permits Compiled, Compilation.Invalid {
    /// Everything to tell about it: errors and warnings of an invalid one, warnings of a compiled one; in the
    /// order of the files.
    List<ConfigProblem> problems();

    /// Every file that was read for it, besides the configuration itself; a change of one may change the result.
    Set<Path> files();

    /// A configuration that cannot be used.
    ///
    /// @param problems at least one error
    record Invalid(List<ConfigProblem> problems, Set<Path> files) implements Compilation {}
}
