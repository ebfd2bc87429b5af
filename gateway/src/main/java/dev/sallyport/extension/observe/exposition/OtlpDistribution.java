package dev.sallyport.extension.observe.exposition;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.exposition.SnapshotSink.Sum;
import dev.sallyport.telemetry.Exemplar;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// A distribution as OpenTelemetry sees it, with examples.
@OffLoop("the thread of metric reports")
record OtlpDistribution(OtlpMetric.Span span, Attributes attributes, Sum sum) implements HistogramPointData {
    private static final long MILLI_NANOS = 1_000_000;

    @Override
    public double getSum() {
        return sum.value();
    }

    @Override
    public long getCount() {
        return Arrays.stream(sum.counts()).sum();
    }

    @Override
    public boolean hasMin() {
        return false;
    }

    @Override
    public double getMin() {
        return 0;
    }

    @Override
    public boolean hasMax() {
        return false;
    }

    @Override
    public double getMax() {
        return 0;
    }

    @Override
    public List<Double> getBoundaries() {
        return Arrays.stream(sum.bounds()).boxed().toList();
    }

    @Override
    public List<Long> getCounts() {
        return Arrays.stream(sum.counts()).boxed().toList();
    }

    @Override
    public List<DoubleExemplarData> getExemplars() {
        return sum.exemplars().stream().map(OtlpDistribution::exemplar).toList();
    }

    private static DoubleExemplarData exemplar(Exemplar of) {
        HexFormat hex = HexFormat.of();
        return DoubleExemplarData.create(
                Attributes.empty(),
                of.epochMillis() * MILLI_NANOS,
                SpanContext.create(
                        hex.toHexDigits(of.traceIdHigh()) + hex.toHexDigits(of.traceIdLow()),
                        hex.toHexDigits(of.spanId()),
                        TraceFlags.getSampled(),
                        TraceState.getDefault()),
                of.value());
    }

    @Override
    public long getStartEpochNanos() {
        return span.start();
    }

    @Override
    public long getEpochNanos() {
        return span.now();
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }
}
