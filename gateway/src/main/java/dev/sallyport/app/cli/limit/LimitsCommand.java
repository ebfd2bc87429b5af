package dev.sallyport.app.cli.limit;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How callers stand with limits.
@Command(
        name = "limits",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Shows how callers stand with the limits of a running gateway, lets one begin anew, and tells from an access",
            "log whom other limits would have refused."
        },
        subcommands = {TopCommand.class, ShowCommand.class, ResetCommand.class, TryCommand.class, HelpCommand.class},
        commandListHeading = "Commands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:there is no such limit or key, or the log cannot be read",
            " 2:the command line or the configuration is wrong",
            " 3:no gateway could be reached, or it did not accept the token",
            "70:an internal error"
        },
        footer = {
            "",
            "Examples:",
            "  sallyport limits top",
            "  sallyport limits show 203.0.113.7",
            "  sallyport limits reset staff/anna --limit per-caller",
            "  sallyport limits try --log access.jsonl -c new.yaml"
        })
public final class LimitsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? See sallyport limits help.");
    }
}
