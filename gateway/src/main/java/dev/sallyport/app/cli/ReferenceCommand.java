package dev.sallyport.app.cli;

import dev.sallyport.app.Catalog;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.controlplane.config.reference.ReferenceText;
import dev.sallyport.telemetry.EventLog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints the reference of the configuration.
@Command(
        name = "reference",
        mixinStandardHelpOptions = true,
        description = "Prints the reference of the configuration: every key, in Markdown.")
final class ReferenceCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(ReferenceText.of(Catalog.plugins(EventLog.SILENT)));
        return ExitCode.OK;
    }
}
