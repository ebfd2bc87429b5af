package dev.sallyport.app.cli.limit;

import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import dev.sallyport.app.limit.Replay;
import dev.sallyport.controlplane.config.ConfigProblem;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Tells whom other limits would have refused.
@Command(
        name = "try",
        mixinStandardHelpOptions = true,
        description = {
            "Takes the requests of an access log through the limits of a configuration, on the log's own time, and tells",
            "which keys would have been refused. Nothing is sent anywhere.",
            "",
            "Limits by something that the log does not tell (a tenant, a client, claims, header fields that are not",
            "logged) are left out, and that is said. Routes are found anew, in the configuration that is tried."
        })
final class TryCommand implements Callable<Integer> {
    @Option(
            names = "--log",
            required = true,
            paramLabel = "FILE",
            description = "An access log; several are read one after another.")
    private List<Path> logs = new ArrayList<>();

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration to try, a file or folder.")
    private Path config = Path.of("");

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        Replay replay;
        try {
            replay = Replay.of(config, System::getenv);
        } catch (Replay.Unusable e) {
            StringBuilder text = new StringBuilder();
            e.problems().stream()
                    .filter(ConfigProblem::isError)
                    .forEach(problem -> text.append(problem).append('\n'));
            throw new CommandFailure(ExitCode.USAGE, text + "Nothing to try: " + config + " is not usable.");
        }
        for (Path log : logs) {
            try (BufferedReader lines = Files.newBufferedReader(log)) {
                replay.read(lines);
            } catch (MalformedInputException e) {
                throw new CommandFailure(ExitCode.REFUSED, log + ": not UTF-8 text");
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.REFUSED, "The log cannot be read: " + e);
            }
        }
        Replay.Report report = replay.finish();
        spec.commandLine().getOut().print(format == OutputFormat.JSON ? report.toJson() + "\n" : report.toText());
        return ExitCode.OK;
    }
}
