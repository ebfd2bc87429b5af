package dev.sallyport.app.cli.running;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Shows the keys of a running gateway, or rotates those it signs with.
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the keys of a running gateway: those it signs with, and those its authenticators verify and decrypt",
            "with, each with age, end and origin.",
            "",
            "rotate publishes a new signing key, which signs after signing-keys.publish-ahead; the old one stays",
            "published until all it signed has expired, so nobody is refused."
        },
        footer = {"", "Examples:", "  sallyport keys", "  sallyport keys rotate", "  sallyport keys rotate --at-once"})
public final class KeysCommand implements Callable<Integer> {
    @Mixin
    private final AdminOptions admin = new AdminOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "ACTION",
            defaultValue = "show",
            description = "show or rotate (default: ${DEFAULT-VALUE}).")
    private Action action = Action.SHOW;

    @Option(
            names = "--at-once",
            description = "With rotate: the new key takes the place of all others now, and what they signed no longer "
                    + "counts. For keys that others may know.")
    private boolean atOnce;

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// What to do.
    enum Action {
        SHOW,
        ROTATE
    }

    @Override
    public Integer call() {
        if (atOnce && action != Action.ROTATE) {
            throw new ParameterException(spec.commandLine(), "--at-once goes with rotate.");
        }
        AdminOptions.Answer answer = switch (action) {
            case SHOW -> admin.ask("GET", "/keys", format);
            case ROTATE -> admin.ask("POST", "/keys/rotate" + (atOnce ? "?at-once=true" : ""), format);
        };
        boolean done = answer.status() < 400;
        (done ? spec.commandLine().getOut() : spec.commandLine().getErr()).print(answer.body());
        return done ? ExitCode.OK : ExitCode.REFUSED;
    }
}
