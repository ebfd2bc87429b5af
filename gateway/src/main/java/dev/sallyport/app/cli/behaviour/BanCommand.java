package dev.sallyport.app.cli.behaviour;

import dev.sallyport.controlplane.config.read.Scalars;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Has a key refused.
@Command(
        name = "ban",
        mixinStandardHelpOptions = true,
        description = {
            "Has an address, a network or a caller refused for a while, whatever else speaks for it; responses that go on",
            "for it end. It is in the memory of the gateway: a restart ends it."
        })
final class BanCommand implements Callable<Integer> {
    @Mixin
    private final AskedBehaviour behaviour = new AskedBehaviour();

    @Parameters(paramLabel = "KEY", description = "Such as 203.0.113.7, 203.0.113.0/24 or staff/anna.")
    private String key = "";

    @Option(
            names = "--for",
            required = true,
            paramLabel = "DURATION",
            description = "For how long, such as 30m or 24h.")
    private Duration how = Duration.ZERO;

    @Override
    public Integer call() {
        return behaviour.askOf("POST", key, "&for=" + Scalars.text(how));
    }
}
