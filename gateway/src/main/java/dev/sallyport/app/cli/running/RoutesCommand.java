package dev.sallyport.app.cli.running;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Lists the routes of a running gateway and who may use each. For a file, see validate.
@Command(
        name = "routes",
        mixinStandardHelpOptions = true,
        description = {"Lists the routes of a running gateway and who may use each.", "", "For a file, see validate."})
public final class RoutesCommand implements Callable<Integer> {
    @Mixin
    private final AdminOptions admin = new AdminOptions();

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(admin.ask("GET", "/routes", format).body());
        return ExitCode.OK;
    }
}
