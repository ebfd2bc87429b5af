package dev.sallyport.app.cli.export;

import dev.sallyport.app.cli.outcome.ExitCode;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints what other systems are configured with.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {"Prints a dashboard for Grafana or alert rules for Prometheus, over the metrics of this version."
        },
        footer = {
            "",
            "Examples:",
            "  sallyport export grafana-dashboard > sallyport-dashboard.json",
            "  sallyport export prometheus-rules > sallyport-rules.yaml"
        })
public final class ExportCommand implements Callable<Integer> {
    private static final Map<String, Supplier<String>> THINGS =
            new TreeMap<>(Map.of("grafana-dashboard", Dashboard::json, "prometheus-rules", AlertRules::yaml));

    @Parameters(paramLabel = "WHAT", description = "grafana-dashboard or prometheus-rules.")
    private String what = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        Supplier<String> thing = THINGS.get(what);
        if (thing == null) {
            throw new ParameterException(
                    spec.commandLine(), what + " (expected: " + String.join(" or ", THINGS.keySet()) + ")");
        }
        spec.commandLine().getOut().print(thing.get());
        return ExitCode.OK;
    }
}
