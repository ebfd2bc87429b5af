package dev.sallyport.extension.observe.signals;

import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Running totals that a test moves.
public final class FakeTotals implements MetricSource {
    private static final double[] BOUNDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0015, 0.0025, 0.0035, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.035, 0.05, 0.075,
        0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1, 1.5, 2.5, 3.5, 5, 7.5, 10, 30, 60
    };

    private final Map<Series, double[]> values = new LinkedHashMap<>();
    private final Map<Series, long[]> counts = new LinkedHashMap<>();
    private final Set<String> hidden = new HashSet<>();

    private record Series(Metric metric, List<String> labels) {}

    /// Adds to a counter.
    public void add(Metric metric, double amount, String... labels) {
        values.computeIfAbsent(new Series(metric, List.of(labels)), _ -> new double[1])[0] += amount;
    }

    /// Sets a level.
    public void level(Metric metric, double value, String... labels) {
        values.computeIfAbsent(new Series(metric, List.of(labels)), _ -> new double[1])[0] = value;
    }

    private void times(Metric metric, double seconds, long count, String... labels) {
        int bucket = 0;
        while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
            bucket++;
        }
        counts.computeIfAbsent(new Series(metric, List.of(labels)), _ -> new long[BOUNDS.length + 1])[bucket] += count;
        add(metric, seconds * count, labels);
    }

    /// Requests that a route answered, refused or failed; status 0 for none.
    public void served(String route, int status, String error, double seconds, long count) {
        times(Metrics.SERVER_DURATION, seconds, count, "/" + route, route, "GET", status(status), error);
    }

    /// Requests that an upstream was sent.
    public void asked(String upstream, int status, String error, double seconds, long count) {
        times(Metrics.CLIENT_DURATION, seconds, count, upstream, status(status), error);
    }

    public void refused(String route, String reason, int status, long count) {
        add(Metrics.REFUSALS, (double) count, route, reason, status(status));
    }

    public void body(String route, long request, long response) {
        add(Metrics.REQUEST_BODY, (double) request, route);
        add(Metrics.RESPONSE_BODY, (double) response, route);
    }

    /// Says nothing of `route` any more.
    public void hide(String route) {
        hidden.add(route);
    }

    public void show(String route) {
        hidden.remove(route);
    }

    private static String status(int status) {
        return status == 0 ? "" : Integer.toString(status);
    }

    @Override
    public void collect(MetricSink sink) {
        values.forEach((series, value) -> {
            if (series.labels().stream().noneMatch(hidden::contains)) {
                String[] labels = series.labels().toArray(String[]::new);
                long[] buckets = counts.get(series);
                if (buckets == null) {
                    sink.value(series.metric(), value[0], labels);
                } else {
                    sink.histogram(series.metric(), BOUNDS, buckets, value[0], labels);
                }
            }
        });
    }
}
