package dev.sallyport.telemetry;

import java.util.List;

/// A metric's name and shape. Names follow OpenTelemetry semantic conventions where there is one, dots as in the
/// convention; the exporter spells them its own way.
///
/// @param name   dotted, without unit suffix
/// @param unit   UCUM as OpenTelemetry writes it (`s`, `By`), or empty
/// @param labels attribute names; their values come from closed sets
public record Metric(String name, Kind kind, String unit, String help, List<String> labels) {
    public Metric {
        labels = List.copyOf(labels);
    }

    /// How values of a metric behave.
    public enum Kind {
        COUNTER,
        GAUGE,
        /// A distribution, stated by [MetricSink#histogram].
        HISTOGRAM,
        /// Always 1: what it says is in its labels.
        INFO
    }

    public static Metric counter(String name, String unit, String help, String... labels) {
        return new Metric(name, Kind.COUNTER, unit, help, List.of(labels));
    }

    public static Metric gauge(String name, String unit, String help, String... labels) {
        return new Metric(name, Kind.GAUGE, unit, help, List.of(labels));
    }

    public static Metric histogram(String name, String unit, String help, String... labels) {
        return new Metric(name, Kind.HISTOGRAM, unit, help, List.of(labels));
    }

    public static Metric info(String name, String help, String... labels) {
        return new Metric(name, Kind.INFO, "", help, List.of(labels));
    }
}
