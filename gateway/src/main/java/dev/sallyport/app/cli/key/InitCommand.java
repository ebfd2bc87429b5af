package dev.sallyport.app.cli.key;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.extension.authn.apikey.key.KeyStore;
import dev.sallyport.extension.authn.apikey.key.PostgresKeys;
import dev.sallyport.extension.authn.live.StoreException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Gets a store ready for keys.
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Gets the place of keys ready: makes the tables in PostgreSQL, or an empty file.",
            "",
            "What is there stays as it is. --sql only prints what would be done to PostgreSQL, for whoever may do it."
        })
final class InitCommand implements Callable<Integer> {
    @Mixin
    private final KeyPlace place = new KeyPlace();

    @Mixin
    private final KeyReport report = new KeyReport();

    @Option(names = "--sql", description = "Prints the statements that make the tables, and does nothing.")
    private boolean sql;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (sql) {
            spec.commandLine().getOut().print(PostgresKeys.schema());
            return ExitCode.OK;
        }
        try (KeyStore store = place.store()) {
            report.init(store.init(), store.toString());
            return ExitCode.OK;
        } catch (StoreException e) {
            throw KeyPlace.refused(e);
        }
    }
}
