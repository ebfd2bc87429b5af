package dev.sallyport.app.cli.review;

import dev.sallyport.app.ConfigCheck;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.controlplane.compile.Compilation;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.ConfigProblem;
import java.nio.file.Path;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/// The configuration that a command looks at.
final class ReviewedFile {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "sallyport.yaml",
            description = "The configuration, a file or a folder (default: ${DEFAULT-VALUE}).")
    private Path config = Path.of("sallyport.yaml");

    Compiled compiled() {
        return compiled(config);
    }

    /// The configuration at `location`, for somebody who need not be given its secrets.
    ///
    /// @throws CommandFailure it is not usable
    static Compiled compiled(Path location) {
        return switch (ConfigCheck.compile(location, System::getenv)) {
            case Compiled compiled -> compiled;
            case Compilation.Invalid invalid ->
                throw new CommandFailure(
                        ExitCode.REFUSED,
                        invalid.problems().stream()
                                        .filter(ConfigProblem::isError)
                                        .map(problem -> problem + "\n")
                                        .collect(Collectors.joining())
                                + location + " is not usable.");
        };
    }
}
