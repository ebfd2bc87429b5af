package dev.sallyport.app.cli.limit;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What commands that ask a running gateway about limits have in common.
final class AskedLimits {
    @Mixin
    private final AdminOptions admin = new AdminOptions();

    @Option(names = "--limit", paramLabel = "NAME", description = "Only this limit. Default: all.")
    private @Nullable String limit;

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// Asks and prints the answer.
    ///
    /// @param key null for every key
    int ask(String method, String path, @Nullable String key) {
        StringBuilder query = new StringBuilder();
        add(query, "key", key);
        add(query, "limit", limit);
        AdminOptions.Answer answer = admin.ask(method, path + query, format);
        boolean done = answer.status() < 400;
        (done ? spec.commandLine().getOut() : spec.commandLine().getErr()).print(answer.body());
        return done ? ExitCode.OK : ExitCode.REFUSED;
    }

    private static void add(StringBuilder query, String name, @Nullable String value) {
        if (value != null) {
            query.append(query.isEmpty() ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
