package dev.sallyport.telemetry;

import org.jspecify.annotations.Nullable;

/// Where a [MetricSource] puts what it has counted. What is stated of one series several times, by several event
/// loops say, is added up.
@FunctionalInterface
public interface MetricSink {
    /// States the present value of one series.
    ///
    /// @param metric      one of the constants of [Metrics]
    /// @param value       a running total for a counter, the present value for a gauge, 1 for an info
    /// @param labelValues one for each of the metric's label names, in their order; empty where one does not
    ///     apply
    void value(Metric metric, double value, String... labelValues);

    /// States the present value of one series that counts in whole numbers.
    default void value(Metric metric, long value, String... labelValues) {
        value(metric, (double) value, labelValues);
    }

    /// States the present distribution of one series; a sink without distributions ignores it.
    ///
    /// @param bounds upper bounds of the buckets, ascending, without infinity
    /// @param counts how many values fell in each bucket, not cumulated; one more than bounds
    /// @param sum    of all values
    default void histogram(Metric metric, double[] bounds, long[] counts, double sum, String... labelValues) {}

    /// States the present distribution of one series with examples; a sink that has no use for examples
    /// ignores them.
    ///
    /// @param exemplars one for each bucket, null where there is none
    default void histogram(
            Metric metric,
            double[] bounds,
            long[] counts,
            double sum,
            @Nullable Exemplar[] exemplars,
            String... labelValues) {
        histogram(metric, bounds, counts, sum, labelValues);
    }
}
