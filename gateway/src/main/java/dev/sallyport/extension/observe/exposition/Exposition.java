package dev.sallyport.extension.observe.exposition;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// All figures of the process in Prometheus' text format or in OpenMetrics; rendered on control threads.
@OffLoop("admin threads")
public final class Exposition implements MetricSource {
    private static final ExpositionFormatWriter PROMETHEUS = PrometheusTextFormatWriter.create();
    private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();

    private final List<MetricSource> sources;
    private final EventLog events;
    private final AtomicLong failures = new AtomicLong();

    /// What is sent to who asked.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    public record Rendered(String contentType, byte[] body) {}

    /// @param events is told of a source that breaks for the first time
    public Exposition(List<MetricSource> sources, EventLog events) {
        this.sources = new CopyOnWriteArrayList<>(sources);
        this.events = events;
    }

    /// Asks `source` too from now on.
    public void add(MetricSource source) {
        sources.add(source);
    }

    /// No longer asks `source`.
    public void remove(MetricSource source) {
        sources.remove(source);
    }

    /// Asks every source and renders what they say in the format that the `Accept` header prefers. A source that
    /// breaks does not keep the others from being heard.
    public Rendered render(@Nullable String accept) {
        SnapshotSink sink = new SnapshotSink();
        collect(sink);
        ExpositionFormatWriter writer = OPEN_METRICS.accepts(accept) ? OPEN_METRICS : PROMETHEUS;
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
        try {
            writer.write(out, sink.snapshots(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Rendered(writer.getContentType(), out.toByteArray());
    }

    /// Asks every source.
    @Override
    public void collect(MetricSink sink) {
        for (MetricSource source : sources) {
            collect(source, sink);
        }
        sink.value(Metrics.METRIC_SOURCE_FAILURES, failures.get());
    }

    private void collect(MetricSource source, MetricSink sink) {
        try {
            source.collect(sink);
        } catch (RuntimeException e) {
            if (failures.getAndIncrement() == 0) {
                events.failure(Event.INTERNAL_ERROR, e, "in", source.getClass().getName());
            }
        }
    }

    /// The name a metric has in Prometheus, without the suffix of its kind.
    public static String prometheusName(Metric metric) {
        String name = metric.name().replace('.', '_');
        return switch (metric.unit()) {
            case "" -> name;
            case "s" -> name + "_seconds";
            case "By" -> name + "_bytes";
            default -> throw new IllegalArgumentException("unit: " + metric.unit() + " (expected: s, By or none)");
        };
    }
}
