package dev.sallyport.app.cli.limit;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Shows how a key stands.
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what a key has left of the limits that can have such a key: an address, AUTHENTICATOR/CALLER, a",
            "tenant, a route, or as limits top shows it."
        })
final class ShowCommand implements Callable<Integer> {
    @Mixin
    private final AskedLimits limits = new AskedLimits();

    @Parameters(paramLabel = "KEY", description = "The key, such as 203.0.113.7 or staff/anna.")
    private String key = "";

    @Override
    public Integer call() {
        return limits.ask("GET", "/limits/key", key);
    }
}
