package dev.sallyport.app.cli.alert;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Silences an alert for a time.
@Command(
        name = "silence",
        mixinStandardHelpOptions = true,
        description = {
            "Tells nobody of an alert for a time. It is watched and listed all the same, and told when it still fires",
            "at the end of the silence."
        })
final class SilenceCommand implements Callable<Integer> {
    @Mixin
    private final AskedAlerts alerts = new AskedAlerts();

    @Parameters(
            paramLabel = "NAME",
            description = "A rule such as failing, or one of its alerts: failing/route orders.")
    private String name = "";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "For how long (default: ${DEFAULT-VALUE}).")
    private Duration time = Duration.ofHours(1);

    @Option(names = "--end", description = "Ends the silence instead.")
    private boolean end;

    @Override
    public Integer call() {
        String which = "/alerts/silences?alert=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        return end ? alerts.ask("DELETE", which) : alerts.ask("POST", which + "&for=" + time.toMillis() + "ms");
    }
}
