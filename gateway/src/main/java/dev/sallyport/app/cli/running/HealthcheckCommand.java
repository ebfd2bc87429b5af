package dev.sallyport.app.cli.running;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Says by its exit code whether a gateway is ready for traffic.
@Command(
        name = "healthcheck",
        mixinStandardHelpOptions = true,
        description = {
            "Says by its exit code whether a gateway is ready: 0 ready, 1 not.",
            "",
            "For a container's HEALTHCHECK. Needs no token; asks " + AdminOptions.DEFAULT_URL
                    + " unless told otherwise or",
            "a gateway of this user runs on this machine."
        })
public final class HealthcheckCommand implements Callable<Integer> {
    @Mixin
    private final AdminOptions admin = new AdminOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        String url = admin.url();
        try {
            AdminOptions.Answer answer =
                    AdminOptions.send("GET", url + "/readyz", null, OutputFormat.TEXT, admin.timeout());
            spec.commandLine().getOut().print(answer.body());
            return answer.status() == 200 ? ExitCode.OK : ExitCode.REFUSED;
        } catch (IOException e) {
            spec.commandLine().getErr().println(url + " cannot be reached: " + e.getMessage());
            return ExitCode.REFUSED;
        }
    }
}
