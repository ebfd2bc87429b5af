package dev.sallyport.app.cli.limit;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Shows which keys ask most.
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = {
            "Shows each limit of a running gateway: how many requests it allowed and refused since the start, how near to",
            "the edge any key came in the last minutes, and which keys ask most. The numbers of keys are estimates."
        })
final class TopCommand implements Callable<Integer> {
    @Mixin
    private final AskedLimits limits = new AskedLimits();

    @Override
    public Integer call() {
        return limits.ask("GET", "/limits", null);
    }
}
