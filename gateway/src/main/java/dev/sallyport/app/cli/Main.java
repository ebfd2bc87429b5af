package dev.sallyport.app.cli;

import dev.sallyport.app.cli.alert.AlertsCommand;
import dev.sallyport.app.cli.audit.AuditLogCommand;
import dev.sallyport.app.cli.behaviour.BehaviourCommand;
import dev.sallyport.app.cli.explain.ExplainCommand;
import dev.sallyport.app.cli.export.ExportCommand;
import dev.sallyport.app.cli.key.KeyCommand;
import dev.sallyport.app.cli.limit.LimitsCommand;
import dev.sallyport.app.cli.log.LogsCommand;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.review.AccessCommand;
import dev.sallyport.app.cli.review.AuditCommand;
import dev.sallyport.app.cli.running.HealthcheckCommand;
import dev.sallyport.app.cli.running.KeysCommand;
import dev.sallyport.app.cli.running.ReloadCommand;
import dev.sallyport.app.cli.running.RevokeCommand;
import dev.sallyport.app.cli.running.RoutesCommand;
import dev.sallyport.app.cli.running.StatusCommand;
import dev.sallyport.app.cli.running.TopCommand;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.LibraryLog;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `sallyport`.
@Command(
        name = "sallyport",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "A zero-trust API gateway: one process, one YAML file.",
            "",
            "New here? @|bold sallyport demo|@ shows it at work; @|bold sallyport init|@ writes a file to start from.",
            ""
        },
        subcommands = {
            InitCommand.class,
            ValidateCommand.class,
            AccessCommand.class,
            AuditCommand.class,
            RunCommand.class,
            DemoCommand.class,
            ReloadCommand.class,
            StatusCommand.class,
            RoutesCommand.class,
            TopCommand.class,
            LogsCommand.class,
            ExplainCommand.class,
            LimitsCommand.class,
            BehaviourCommand.class,
            AlertsCommand.class,
            KeysCommand.class,
            RevokeCommand.class,
            KeyCommand.class,
            DpopProofCommand.class,
            AuditLogCommand.class,
            HealthcheckCommand.class,
            SchemaCommand.class,
            ReferenceCommand.class,
            ExportCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            TrainCommand.class,
            HelpCommand.class
        },
        commandListHeading = "Commands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done; for validate: usable, for healthcheck: ready, for explain: the request passes",
            " 1:the configuration is not usable, a reload was refused, the gateway is not ready, or an explained request "
                    + "does not pass",
            " 2:the command line is wrong, or explain has no answer to it",
            " 3:no gateway could be reached, or it did not accept the token; for access --diff: somebody may more; "
                    + "for audit: there are findings that count",
            " 4:the gateway could not start, for example because a port is taken",
            "69:the start script found no JDK or Maven it can use, or the build failed",
            "70:an internal error"
        },
        footer = {
            "",
            "Environment:",
            "  SALLYPORT_ADMIN_TOKEN  token for commands that talk to a running gateway",
            "  SALLYPORT_STATE_DIR    where running gateways leave word of themselves",
            "  SALLYPORT_DATA_DIR     what must survive a restart: signing keys, the pepper of API keys",
            "  SALLYPORT_JAVA_OPTS    further flags for the JVM, such as -Xmx2g",
            "  SALLYPORT_LOOPS_FIRST  off: event loops have no priority over the rest of the process",
            "",
            "@|bold sallyport help COMMAND|@ tells more about a command."
        })
public final class Main implements Runnable {
    private final Consumer<EventLog> libraries;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// @param libraries told which log libraries are to write to, by a command that has one
    private Main(Consumer<EventLog> libraries) {
        this.libraries = libraries;
    }

    /// Runs the command and exits with its code.
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = commandLine(LibraryLog::install).setOut(out).setErr(err).execute(args);
        // they flush by themselves at the end of lines only
        out.flush();
        err.flush();
        System.exit(code);
    }

    /// The command without a say in where libraries log to.
    static CommandLine commandLine() {
        return commandLine(_ -> {});
    }

    private static CommandLine commandLine(Consumer<EventLog> libraries) {
        CommandLine line = new CommandLine(new Main(libraries));
        line.registerConverter(Duration.class, new DurationConverter());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(100);
        line.setExecutionExceptionHandler((failure, at, _) -> {
            if (failure instanceof CommandFailure told) {
                at.getErr().println(told.getMessage());
                return told.exitCode();
            }
            failure.printStackTrace(at.getErr());
            return ExitCode.INTERNAL;
        });
        return line;
    }

    /// Has libraries write to `log`, where this process is the command's own.
    void logLibrariesTo(EventLog log) {
        libraries.accept(log);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? See sallyport help.");
    }
}
