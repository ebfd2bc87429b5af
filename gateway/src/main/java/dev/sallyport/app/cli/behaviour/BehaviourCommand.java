package dev.sallyport.app.cli.behaviour;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How callers and networks have behaved.
@Command(
        name = "behaviour",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Shows what speaks against callers and networks of a running gateway, forgets it, or has somebody refused.",
            "A KEY is an address (203.0.113.7), the network around it (203.0.113.0/24) or AUTHENTICATOR/CALLER."
        },
        subcommands = {TopCommand.class, ShowCommand.class, PardonCommand.class, BanCommand.class, HelpCommand.class},
        commandListHeading = "Commands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:there is no such key, or conduct is not watched",
            " 2:the command line is wrong",
            " 3:no gateway could be reached, or it did not accept the token",
            "70:an internal error"
        },
        footer = {
            "",
            "Examples:",
            "  sallyport behaviour top",
            "  sallyport behaviour show 203.0.113.7",
            "  sallyport behaviour pardon staff/anna",
            "  sallyport behaviour ban 203.0.113.7 --for 1h"
        })
public final class BehaviourCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? See sallyport behaviour help.");
    }
}
