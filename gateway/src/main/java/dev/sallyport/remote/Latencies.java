package dev.sallyport.remote;

import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// How long answers took, in buckets. Any thread.
public final class Latencies {
    private static final double[] BOUNDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
    private static final double NANOS = 1e9;

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length + 1);
    private final LongAdder sum = new LongAdder();

    /// Notes how long one took.
    public void add(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS.length && nanos > BOUNDS[bucket] * NANOS) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
        sum.add(nanos);
    }

    /// States them as `metric`, a histogram in seconds.
    public void collect(MetricSink sink, Metric metric, String... labelValues) {
        long[] copy = new long[counts.length()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = counts.get(i);
        }
        sink.histogram(metric, BOUNDS.clone(), copy, sum.sum() / NANOS, labelValues);
    }
}
