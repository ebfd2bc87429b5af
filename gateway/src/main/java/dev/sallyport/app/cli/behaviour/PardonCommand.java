package dev.sallyport.app.cli.behaviour;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Forgets what speaks against a key.
@Command(
        name = "pardon",
        mixinStandardHelpOptions = true,
        description = "Forgets all that speaks against an address, a network or a caller, and ends its ban.")
final class PardonCommand implements Callable<Integer> {
    @Mixin
    private final AskedBehaviour behaviour = new AskedBehaviour();

    @Parameters(paramLabel = "KEY", description = "Such as 203.0.113.7, 203.0.113.0/24 or staff/anna.")
    private String key = "";

    @Override
    public Integer call() {
        return behaviour.askOf("DELETE", key, "");
    }
}
