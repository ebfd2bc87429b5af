package dev.sallyport.app.cli;

import dev.sallyport.app.Catalog;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.controlplane.config.reference.JsonSchema;
import dev.sallyport.telemetry.EventLog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints the JSON Schema of the configuration.
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = {
            "Prints the JSON Schema of the configuration, for editors.",
            "",
            "With the YAML language server, put this on top of a configuration:",
            "  # yaml-language-server: $$schema=./sallyport.schema.json"
        })
final class SchemaCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(schema());
        return ExitCode.OK;
    }

    static String schema() {
        return JsonSchema.of(Catalog.plugins(EventLog.SILENT));
    }
}
