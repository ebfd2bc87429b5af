package dev.sallyport.app.cli.behaviour;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Shows how one key stands.
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows how an address, a network or a caller stands, and why.")
final class ShowCommand implements Callable<Integer> {
    @Mixin
    private final AskedBehaviour behaviour = new AskedBehaviour();

    @Parameters(paramLabel = "KEY", description = "Such as 203.0.113.7, 203.0.113.0/24 or staff/anna.")
    private String key = "";

    @Override
    public Integer call() {
        return behaviour.askOf("GET", key, "");
    }
}
