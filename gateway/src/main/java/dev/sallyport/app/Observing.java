package dev.sallyport.app;

import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.app.alert.Alerting;
import dev.sallyport.controlplane.admin.AdminResponse;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.ObserveConfig;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.extension.observe.AccessLog;
import dev.sallyport.extension.observe.AccessLogSettings;
import dev.sallyport.extension.observe.BugLog;
import dev.sallyport.extension.observe.RecentRefusals;
import dev.sallyport.extension.observe.Recorders;
import dev.sallyport.extension.observe.RequestMetrics;
import dev.sallyport.extension.observe.exposition.Exposition;
import dev.sallyport.extension.observe.exposition.JvmMetrics;
import dev.sallyport.extension.observe.signals.Resolution;
import dev.sallyport.extension.observe.signals.Sampler;
import dev.sallyport.extension.observe.signals.Signals;
import dev.sallyport.extension.observe.sink.LogFile;
import dev.sallyport.extension.observe.sink.LogSink;
import dev.sallyport.extension.observe.source.RequestExamples;
import dev.sallyport.extension.observe.source.SourceCounts;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSource;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is seen of requests: their metrics, and the access log that the configuration asks for.
final class Observing implements AutoCloseable {
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final int loops;
    private final EventLog log;
    private final OutputStream standardOut;
    private final RequestMetrics requests;
    private final BugLog bugs;
    private final List<Recorder> usual = new ArrayList<>();
    private final RecentRefusals refusals;
    private final SourceCounts sources;
    private final RequestExamples examples;
    private final Recorders recorders;
    private final Exposition exposition;
    private final Exposition measured;
    private final Signals signals;
    private final Sampler sampler;
    private final AtomicInteger configurations = new AtomicInteger();
    private ObserveConfig.@Nullable AccessLog configured;
    private @Nullable Secrets redacted;
    private @Nullable AccessLog accessLog;

    /// What no line of the access log may show.
    private record Secrets(List<String> headers, List<String> parameters) {
        /// What the configuration says, and where its authenticators find credentials.
        static Secrets of(Compiled next) {
            TreeSet<String> headers = new TreeSet<>(next.observe().redact().headers());
            TreeSet<String> parameters = new TreeSet<>(next.observe().redact().query());
            next.parts().authenticators().forEach(built -> {
                headers.addAll(built.plugin().credentialFields());
                parameters.addAll(built.plugin().credentialParameters());
            });
            return new Secrets(List.copyOf(headers), List.copyOf(parameters));
        }
    }

    /// @param audit told of requests too
    Observing(int loops, EventLog log, OutputStream standardOut, Recorder audit) {
        this.loops = loops;
        this.log = log;
        this.standardOut = standardOut;
        this.requests = new RequestMetrics(loops);
        this.bugs = new BugLog(log);
        this.refusals = new RecentRefusals(loops);
        this.sources = new SourceCounts(loops);
        this.examples = new RequestExamples(loops);
        usual.addAll(List.of(requests, bugs, refusals, sources, examples, audit));
        this.recorders = new Recorders(usual);
        JvmMetrics process = new JvmMetrics();
        this.exposition = new Exposition(List.of(requests, process), log);
        this.measured = new Exposition(List.of(requests, process), log);
        this.signals = new Signals(measured, Resolution.USUAL);
        this.sampler = new Sampler(signals, InstantSource.system(), log);
    }

    /// What happened over time.
    Signals signals() {
        return signals;
    }

    /// Who is refused, and which requests are examples of trouble.
    Alerting.Recorded recorded() {
        return new Alerting.Recorded(sources, examples);
    }

    /// Tells who wants to know whenever [#signals] has something new.
    Sampler sampler() {
        return sampler;
    }

    /// Has [#signals] hear of what `source` counts; [#include] is a matter of its own.
    void measure(MetricSource source) {
        measured.add(source);
    }

    /// Begins to remember what happens over time.
    void start() {
        sampler.start();
    }

    /// Has `recorder` told of every request too; before any is served.
    void observe(Recorder recorder) {
        usual.add(recorder);
        recorders.replace(usual);
    }

