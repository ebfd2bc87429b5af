package dev.sallyport.app.cli.review;

import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.rights.AccessDiff;
import dev.sallyport.controlplane.rights.AccessMatrix;
import dev.sallyport.controlplane.rights.Change;
import dev.sallyport.controlplane.rights.usage.LeastPrivilege;
import dev.sallyport.controlplane.rights.usage.LoggedUse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Who may do what.
@Command(
        name = "access",
        mixinStandardHelpOptions = true,
        description = {
            "Who may do what: every role with every route and method, as the gateway would decide.",
            "",
            "What a request decides is left open: `depends`, with what on. A role's column is for callers with this role and",
            "those it inherits, and no other. What is open to everybody comes first.",
            "",
            "With --diff: what one configuration allows and another does not, in sentences that begin with + for more, ?",
            "for what cannot be told, - for less.",
            "With --unused: what nobody made use of, by the lines of access logs, and what they cannot show."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done; with --diff: nobody may more than before",
            " 1:a configuration is not usable, or a log cannot be read",
            " 2:the command line is wrong",
            " 3:with --diff: somebody may more than before, or it cannot be told",
            "70:an internal error"
        },
        footer = {
            "",
            "Examples:",
            "  sallyport access -c sallyport.yaml --role clerk",
            "  sallyport access --diff old.yaml new.yaml",
            "  sallyport access --unused --log access.log --since 2026-09-01"
        })
public final class AccessCommand implements Callable<Integer> {
    @Mixin
    private final ReviewedFile file = new ReviewedFile();

    @Option(
            names = "--format",
            description = "table, csv, json or html; with --diff and --unused: text or json (default: table, text).")
    private @Nullable Format format;

    @Option(names = "--role", paramLabel = "ROLE", description = "Only this role; may be given several times.")
    private List<String> roles = List.of();

    @Option(names = "--route", paramLabel = "ROUTE", description = "Only this route; may be given several times.")
    private List<String> routes = List.of();

    @Option(
            names = "--diff",
            arity = "2",
            paramLabel = "FILE",
            description = "Compares the first configuration with the second.")
    private List<Path> diff = List.of();

    @Option(names = "--unused", description = "What nobody used, by the access logs of --log.")
    private boolean unused;

    @Option(
            names = "--log",
            arity = "1..*",
            paramLabel = "FILE",
            description = "With --unused: access logs, compressed ones (.gz) too.")
    private List<Path> logs = List.of();

    @Option(
            names = "--since",
            paramLabel = "DATE",
            description = "With --unused: only requests from then on, such as 2026-09-01 or 2026-09-01T08:00:00Z.")
    private @Nullable String since;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// How a report is written.
    enum Format {
        TABLE,
        TEXT,
        CSV,
        JSON,
        HTML
    }

    @Override
    public Integer call() {
        if (!diff.isEmpty() && unused) {
            throw usage("--diff and --unused (expected: one of them)");
        }
        if (unused == logs.isEmpty()) {
            throw usage(unused ? "--unused without --log (expected: access logs)" : "--log without --unused");
        }
        if (since != null && !unused) {
            throw usage("--since without --unused");
        }
        if (!diff.isEmpty()) {
            return difference();
        }
        return unused ? unused() : matrix();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private boolean json() {
        Format chosen = format == null ? Format.TEXT : format;
        return switch (chosen) {
            case JSON -> true;
            case TEXT, TABLE -> false;
            case CSV, HTML ->
                throw usage("--format " + chosen.name().toLowerCase(Locale.ROOT) + " (expected: text or json)");
        };
    }

    private int matrix() {
        Compiled compiled = file.compiled();
        AccessMatrix all = AccessMatrix.of(compiled);
        check("--role", roles, compiled.parts().roles().model().roles().keySet());
        check("--route", routes, all.rows().stream().map(row -> row.route()).collect(Collectors.toSet()));
        AccessMatrix matrix = all.only(roles, routes);
        String text = switch (format == null ? Format.TABLE : format) {
            case TABLE, TEXT -> MatrixText.table(matrix);
            case CSV -> MatrixText.csv(matrix);
            case JSON -> MatrixText.json(matrix) + "\n";
            case HTML -> MatrixHtml.page(matrix, compiled.version());
        };
        out().print(text);
        out().flush();
        return ExitCode.OK;
    }

    private void check(String option, List<String> given, Set<String> known) {
        for (String name : given) {
            if (!known.contains(name)) {
                throw usage(option + " " + name + " ("
                        + (known.isEmpty() ? "there are none" : Nearest.hint(name, known)) + ")");
            }
        }
    }

    private int difference() {
        boolean json = json();
        List<Change> changes =
                AccessDiff.between(ReviewedFile.compiled(diff.getFirst()), ReviewedFile.compiled(diff.getLast()));
        boolean review = changes.stream().anyMatch(change -> change.effect().needsReview());
        if (json) {
            out().println(new Json()
                    .put("review", review)
                    .put(
                            "changes",
                            changes.stream()
                                    .map(change -> new Json()
                                            .put(
                                                    "effect",
                                                    change.effect().name().toLowerCase(Locale.ROOT))
                                            .put("caller", change.caller())
                                            .put("route", change.route())
                                            .put("text", change.text()))
                                    .toList()));
        } else {
            changes.forEach(change -> out().println(mark(change.effect()) + " " + change.text()));
            out().println(
                            changes.isEmpty()
                                    ? "Nobody may more or less."
                                    : review ? "Somebody may more, or may be able to: review it." : "Nobody may more.");
        }
        return review ? ExitCode.REVIEW : ExitCode.OK;
    }

    private static char mark(Change.Effect effect) {
        return switch (effect) {
            case WIDER -> '+';
            case UNCLEAR -> '?';
            case NARROWER -> '-';
        };
    }

    private int unused() {
        boolean json = json();
        Compiled compiled = file.compiled();
        LoggedUse use = new LoggedUse(since == null ? null : instant(since));
        for (Path log : logs) {
            try {
                use.read(log);
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.REFUSED, log + ": cannot be read: " + e.getMessage());
            }
        }
        UnusedReport report = new UnusedReport(use, LeastPrivilege.of(compiled, use));
        out().print(json ? report.json() + "\n" : report.text());
        out().flush();
        return ExitCode.OK;
    }

    private Instant instant(String text) {
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw usage("--since " + text + " (expected: a date such as 2026-09-01 or 2026-09-01T08:00:00Z)");
        }
    }
}
