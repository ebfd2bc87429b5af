package dev.sallyport.app.cli;

import dev.sallyport.app.Product;
import dev.sallyport.app.cli.outcome.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints the version of the product and of the Java it runs on.
@Command(
        name = "version",
        mixinStandardHelpOptions = true,
        description = "Prints the version of Sallyport and of the Java it runs on.")
final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(getVersion()[0]);
        return ExitCode.OK;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            Product.NAME_AND_VERSION + " (Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch") + ")"
        };
    }
}
