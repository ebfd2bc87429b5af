package dev.sallyport.app.cli.alert;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions;
import dev.sallyport.app.cli.running.AdminOptions.Answer;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The gateway that is asked about alerts, and the form of what is printed.
final class AskedAlerts {
    @Mixin
    private final AdminOptions admin = new AdminOptions();

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// Prints what the gateway says; the exit code.
    int ask(String method, String path) {
        Answer answer = admin.ask(method, path, format);
        boolean fine = answer.status() < 400;
        // that a notifier failed is an answer too
        (fine || answer.status() == 502
                        ? spec.commandLine().getOut()
                        : spec.commandLine().getErr())
                .print(answer.body());
        return fine ? ExitCode.OK : ExitCode.REFUSED;
    }
}
