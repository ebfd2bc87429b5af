package dev.sallyport.app.cli.running;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Shows the golden signals of a running gateway as they change.
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the golden signals of a running gateway and of its busiest routes, every two seconds, until it is",
            "stopped with Ctrl-C."
        })
public final class TopCommand implements Callable<Integer> {
    private static final String AGAIN = "\u001b[H\u001b[J";
    private static final String DATA = "data: ";

    @Mixin
    private final AdminOptions admin = new AdminOptions();

    @Option(names = "--once", description = "Shows one picture and ends.")
    private boolean once;

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            defaultValue = "rate",
            description = "rate, failed, refused or p99 (default: ${DEFAULT-VALUE}).")
    private Column sort = Column.RATE;

    @Option(
            names = "--routes",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many routes (default: ${DEFAULT-VALUE}).")
    private int most;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// What routes are sorted by.
    enum Column {
        RATE,
        FAILED,
        REFUSED,
        P99
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        do {
            // the gateway ends a stream after a while; then it is asked again
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(admin.stream("/console/live"), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith(DATA)) {
                        show(line.substring(DATA.length()), out);
                        if (once || out.checkError()) {
                            return ExitCode.OK;
                        }
                    }
                }
            } catch (IOException e) {
                throw new CommandFailure(ExitCode.UNREACHABLE, "The gateway said no more: " + e.getMessage());
            }
        } while (true);
    }

    private void show(String data, PrintWriter out) {
        Map<String, @Nullable Object> now = StrictJson.object(data.getBytes(StandardCharsets.UTF_8));
        if (now == null) {
            throw new CommandFailure(ExitCode.UNREACHABLE, "The gateway's answer cannot be understood: " + data);
        }
        StringBuilder text = new StringBuilder(once ? "" : AGAIN);
        Map<String, @Nullable Object> whole = members(now.get("whole"));
        Map<String, @Nullable Object> full = members(now.get("saturation"));
        text.append("gateway ")
                .append(now.get("state"))
                .append("   in flight ")
                .append(whole(full, "inFlight"))
                .append("   connections ")
                .append(whole(full, "connections"))
                .append("   loop lag ")
                .append(millis(number(full, "lagMillis")))
                .append("   processor ")
                .append(percent(number(full, "processor")))
                .append("   heap ")
                .append(percent(number(full, "heap")))
                .append("\n\n");
        line(text, "ROUTE", "REQUESTS/S", "FAILED", "REFUSED", "P50", "P90", "P99");
        figures(text, "(all)", whole);
        List<Map.Entry<String, @Nullable Object>> routes =
                new ArrayList<>(members(now.get("routes")).entrySet());
        String by = sort.name().toLowerCase(Locale.ROOT);
        routes.sort(Comparator.comparingDouble(
                        (Map.Entry<String, @Nullable Object> one) -> -zero(number(members(one.getValue()), by)))
                .thenComparing(Map.Entry::getKey));
        for (Map.Entry<String, @Nullable Object> route : routes.subList(0, Math.min(most, routes.size()))) {
            figures(text, route.getKey(), members(route.getValue()));
        }
        if (routes.size() > most) {
            text.append("and ").append(routes.size() - most).append(" more with requests\n");
        }
        out.print(text);
        out.flush();
    }

    private static void figures(StringBuilder text, String name, Map<String, @Nullable Object> slice) {
        double rate = zero(number(slice, "rate"));
        line(
                text,
                name,
                String.format(Locale.ROOT, "%.1f", rate),
                percent(rate > 0 ? number(slice, "failed") / rate : Double.NaN),
                percent(rate > 0 ? number(slice, "refused") / rate : Double.NaN),
                millis(number(slice, "p50")),
                millis(number(slice, "p90")),
                millis(number(slice, "p99")));
    }

    private static void line(StringBuilder text, String name, String... cells) {
        text.append(String.format(Locale.ROOT, "%-32.32s", name));
        for (String cell : cells) {
            text.append(String.format(Locale.ROOT, " %12s", cell));
        }
        text.append('\n');
    }

    @SuppressWarnings("unchecked") // objects have texts as names
    private static Map<String, @Nullable Object> members(@Nullable Object json) {
        return json instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }

    private static double number(Map<String, @Nullable Object> json, String name) {
        return json.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static double zero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    private static String whole(Map<String, @Nullable Object> json, String name) {
        return String.format(Locale.ROOT, "%.0f", zero(number(json, name)));
    }

    private static String millis(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.1f ms", value);
    }

    private static String percent(double part) {
        return Double.isNaN(part) ? "-" : String.format(Locale.ROOT, "%.1f %%", part * 100);
    }
}
