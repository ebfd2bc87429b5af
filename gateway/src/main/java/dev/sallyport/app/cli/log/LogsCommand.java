package dev.sallyport.app.cli.log;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import dev.sallyport.telemetry.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Reads access logs.
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = {
            "Reads an access log, shows the lines for which an expression holds, and goes on as it grows.",
            "",
            "Expressions are those of conditions (CEL) over time, client, method, host, path, query, status, route,",
            "decision, reason, rule, limit, user, roles, authenticator, upstream, endpoint, attempts, millis, overhead,",
            "sent, received, agent, trace, request, listener, severity, and line[\"NAME\"] for any field."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:done", " 1:the log cannot be read", " 2:the command line or the expression is wrong"},
        footer = {
            "",
            "Examples:",
            "  sallyport logs access.jsonl --follow --where 'status >= 400 && route == \"read-order\"'",
            "  sallyport logs access.jsonl --where 'millis > 500.0' --last 100000",
            "  sallyport logs access.jsonl --where 'reason == \"limit-exceeded\"' --format json"
        })
public final class LogsCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 200;

    @Parameters(paramLabel = "FILE", description = "An access log, in either format.")
    private Path file = Path.of("");

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on as the log grows, also when it is rotated.")
    private boolean follow;

    @Option(names = "--where", paramLabel = "EXPRESSION", description = "Only lines for which this holds.")
    private @Nullable String where;

    @Option(
            names = {"-n", "--last"},
            paramLabel = "N",
            description = "Only the last N lines of the log, wanted or not. Default: all, with --follow 10.")
    private @Nullable Integer last;

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        LineFilter filter = where == null ? LineFilter.all() : LineFilter.where(where);
        PrintWriter out = spec.commandLine().getOut();
        if (!Files.isReadable(file)) {
            throw new CommandFailure(ExitCode.REFUSED, file + ": cannot be read (expected: an access log)");
        }
        try (FollowedFile log = new FollowedFile(file)) {
            if (last != null || follow) {
                log.last(last == null ? 10 : last);
            }
            log.read(line -> show(line, filter, out));
            out.flush();
            while (follow && !out.checkError()) {
                Thread.sleep(LOOK_MILLIS);
                log.read(line -> show(line, filter, out));
                out.flush();
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.REFUSED, file + ": " + e.getMessage());
        }
        return ExitCode.OK;
    }

    private void show(String text, LineFilter filter, PrintWriter out) {
        Map<String, @Nullable Object> line = StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
        if (line != null && filter.wants(line)) {
            out.println(format == OutputFormat.JSON ? text : readable(LogWords.of(line)));
        }
    }

    /// A line for people. What clients sent has no control characters any more: the log has them escaped, and a
    /// terminal is not to be told anything by what is unescaped here.
    private static String readable(Map<String, Object> words) {
        StringBuilder out = new StringBuilder();
        out.append(words.get("time")).append(' ');
        out.append(pad(words.get("status"), 3)).append(' ');
        out.append(String.format(Locale.ROOT, "%8.1f ms ", (Double) words.get("millis")));
        out.append(pad(words.get("client"), 15)).append(' ');
        out.append(words.get("method")).append(' ').append(words.get("path"));
        add(out, "route", words);
        add(out, "user", words);
        add(out, "reason", words);
        add(out, "limit", words);
        add(out, "upstream", words);
        return Printable.of(out.toString());
    }

    private static void add(StringBuilder out, String word, Map<String, Object> words) {
        String value = String.valueOf(words.get(word));
        if (!value.isEmpty()) {
            out.append("  ").append(word).append('=').append(value);
        }
    }

    private static String pad(@Nullable Object value, int width) {
        String text = String.valueOf(value);
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
