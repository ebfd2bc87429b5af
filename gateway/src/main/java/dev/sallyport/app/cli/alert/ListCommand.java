package dev.sallyport.app.cli.alert;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists alerts.
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists what is pending, firing or was lately, the rules, and what is silenced.")
final class ListCommand implements Callable<Integer> {
    @Mixin
    private final AskedAlerts alerts = new AskedAlerts();

    @Override
    public Integer call() {
        return alerts.ask("GET", "/alerts");
    }
}