    Recorder recorder() {
        return recorders;
    }

    /// Has the metrics include what `source` counts.
    void include(MetricSource source) {
        exposition.add(source);
    }

    /// The metrics as a scraper wants them.
    AdminResponse metrics(@Nullable String accept) {
        Exposition.Rendered rendered = exposition.render(accept);
        return new AdminResponse(200, rendered.contentType(), rendered.body(), Map.of());
    }

    /// The latest requests that were refused or went wrong, as lines of the access log, newest first.
    List<String> refusals(int most) {
        return refusals.lines(most);
    }

    /// Gets ready what `next` asks for.
    ///
    /// @throws IOException a log file cannot be opened, and nothing was changed; the message says which
    Step prepare(Compiled next) throws IOException {
        ObserveConfig.AccessLog asked = next.observe().accessLog();
        Secrets secrets = Secrets.of(next);
        if (asked.equals(configured) && secrets.equals(redacted)) {
            return Step.NONE;
        }
        LogSink sink = sink(asked.to());
        return new Step() {
            @Override
            public void use() {
                configured = asked;
                redacted = secrets;
                refusals.hide(secrets.headers(), secrets.parameters());
                replace(sink == null ? null : new AccessLog(settings(asked, secrets), sink, loops, log));
            }

            @Override
            public void abandon() {
                closeQuietly(sink);
            }
        };
    }

    /// Has signals be taken as often as `next` asks for.
    Step sampling(Compiled next) {
        ObserveConfig.Signals asked = next.observe().signals();
        Resolution resolution = asked == null ? Resolution.USUAL : Resolution.of(asked.every());
        return Step.of(() -> signals.resolution(resolution));
    }

    /// Has the metrics forget routes and upstreams that `next` no longer has, once requests of the configuration
    /// before had time to end.
    Step forgetting(Compiled next) {
        Set<String> routes =
                next.snapshot().routes().routes().stream().map(Route::name).collect(Collectors.toSet());
        Set<String> upstreams = next.upstreams().stream().map(Upstream::name).collect(Collectors.toSet());
        return new Step() {
            @Override
            public void use() {
                int mine = configurations.incrementAndGet();
                Thread.startVirtualThread(() -> {
                    LockSupport.parkNanos(SETTLE_NANOS);
                    if (configurations.get() == mine) {
                        requests.keep(routes, upstreams);
                    }
                });
            }

            @Override
            public void abandon() {}
        };
    }

    private void replace(@Nullable AccessLog next) {
        AccessLog before = accessLog;
        List<Recorder> all = new ArrayList<>(usual);
        if (next != null) {
            all.add(next);
            exposition.add(next);
            measured.add(next);
        }
        recorders.replace(all);
        accessLog = next;
        if (before != null) {
            exposition.remove(before);
            measured.remove(before);
            before.close();
        }
    }

    private static void closeQuietly(@Nullable LogSink sink) {
        if (sink != null) {
            try {
                sink.close();
            } catch (IOException _) {
                // nothing was written to it
            }
        }
    }

    private @Nullable LogSink sink(ObserveConfig.LogTarget target) throws IOException {
        return switch (target) {
            case ObserveConfig.LogStream stream ->
                switch (stream) {
                    case STDOUT -> LogSink.to(standardOut);
                    case OFF -> null;
                };
            case ObserveConfig.LogFile file ->
                new LogFile(file.file(), file.rotate().octets(), file.keep());
        };
    }

    private static AccessLogSettings settings(ObserveConfig.AccessLog config, Secrets secrets) {
        AccessLogSettings.Format format = switch (config.format()) {
            case OTEL -> AccessLogSettings.Format.OTEL;
            case ECS -> AccessLogSettings.Format.ECS;
        };
        return new AccessLogSettings(
                format, List.of(), secrets.headers(), secrets.parameters(), AccessLogSettings.CAPACITY);
    }

    @Override
    public void close() {
        sampler.close();
        if (accessLog != null) {
            accessLog.close();
        }
    }
}
