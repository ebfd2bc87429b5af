package dev.sallyport.app.cli;

import dev.sallyport.app.GatewayOptions;
import dev.sallyport.app.cli.outcome.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// Runs a gateway.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a gateway in the foreground.",
            "",
            "The access log goes where the configuration says (standard output, usually), the process's own log to",
            "standard error. Changed files, certificates and secrets among them, are taken into use by themselves.",
            "",
            "Signals: HUP reloads. TERM and INT stop: /readyz says draining, ports close, requests under way are",
            "finished within --drain; a second one stops at once."
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "A file, or a folder of .yaml files.")
    private Path file = Path.of("");

    @Mixin
    private final GatewayFlags flags = new GatewayFlags();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        GatewayOptions options = RunningGateway.options(flags);
        main.logLibrariesTo(options.log());
        try (RunningGateway running = RunningGateway.start(file, flags, options, err)) {
            if (running.gateway().adminTokenIsMade()) {
                err.println("Admin listener: " + running.adminUrl() + " with a token made for this run: "
                        + running.gateway().adminToken());
            }
            running.await();
        }
        return ExitCode.OK;
    }
}
