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
    private static final String SOME_SECRET = "0123456789abcdef".repeat(4);

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "sallyport.yaml",
            description = "The configuration, a file or a folder (default: ${DEFAULT-VALUE}).")
    private Path config = Path.of("sallyport.yaml");

    Compiled compiled() {
        return compiled(config);
    }

    /// The configuration at `location`. Variables that are not set are taken for some secret each, so that it can be
    /// looked
    /// at by somebody who is not given the secrets.
    ///
    /// @throws CommandFailure it is not usable
    static Compiled compiled(Path location) {
        Compilation compilation = ConfigCheck.compile(location, ReviewedFile::setOrSecret);
        if (compilation instanceof Compiled compiled) {
            return compiled;
        }
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

    private static String setOrSecret(String name) {
        String set = System.getenv(name);
        return set == null ? SOME_SECRET : set;
    }
}
