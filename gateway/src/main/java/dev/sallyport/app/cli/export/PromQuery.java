package dev.sallyport.app.cli.export;

import dev.sallyport.extension.observe.exposition.Exposition;
import dev.sallyport.telemetry.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Expressions of Prometheus over our metrics.
final class PromQuery {
    private PromQuery() {}

    /// The name under which a metric's series are found.
    static String name(Metric metric) {
        String name = Exposition.prometheusName(metric);
        return switch (metric.kind()) {
            case COUNTER -> name + "_total";
            case INFO -> name + "_info";
            case GAUGE, HISTOGRAM -> name;
        };
    }

    /// How often something is counted in a second, by some labels.
    ///
    /// @param only which series, as `label="value"`, empty for all
    static String rate(Metric metric, String only, String over, String... by) {
        String series = metric.kind() == Metric.Kind.HISTOGRAM ? name(metric) + "_count" : name(metric);
        return "sum" + by(metric, by) + "(rate(" + series + selector(only) + "[" + over + "]))";
    }

    /// A quantile of a distribution in seconds.
    static String quantile(double quantile, Metric metric, String only, String over, String... by) {
        List<String> labels = new ArrayList<>(List.of("le"));
        labels.addAll(checked(metric, by));
        return "histogram_quantile(" + quantile + ", sum by (" + String.join(", ", labels) + ") (rate(" + name(metric)
                + "_bucket" + selector(only) + "[" + over + "])))";
    }

    /// A gauge, added up by some labels.
    static String gauge(Metric metric, String... by) {
        return "sum" + by(metric, by) + "(" + name(metric) + ")";
    }

    private static String selector(String only) {
        return only.isEmpty() ? "" : "{" + only + "}";
    }

    private static String by(Metric metric, String... labels) {
        return labels.length == 0
                ? " "
                : " by (" + checked(metric, labels).stream().collect(Collectors.joining(", ")) + ") ";
    }

    /// Labels as Prometheus spells them; the metric must have them.
    private static List<String> checked(Metric metric, String... labels) {
        for (String label : labels) {
            if (metric.labels().stream().noneMatch(one -> one.replace('.', '_').equals(label))) {
                throw new IllegalArgumentException(metric.name() + " has no " + label + ": " + metric.labels());
            }
        }
        return List.of(labels);
    }
}
