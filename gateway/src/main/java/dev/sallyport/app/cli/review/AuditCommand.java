package dev.sallyport.app.cli.review;

import dev.sallyport.app.Product;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.read.RecordReader;
import dev.sallyport.controlplane.posture.IgnoreList;
import dev.sallyport.controlplane.posture.Posture;
import dev.sallyport.controlplane.posture.Rules;
import dev.sallyport.controlplane.posture.Severity;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// What is weak in a configuration.
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "What is usable in a configuration and yet weak: each finding with its rule, where it stands, why it matters and",
            "what would be right. Nothing is connected to and nothing is changed.",
            "",
            "Findings to live with are listed in a file for --ignore, each with a reason:",
            "  ignore:",
            "    - { id: SP-A001, path: routes.status, reason: for load balancers, until: 2027-01-31 }"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:no findings that count",
            " 1:the configuration or the ignore file is not usable",
            " 2:the command line is wrong",
            " 3:findings of at least the severity of --fail-on",
            "70:an internal error"
        })
public final class AuditCommand implements Callable<Integer> {
    @Mixin
    private final ReviewedFile file = new ReviewedFile();

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "text, json or sarif (2.1.0) (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TEXT;

    @Option(names = "--ignore", paramLabel = "FILE", description = "Findings to live with, in YAML.")
    private @Nullable Path ignore;

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            defaultValue = "high",
            description =
                    "The least severity that counts for the exit code: low, medium or high (default: ${DEFAULT-VALUE}).")
    private Threshold failOn = Threshold.HIGH;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// How findings are written.
    enum Format {
        TEXT,
        JSON,
        SARIF
    }

    /// From which severity on findings count.
    enum Threshold {
        LOW(Severity.LOW),
        MEDIUM(Severity.MEDIUM),
        HIGH(Severity.HIGH);

        private final Severity least;

        Threshold(Severity least) {
            this.least = least;
        }
    }

    @Override
    public Integer call() {
        Posture posture = Posture.of(file.compiled(), Rules.all());
        if (ignore != null) {
            RecordReader.Outcome<IgnoreList> read = RecordReader.read(ignore, IgnoreList.class);
            IgnoreList list = read.value();
            if (list == null) {
                throw new CommandFailure(
                        ExitCode.REFUSED,
                        read.problems().stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
            }
            posture = posture.without(list, read.places(), ignore.toString(), LocalDate.now(ZoneOffset.UTC));
        }
        String text = switch (format) {
            case TEXT -> FindingsText.text(posture);
            case JSON -> FindingsText.json(posture) + "\n";
            case SARIF -> Sarif.of(posture, Product.VERSION) + "\n";
        };
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        return posture.hasAtLeast(failOn.least) ? ExitCode.REVIEW : ExitCode.OK;
    }
}
