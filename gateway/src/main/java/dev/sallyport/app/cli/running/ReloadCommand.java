package dev.sallyport.app.cli.running;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Has a running gateway take its changed configuration into use.
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = {
            "Has a running gateway take its changed configuration into use.",
            "",
            "Whole or not at all: when anything is wrong, everything that is wrong is printed and the old",
            "configuration stays in use. A gateway started with --watch (the default) does this by itself."
        })
public final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private final AdminOptions admin = new AdminOptions();

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        AdminOptions.Answer answer = admin.ask("POST", "/reload", format);
        boolean done = answer.status() < 400;
        (done ? spec.commandLine().getOut() : spec.commandLine().getErr()).print(answer.body());
        return done ? ExitCode.OK : ExitCode.REFUSED;
    }
}
