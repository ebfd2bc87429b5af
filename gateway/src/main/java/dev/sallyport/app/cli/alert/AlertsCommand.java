package dev.sallyport.app.cli.alert;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What is the matter with a running gateway, and who is told.
@Command(
        name = "alerts",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Shows what is the matter with a running gateway, tries the way to who is told of it, and silences alerts",
            "for a time."
        },
        subcommands = {
            ListCommand.class,
            FindingsCommand.class,
            TestCommand.class,
            SilenceCommand.class,
            HelpCommand.class
        },
        commandListHeading = "Commands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:a notifier could not be told, or there is no such alert",
            " 2:the command line is wrong",
            " 3:no gateway could be reached, or it did not accept the token",
            "70:an internal error"
        },
        footer = {
            "",
            "Examples:",
            "  sallyport alerts list",
            "  sallyport alerts findings",
            "  sallyport alerts test",
            "  sallyport alerts silence failing --for 1h",
            "  sallyport alerts silence brute-force/203.0.113.0/24 --for 30m",
            "  sallyport alerts silence failing --end"
        })
public final class AlertsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? See sallyport alerts help.");
    }
}
