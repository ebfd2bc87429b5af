package dev.sallyport.app.cli.key;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// API keys, in a file or in PostgreSQL.
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Makes, lists, revokes and replaces API keys, in a file or in PostgreSQL.",
            "",
            "Running gateways take changes into use by themselves: of a file within two seconds, of PostgreSQL within",
            "check-every. Keys are stored as keyed hashes only; what they are keyed with is the authenticator's pepper,",
            "or is made by the first key create, in the gateway's data folder (SALLYPORT_DATA_DIR)."
        },
        subcommands = {
            CreateCommand.class,
            ListCommand.class,
            RevokeCommand.class,
            RotateCommand.class,
            InitCommand.class,
            HashPasswordCommand.class,
            HelpCommand.class
        },
        commandListHeading = "Commands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:there is no such key, or the keys cannot be read or written; nothing was changed",
            " 2:the command line is wrong",
            "70:an internal error"
        },
        footer = {
            "",
            "Examples:",
            "  sallyport key create --file keys/partners.yaml --owner acme --role partner --expires 90d",
            "  sallyport key list --config sallyport.yaml --authenticator partners",
            "  sallyport key rotate Xk2u9TqLw0aB --file keys/partners.yaml --overlap 24h",
            "  sallyport key revoke Xk2u9TqLw0aB --file keys/partners.yaml"
        })
public final class KeyCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? See sallyport key help.");
    }
}
