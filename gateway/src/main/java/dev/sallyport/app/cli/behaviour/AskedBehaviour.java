package dev.sallyport.app.cli.behaviour;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What commands that ask a running gateway about conduct have in common.
final class AskedBehaviour {
    @Mixin
    private final AdminOptions admin = new AdminOptions();

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// Asks about a key and prints the answer.
    ///
    /// @param more of the query, with its `&`
    int askOf(String method, String key, String more) {
        return ask(method, "/behaviour/key?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8) + more);
    }

    /// Asks and prints the answer.
    int ask(String method, String path) {
        AdminOptions.Answer answer = admin.ask(method, path, format);
        boolean done = answer.status() < 400;
        (done ? spec.commandLine().getOut() : spec.commandLine().getErr()).print(answer.body());
        return done ? ExitCode.OK : ExitCode.REFUSED;
    }
}
