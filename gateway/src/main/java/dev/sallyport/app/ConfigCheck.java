package dev.sallyport.app;

import dev.sallyport.controlplane.admin.Operation.RouteLine;
import dev.sallyport.controlplane.compile.Compilation;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.compile.HostResolver;
import dev.sallyport.controlplane.config.ConfigProblem;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the compiler says of a configuration that nobody runs; no port is bound, nothing is connected to.
///
/// @param problems     errors and warnings
/// @param routes       how many there are, 0 when it is not usable
/// @param publicRoutes those that anybody may use
public record ConfigCheck(boolean usable, List<ConfigProblem> problems, int routes, List<RouteLine> publicRoutes) {

    /// Checks a file or folder, as the gateway would at its start.
    public static ConfigCheck of(Path location, Function<String, @Nullable String> environment) {
        return switch (Offline.compile(location, environment, HostResolver.SYSTEM)) {
            case Compilation.Invalid invalid -> new ConfigCheck(false, invalid.problems(), 0, List.of());
            case Compiled compiled ->
                new ConfigCheck(
                        true,
                        compiled.problems(),
                        compiled.snapshot().routes().routes().size(),
                        RouteLines.publicOnes(compiled));
        };
    }
}
