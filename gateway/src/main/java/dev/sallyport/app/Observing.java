package dev.sallyport.app;

import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.app.alert.Alerting;
import dev.sallyport.app.log.LogPlan;
import dev.sallyport.app.log.LogSinks;
import dev.sallyport.app.otlp.Telling;
import dev.sallyport.controlplane.admin.AdminResponse;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.ObserveConfig;
import dev.sallyport.controlplane.config.observe.PayloadConfig;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.extension.observe.BugLog;
import dev.sallyport.extension.observe.Recorders;
import dev.sallyport.extension.observe.RequestMetrics;
import dev.sallyport.extension.observe.exposition.Exposition;
import dev.sallyport.extension.observe.exposition.JvmMetrics;
import dev.sallyport.extension.observe.log.AccessLog;
import dev.sallyport.extension.observe.log.RecentRefusals;
import dev.sallyport.extension.observe.log.Sampling;
import dev.sallyport.extension.observe.otlp.OtlpFigures;
import dev.sallyport.extension.observe.otlp.Outflow;
import dev.sallyport.extension.observe.payload.Captures;
import dev.sallyport.extension.observe.signals.Resolution;
import dev.sallyport.extension.observe.signals.Sampler;
import dev.sallyport.extension.observe.signals.Signals;
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
import java.util.UUID;
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
    private final Telling telling;
    private final AtomicInteger configurations = new AtomicInteger();
    private final Captures captures = new Captures();
    private final LogSinks.Collectors collectors;
    private @Nullable LogPlan configured;
    private @Nullable AccessLog accessLog;

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
        OtlpFigures told = new OtlpFigures();
        Outflow.Common common = new Outflow.Common(told, log);
        String instance = UUID.randomUUID().toString();
        this.collectors = new LogSinks.Collectors(common, Product.VERSION, instance);
        this.exposition = new Exposition(List.of(requests, process, captures, told), log);
        this.measured = new Exposition(List.of(requests, process, told), log);
        this.signals = new Signals(measured, Resolution.USUAL);
        this.sampler = new Sampler(signals, InstantSource.system(), log);
        this.telling = new Telling(Product.VERSION, instance, loops, exposition, common);
        observe(telling.recorder());
        include(telling);
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
        LogPlan asked = LogPlan.of(next);
        PayloadConfig payload = next.observe().payload();
        Runnable capturing = () -> captures.use(
                payload == null ? 0 : (int) payload.max().octets(),
                payload == null ? 0 : payload.memory().octets());
        if (asked.equals(configured)) {
            return Step.of(capturing);
        }
        Map<String, LogSink> sinks = LogSinks.open(asked, standardOut, collectors);
        return new Step() {
            @Override
            public void use() {
                configured = asked;
                capturing.run();
                refusals.hide(asked.secrets().headers(), asked.secrets().parameters());
                Sampling sampling = asked.sampling(next.parts().logRules());
                replace(sinks.isEmpty() ? null : new AccessLog(asked.settings(), sampling, sinks, loops, log));
            }

            @Override
            public void abandon() {
                sinks.values().forEach(LogSinks::closeQuietly);
            }
        };
    }

    /// Asked on routes whose bodies are logged.
    Policy capturing() {
        return captures;
    }

    /// Gets ready what `next` asks for of collectors.
    ///
    /// @throws IOException a file cannot be used, and nothing was changed; the message says which
    Step telling(Compiled next) throws IOException {
        return Step.of(telling.prepare(next));
    }

    /// As [#telling], of collectors of metrics.
    Step reporting(Compiled next) throws IOException {
        return Step.of(telling.reporting(next));
    }

    /// Has signals be taken as often as `next` asks for.
    Step sampling(Compiled next) {
        ObserveConfig.Signals asked = next.observe().signals();
        Resolution resolution = asked == null ? Resolution.USUAL : Resolution.of(asked.every());
        return Step.of(() -> signals.resolution(resolution));
    }

    /// Has the metrics forget routes and upstreams that `next` no longer has, once requests of the
    /// configuration before had time to end.
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

    @Override
    public void close() {
        sampler.close();
        telling.close();
        if (accessLog != null) {
            accessLog.close();
        }
    }
}
