package dev.sallyport.app.cli.audit;

import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.extension.observe.audit.Seal;
import dev.sallyport.extension.observe.audit.Verification;
import dev.sallyport.extension.observe.audit.Verification.Options;
import dev.sallyport.extension.observe.audit.Verification.Point;
import dev.sallyport.extension.observe.audit.Verification.Problem;
import dev.sallyport.extension.observe.audit.Verification.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Checks the chain of an audit log.
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Checks that an audit log is whole: no line changed, missing, repeated or in another place.",
            "",
            "Give all its files (audit.jsonl*), in any order; they may be copies. That the end was cut off is seen by",
            "the head file beside the log, .NAME.head, or by --expect-last. A log that is being written can be checked.",
            "",
            "Without a key a chain only shows changes by somebody who did not make its hashes anew. What guards against",
            "that is a key that is not on the machine, or the last line's number and hash in another place: status,",
            "the metric sallyport_audit_log_sequence and the events audit_log.* tell them."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:the log is whole",
            " 1:it is not",
            " 2:the command line is wrong",
            " 3:a file cannot be read, so that nothing is known"
        })
final class VerifyCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The files of one audit log.")
    private List<Path> files = List.of();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "A file with the key that lines are sealed with; may be repeated when it was changed.")
    private List<Path> keys = List.of();

    @Option(
            names = "--after",
            paramLabel = "N:HASH",
            description = "The line that the first one has to follow: the last one of what was checked before.")
    private @Nullable String after;

    @Option(
            names = "--expect-last",
            paramLabel = "N:HASH",
            description = "A line that has to be there; later ones may follow.")
    private @Nullable String expectLast;

    @Option(names = "--no-head", description = "Does not compare with the head file, for old files alone.")
    private boolean noHead;

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        Options options = new Options(readKeys(), point("--after", after), point("--expect-last", expectLast), !noHead);
        Result result;
        try {
            result = Verification.of(files, options);
        } catch (NoSuchFileException e) {
            throw new CommandFailure(ExitCode.UNREACHABLE, e.getMessage() + ": there is no such file");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNREACHABLE, "cannot be read: " + e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.JSON) {
            out.println(json(result));
        } else {
            text(result, out);
        }
        return result.intact() ? ExitCode.OK : ExitCode.REFUSED;
    }

    private @Nullable Point point(String option, @Nullable String text) {
        try {
            return text == null ? null : Point.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
        }
    }

    private List<String> readKeys() {
        List<String> read = new ArrayList<>();
        for (Path file : keys) {
            try {
                // as ${file:…} in a configuration reads it
                String key = Files.readString(file).replaceFirst("\\r?\\n\\z", "");
                if (key.length() < Seal.SHORTEST_KEY) {
                    throw new CommandFailure(
                            ExitCode.UNREACHABLE,
                            file + ": too short (expected: at least " + Seal.SHORTEST_KEY + " characters)");
                }
                read.add(key);
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.UNREACHABLE, file + ": the key cannot be read: " + e.getMessage());
            }
        }
        return read;
    }

    private static String word(Problem problem) {
        return problem.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void text(Result result, PrintWriter out) {
        for (Problem problem : result.problems()) {
            String line = problem.line() > 0 ? ":" + problem.line() : "";
            out.println(problem.file() + line + ": " + word(problem) + ": " + problem.message());
        }
        if (result.more() > 0) {
            out.println("and " + result.more() + " more problems");
        }
        result.notes().forEach(note -> out.println("note: " + note));
        Point last = result.last();
        String lines = result.lines() + (result.lines() == 1 ? " line" : " lines");
        out.println(
                (result.intact() ? "whole: " : "NOT whole: ") + lines + (last == null ? "" : ", the last one " + last));
    }

    private static Json json(Result result) {
        return new Json()
                .put("intact", result.intact())
                .put("lines", result.lines())
                .put("begins-after", result.begins() == null ? null : String.valueOf(result.begins()))
                .put("last", result.last() == null ? null : String.valueOf(result.last()))
                .put(
                        "problems",
                        result.problems().stream()
                                .map(problem -> new Json()
                                        .put("file", problem.file())
                                        .put("line", problem.line())
                                        .put("kind", word(problem))
                                        .put("message", problem.message()))
                                .toList())
                .put("more-problems", result.more())
                .put("notes", result.notes());
    }
}
