package dev.sallyport.app.cli;

import dev.sallyport.app.ConfigCheck;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import dev.sallyport.controlplane.admin.AdminEndpoints;
import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.admin.Operation.RouteLine;
import dev.sallyport.controlplane.admin.RouteText;
import dev.sallyport.controlplane.config.ConfigProblem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Checks a configuration without running it.
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Checks a configuration without running it.",
            "",
            "Prints everything that is wrong at once, each with file, line and column, the key and what would be",
            "right. Lists the routes that are open to everybody.",
            "",
            "Exit code 0: usable (there may be warnings); 1: not."
        })
final class ValidateCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "A file, or a folder of .yaml files.")
    private Path file = Path.of("");

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        ConfigCheck check = ConfigCheck.of(file, System::getenv);
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.JSON) {
            out.println(json(check));
        } else {
            text(check, out);
        }
        return check.usable() ? ExitCode.OK : ExitCode.REFUSED;
    }

    private static Json json(ConfigCheck check) {
        return new Json()
                .put("usable", check.usable())
                .put("problems", AdminEndpoints.problems(check.problems()))
                .put(
                        "public-routes",
                        check.publicRoutes().stream()
                                .map(route -> new Json()
                                        .put("name", route.name())
                                        .put("match", route.match())
                                        .put("target", route.target()))
                                .toList());
    }

    private void text(ConfigCheck check, PrintWriter out) {
        check.problems().forEach(out::println);
        if (!check.usable()) {
            long errors =
                    check.problems().stream().filter(ConfigProblem::isError).count();
            out.println(file + " is not usable: " + errors + (errors == 1 ? " error." : " errors."));
            return;
        }
        List<RouteLine> open = check.publicRoutes();
        out.println(file + " is usable. " + check.routes() + (check.routes() == 1 ? " route, " : " routes, ")
                + open.size() + " open to everybody" + (open.isEmpty() ? "." : ":"));
        if (!open.isEmpty()) {
            out.print(RouteText.of(open));
        }
    }
}
