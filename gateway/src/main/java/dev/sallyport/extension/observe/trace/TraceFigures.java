package dev.sallyport.extension.observe.trace;

import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.util.concurrent.atomic.LongAdder;

/// How many exchanges were told as traces, and how many were not though they should have been.
final class TraceFigures implements MetricSource {
    final LongAdder sampled = new LongAdder();
    final LongAdder troubled = new LongAdder();
    final LongAdder tooMany = new LongAdder();
    final LongAdder dropped = new LongAdder();

    @Override
    public void collect(MetricSink sink) {
        sink.value(Metrics.TRACES, sampled.sum(), "sampled");
        sink.value(Metrics.TRACES, troubled.sum(), "trouble");
        sink.value(Metrics.TRACES, tooMany.sum(), "over-limit");
        sink.value(Metrics.TRACES, dropped.sum(), "dropped");
    }
}
