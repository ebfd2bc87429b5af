package dev.sallyport.telemetry;

/// Where a [MetricSource] puts what it has counted.
public interface MetricSink {
    /// States the present value of one series.
    ///
    /// @param metric      one of the constants of [Metrics]
    /// @param value       a running total for a counter, the present value for a gauge
    /// @param labelValues one for each of the metric's label names, in their order
    void value(Metric metric, double value, String... labelValues);
}
