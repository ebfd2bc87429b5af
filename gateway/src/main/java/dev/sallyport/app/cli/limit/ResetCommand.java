package dev.sallyport.app.cli.limit;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Lets a key begin anew.
@Command(
        name = "reset",
        mixinStandardHelpOptions = true,
        description = {
            "Gives a key everything back that it has taken of the limits that can have such a key. What is going on at",
            "the moment goes on to count in limits with concurrent."
        })
final class ResetCommand implements Callable<Integer> {
    @Mixin
    private final AskedLimits limits = new AskedLimits();

    @Parameters(paramLabel = "KEY", description = "The key, such as 203.0.113.7 or staff/anna.")
    private String key = "";

    @Override
    public Integer call() {
        return limits.ask("DELETE", "/limits/key", key);
    }
}
