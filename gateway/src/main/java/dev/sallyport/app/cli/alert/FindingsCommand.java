package dev.sallyport.app.cli.alert;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists what is unlike the past.
@Command(
        name = "findings",
        mixinStandardHelpOptions = true,
        description = "Lists what is unlike the past: what, since when, how far from usual, and which requests.")
final class FindingsCommand implements Callable<Integer> {
    @Mixin
    private final AskedAlerts alerts = new AskedAlerts();

    @Override
    public Integer call() {
        return alerts.ask("GET", "/findings");
    }
}
