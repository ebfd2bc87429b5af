package dev.sallyport.app.cli.alert;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Tries the way to who is told.
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Tells every notifier of an alert that says it is a test, and shows what each answered.")
final class TestCommand implements Callable<Integer> {
    @Mixin
    private final AskedAlerts alerts = new AskedAlerts();

    @Override
    public Integer call() {
        return alerts.ask("POST", "/alerts/test");
    }
}
