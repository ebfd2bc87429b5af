package dev.sallyport.extension.observe.exposition;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.exposition.SnapshotSink.Sum;
import dev.sallyport.extension.observe.otlp.Origin;
import dev.sallyport.telemetry.Metric;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A metric with its series as OpenTelemetry sees it: the same figures that scrapers get, cumulative since the start.
@OffLoop("the thread of metric reports")
record OtlpMetric(Resource resource, Metric metric, MetricDataType type, Data<?> data) implements MetricData {
    /// When counting began and when it was looked at, in nanoseconds since 1970.
    record Span(long start, long now) {}

    static OtlpMetric of(Resource resource, Metric metric, Map<List<String>, Sum> series, Span span) {
        return switch (metric.kind()) {
            case COUNTER ->
                new OtlpMetric(
                        resource,
                        metric,
                        MetricDataType.DOUBLE_SUM,
                        SumData.createDoubleSumData(
                                true, AggregationTemporality.CUMULATIVE, numbers(metric, series, span)));
            case GAUGE, INFO ->
                new OtlpMetric(
                        resource,
                        metric,
                        MetricDataType.DOUBLE_GAUGE,
                        GaugeData.createDoubleGaugeData(numbers(metric, series, span)));
            case HISTOGRAM ->
                new OtlpMetric(
                        resource,
                        metric,
                        MetricDataType.HISTOGRAM,
                        HistogramData.create(AggregationTemporality.CUMULATIVE, distributions(metric, series, span)));
        };
    }

    private static List<DoublePointData> numbers(Metric metric, Map<List<String>, Sum> series, Span span) {
        List<DoublePointData> points = new ArrayList<>();
        series.forEach((values, sum) -> points.add(
                DoublePointData.create(span.start(), span.now(), attributes(metric, values), sum.value(), List.of())));
        return points;
    }

    private static List<HistogramPointData> distributions(Metric metric, Map<List<String>, Sum> series, Span span) {
        List<HistogramPointData> points = new ArrayList<>();
        series.forEach((values, sum) -> points.add(new OtlpDistribution(span, attributes(metric, values), sum)));
        return points;
    }

    /// Labels without a value are left out, as for scrapers.
    private static Attributes attributes(Metric metric, List<String> values) {
        AttributesBuilder attributes = Attributes.builder();
        for (int i = 0; i < values.size(); i++) {
            if (!values.get(i).isEmpty()) {
                attributes.put(metric.labels().get(i), values.get(i));
            }
        }
        return attributes.build();
    }

    @Override
    public Resource getResource() {
        return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return Origin.SCOPE;
    }

    @Override
    public String getName() {
        return metric.name();
    }

    @Override
    public String getDescription() {
        return metric.help();
    }

    @Override
    public String getUnit() {
        return metric.unit();
    }

    @Override
    public MetricDataType getType() {
        return type;
    }

    @Override
    public Data<?> getData() {
        return data;
    }
}
