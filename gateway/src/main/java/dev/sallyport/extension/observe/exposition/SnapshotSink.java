package dev.sallyport.extension.observe.exposition;

import dev.sallyport.telemetry.Exemplar;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Collects what sources state and hands it to the Prometheus library; confined to one thread.
final class SnapshotSink implements MetricSink {
    private final Map<Metric, Map<List<String>, Sum>> families = new LinkedHashMap<>();

    /// One series: a number, or a distribution when there are counts.
    static final class Sum {
        private double value;
        private double[] bounds = {};
        private long[] counts = {};
        private @Nullable Exemplar[] exemplars = {};

        /// Those that there are.
        List<Exemplar> exemplars() {
            return Arrays.stream(exemplars).filter(Objects::nonNull).toList();
        }

        double value() {
            return value;
        }

        double[] bounds() {
            return bounds;
        }

        long[] counts() {
            return counts;
        }
    }

    /// Every series by the values of its labels, of every metric.
    Map<Metric, Map<List<String>, Sum>> families() {
        return families;
    }

    private Sum sum(Metric metric, String[] labelValues) {
        if (labelValues.length != metric.labels().size()) {
            throw new IllegalArgumentException(
                    metric.name() + ": " + labelValues.length + " labels (expected: " + metric.labels() + ")");
        }
        return families.computeIfAbsent(metric, ignored -> new LinkedHashMap<>())
                .computeIfAbsent(List.of(labelValues), ignored -> new Sum());
    }

    @Override
    public void value(Metric metric, double value, String... labelValues) {
        sum(metric, labelValues).value += value;
    }

    @Override
    public void histogram(
            Metric metric,
            double[] bounds,
            long[] counts,
            double sum,
            @Nullable Exemplar[] exemplars,
            String... labelValues) {
        histogram(metric, bounds, counts, sum, labelValues);
        Sum into = sum(metric, labelValues);
        if (into.exemplars.length == 0) {
            into.exemplars = exemplars.clone();
        }
    }

    @Override
    public void histogram(Metric metric, double[] bounds, long[] counts, double sum, String... labelValues) {
        Sum into = sum(metric, labelValues);
        into.value += sum;
        into.bounds = bounds;
        if (into.counts.length == 0) {
            into.counts = counts.clone();
        } else {
            for (int i = 0; i < counts.length; i++) {
                into.counts[i] += counts[i];
            }
        }
    }

    MetricSnapshots snapshots() {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        families.forEach((metric, series) -> snapshots.add(snapshot(metric, series)));
        return new MetricSnapshots(snapshots);
    }

    private static MetricSnapshot snapshot(Metric metric, Map<List<String>, Sum> series) {
        String name = Exposition.prometheusName(metric);
        return switch (metric.kind()) {
            case COUNTER -> {
                CounterSnapshot.Builder builder =
                        CounterSnapshot.builder().name(name).help(metric.help());
                series.forEach((values, sum) -> builder.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(labels(metric, values))
                        .value(sum.value)
                        .build()));
                yield builder.build();
            }
            case GAUGE -> {
                GaugeSnapshot.Builder builder =
                        GaugeSnapshot.builder().name(name).help(metric.help());
                series.forEach((values, sum) -> builder.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .labels(labels(metric, values))
                        .value(sum.value)
                        .build()));
                yield builder.build();
            }
            case INFO -> {
                InfoSnapshot.Builder builder = InfoSnapshot.builder().name(name).help(metric.help());
                series.forEach((values, ignored) -> builder.dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(labels(metric, values))
                        .build()));
                yield builder.build();
            }
            case HISTOGRAM -> histogram(metric, name, series);
        };
    }

    private static MetricSnapshot histogram(Metric metric, String name, Map<List<String>, Sum> series) {
        HistogramSnapshot.Builder builder =
                HistogramSnapshot.builder().name(name).help(metric.help());
        series.forEach((values, sum) -> {
            double[] bounds = Arrays.copyOf(sum.bounds, sum.bounds.length + 1);
            bounds[sum.bounds.length] = Double.POSITIVE_INFINITY;
            builder.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                    .labels(labels(metric, values))
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, sum.counts))
                    .sum(sum.value)
                    .exemplars(Exemplars.of(
                            sum.exemplars().stream().map(SnapshotSink::exemplar).toList()))
                    .build());
        });
        return builder.build();
    }

    private static io.prometheus.metrics.model.snapshots.Exemplar exemplar(Exemplar of) {
        HexFormat hex = HexFormat.of();
        return io.prometheus.metrics.model.snapshots.Exemplar.builder()
                .value(of.value())
                .traceId(hex.toHexDigits(of.traceIdHigh()) + hex.toHexDigits(of.traceIdLow()))
                .spanId(hex.toHexDigits(of.spanId()))
                .timestampMillis(of.epochMillis())
                .build();
    }

    /// Labels without a value are left out: to Prometheus they are the same.
    private static Labels labels(Metric metric, List<String> values) {
        List<String> names = new ArrayList<>();
        List<String> present = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            if (!values.get(i).isEmpty()) {
                names.add(metric.labels().get(i).replace('.', '_'));
                present.add(values.get(i));
            }
        }
        return Labels.of(names, present);
    }
}
