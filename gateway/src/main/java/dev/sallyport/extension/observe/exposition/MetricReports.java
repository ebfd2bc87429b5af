package dev.sallyport.extension.observe.exposition;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.otlp.CollectorSettings;
import dev.sallyport.extension.observe.otlp.Origin;
import dev.sallyport.extension.observe.otlp.Outflow;
import dev.sallyport.telemetry.MetricSource;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tells a collector all figures every so often, and once more in the end. A report that finds the one before still
/// waiting
/// is left out: figures are cumulative, so the next one says as much.
@OffLoop("a virtual thread of its own")
public final class MetricReports implements AutoCloseable {
    private static final long MILLI_NANOS = 1_000_000;

    /// A report travels whole.
    private static final Outflow.Room ROOM = new Outflow.Room(4096, 4096, Duration.ofMillis(50));

    private final Duration every;
    private final MetricSource source;
    private final Resource resource;
    private final Outflow<MetricData> outflow;
    private final long startedAt;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /// Starts to tell.
    ///
    /// @param origin what is said of this gateway
    public MetricReports(
            CollectorSettings collector, Duration every, Who origin, MetricSource source, Outflow.Common common) {
        this.every = every;
        this.source = source;
        this.resource = Origin.resource(origin.version(), origin.instance(), origin.chosen());
        this.startedAt = ManagementFactory.getRuntimeMXBean().getStartTime() * MILLI_NANOS;
        this.outflow = Outflow.ofMetrics(collector, ROOM, common);
        this.thread = Thread.ofVirtual().name("metric reports").start(this::run);
    }

    /// Which gateway tells.
    ///
    /// @param chosen what the configuration says of it
    public record Who(String version, String instance, Map<String, String> chosen) {
        public Who {
            chosen = Map.copyOf(chosen);
        }
    }

    private void run() {
        try {
            while (!closing.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
                report();
            }
            report();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void report() {
        if (outflow.waiting() > 0) {
            return;
        }
        SnapshotSink sink = new SnapshotSink();
        source.collect(sink);
        OtlpMetric.Span span = new OtlpMetric.Span(startedAt, System.currentTimeMillis() * MILLI_NANOS);
        sink.families().forEach((metric, series) -> outflow.offer(OtlpMetric.of(resource, metric, series, span)));
    }

    /// Tells the last figures and stops, within two seconds or little more.
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        outflow.close();
    }
}
