package dev.sallyport.app.otlp;

import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.ObserveConfig;
import dev.sallyport.controlplane.config.observe.OtlpConfig;
import dev.sallyport.controlplane.config.observe.TracesConfig;
import dev.sallyport.extension.observe.exposition.Exposition;
import dev.sallyport.extension.observe.exposition.MetricReports;
import dev.sallyport.extension.observe.otlp.CollectorSettings;
import dev.sallyport.extension.observe.otlp.CollectorTls;
import dev.sallyport.extension.observe.otlp.Outflow;
import dev.sallyport.extension.observe.trace.CurrentTraces;
import dev.sallyport.extension.observe.trace.TraceSettings;
import dev.sallyport.extension.observe.trace.Traces;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What OpenTelemetry collectors are told of: traces and metrics.
public final class Telling implements MetricSource, AutoCloseable {
    private final String version;
    private final int loops;
    private final Exposition metrics;
    private final Outflow.Common common;
    private final CurrentTraces current = new CurrentTraces();
    private final String instance;
    private @Nullable Wanted wanted;
    private @Nullable Traces traces;
    private @Nullable Reported reported;
    private @Nullable MetricReports reports;

    /// What decides about metrics.
    private record Reported(OtlpConfig collector, Duration every, Map<String, String> resource) {}

    /// What decides about traces.
    private record Wanted(@Nullable TracesConfig traces, Map<String, String> resource, Compiled.Secrets secrets) {}

    /// @param instance unlike that of any other gateway
    /// @param metrics  what collectors of metrics are told
    public Telling(String version, String instance, int loops, Exposition metrics, Outflow.Common common) {
        this.version = version;
        this.instance = instance;
        this.loops = loops;
        this.metrics = metrics;
        this.common = common;
    }

    /// To be told of every request.
    public CurrentTraces recorder() {
        return current;
    }

    /// Gets ready what `next` asks for.
    ///
    /// @return puts it into use
    /// @throws IOException a file cannot be used, and nothing was changed; the message says which
    public Runnable prepare(Compiled next) throws IOException {
        ObserveConfig observe = next.observe();
        Map<String, String> resource = observe.resource() == null ? Map.of() : observe.resource();
        Wanted asked = new Wanted(observe.traces(), resource, next.secrets());
        if (asked.equals(wanted) || (asked.traces() == null && (wanted == null || wanted.traces() == null))) {
            return () -> wanted = asked;
        }
        TracesConfig config = asked.traces();
        TraceSettings settings = config == null ? null : settings(config, asked);
        return () -> {
            wanted = asked;
            use(settings);
        };
    }

    /// Gets ready what `next` asks for of collectors of metrics.
    ///
    /// @return puts it into use
    /// @throws IOException a file cannot be used, and nothing was changed; the message says which
    public Runnable reporting(Compiled next) throws IOException {
        ObserveConfig observe = next.observe();
        OtlpConfig collector = observe.metrics().otlp();
        Map<String, String> resource = observe.resource() == null ? Map.of() : observe.resource();
        Reported asked = collector == null
                ? null
                : new Reported(collector, observe.metrics().every(), resource);
        if (Objects.equals(asked, reported)) {
            return () -> {};
        }
        CollectorSettings settings = collector == null ? null : collector(collector);
        return () -> {
            MetricReports before = reports;
            reported = asked;
            reports = asked == null || settings == null
                    ? null
                    : new MetricReports(
                            settings,
                            asked.every(),
                            new MetricReports.Who(version, instance, asked.resource()),
                            metrics,
                            common);
            if (before != null) {
                Thread.startVirtualThread(before::close);
            }
        };
    }

    private void use(@Nullable TraceSettings settings) {
        Traces next = settings == null ? null : new Traces(settings, loops, version, instance, current, common);
        Traces before = current.replace(next);
        traces = next;
        if (before != null) {
            // what it has not told yet it tells beside the new one
            Thread.startVirtualThread(before::close);
        }
    }

    private static TraceSettings settings(TracesConfig config, Wanted asked) throws IOException {
        Duration slow = config.slowerThan();
        TraceSettings.Trouble trouble = config.errors() || slow != null
                ? new TraceSettings.Trouble(
                        config.errors(), slow == null ? Long.MAX_VALUE : slow.toNanos(), config.mostUnsampled())
                : TraceSettings.Trouble.NONE;
        return new TraceSettings(
                collector(config.otlp()),
                trouble,
                config.linkUntrusted(),
                asked.secrets().headers(),
                asked.secrets().parameters(),
                asked.resource());
    }

    /// The way to the collector of `config`.
    ///
    /// @throws IOException a file cannot be used
    public static CollectorSettings collector(OtlpConfig config) throws IOException {
        OtlpConfig.KeyPair own = config.clientCertificate();
        Map<String, String> headers = new LinkedHashMap<>();
        config.headers().forEach((name, value) -> headers.put(name, value.reveal()));
        return new CollectorSettings(
                config.uri(),
                switch (config.protocol()) {
                    case HTTP -> CollectorSettings.Protocol.HTTP;
                    case GRPC -> CollectorSettings.Protocol.GRPC;
                },
                headers,
                CollectorTls.of(
                        config.trust(),
                        own == null ? null : own.chain(),
                        own == null ? null : own.key(),
                        Instant.now()),
                config.timeout(),
                config.compression() == OtlpConfig.Compression.GZIP);
    }

    @Override
    public void collect(MetricSink sink) {
        current.collect(sink);
    }

    @Override
    public void close() {
        current.replace(null);
        Traces last = traces;
        if (last != null) {
            last.close();
        }
        MetricReports told = reports;
        if (told != null) {
            told.close();
        }
    }
}
