package dev.sallyport.app.cli.audit;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Audit logs.
@Command(
        name = "audit-log",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Checks the files that observe.audit-log of a configuration writes.",
        subcommands = {VerifyCommand.class, HelpCommand.class},
        commandListHeading = "Commands:%n")
public final class AuditLogCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? See sallyport audit-log help.");
    }
}
