package dev.sallyport.app.cli.behaviour;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Shows whose score is highest.
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the addresses, networks, callers and guessed accounts with the highest scores: their level, their score,",
            "which signals it comes from, and for how long they are refused."
        })
final class TopCommand implements Callable<Integer> {
    @Mixin
    private final AskedBehaviour behaviour = new AskedBehaviour();

    @Override
    public Integer call() {
        return behaviour.ask("GET", "/behaviour");
    }
}
