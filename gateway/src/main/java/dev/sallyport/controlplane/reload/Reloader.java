package dev.sallyport.controlplane.reload;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.Mark;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/// The one writer of the configuration in use: takes the next one whole or not at all.
///
/// Attempts wait for each other; each looks at what there is when its turn has come. Blocks; for virtual threads.
public final class Reloader implements MetricSource {
    private static final double MILLIS = 1e3;

    private final ConfigLoader loader;
    private final EventLog log;
    private final InstantSource clock;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final LongAdder applied = new LongAdder();
    private final LongAdder unchanged = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile ReloadStatus status = new ReloadStatus(null, List.of(), null);

    public Reloader(ConfigLoader loader, EventLog log, InstantSource clock) {
        this.loader = loader;
        this.log = log;
        this.clock = clock;
    }

    /// Loads what the source says now; the first call is the start. Any thread that may block.
    public ReloadResult reload(Trigger by) {
        turn.lock();
        try {
            return attempt(by);
        } finally {
            turn.unlock();
        }
    }

    public ReloadStatus status() {
        return status;
    }

    private ReloadResult attempt(Trigger by) {
        ConfigVersion current = status.version();
        long sequence = current == null ? 1 : current.sequence() + 1;
        try {
            return switch (loader.load(sequence)) {
                case Candidate.Same _ when current != null -> unchanged(by, current);
                case Candidate.Same _ -> throw new IllegalStateException("the first configuration is like no other");
                case Candidate.Unusable unusable -> refused(by, unusable.problems());
                case Candidate.Ready ready -> {
                    ready.use().run();
                    yield applied(by, new ConfigVersion(sequence, ready.digest(), clock.instant()), ready.warnings());
                }
            };
        } catch (RuntimeException e) {
            log.failure(Event.INTERNAL_ERROR, e, "config.trigger", by.word());
            return refused(
                    by, List.of(ConfigProblem.error(Mark.of(""), "", "internal error: " + e, "the log says more")));
        }
    }

    private ReloadResult applied(Trigger by, ConfigVersion version, List<ConfigProblem> warnings) {
        ConfigVersion before = status.version();
        status = new ReloadStatus(version, warnings, null);
        applied.increment();
        for (ConfigProblem warning : warnings) {
            log.event(Event.CONFIG_WARNING, "config.problem", warning);
        }
        log.event(
                Event.CONFIG_LOADED,
                "config.version",
                version.name(),
                "config.trigger",
                by.word(),
                "config.before",
                before == null ? "none" : before.name());
        return new ReloadResult.Applied(version, warnings);
    }

    private ReloadResult unchanged(Trigger by, ConfigVersion current) {
        status = new ReloadStatus(current, status.warnings(), null);
        unchanged.increment();
        log.event(Event.CONFIG_UNCHANGED, "config.version", current.name(), "config.trigger", by.word());
        return new ReloadResult.Unchanged(current);
    }

    private ReloadResult refused(Trigger by, List<ConfigProblem> problems) {
        ReloadStatus before = status;
        status = new ReloadStatus(
                before.version(), before.warnings(), new ReloadStatus.RefusedAttempt(clock.instant(), by, problems));
        refused.increment();
        for (ConfigProblem problem : problems) {
            if (problem.isError()) {
                log.event(
                        Event.CONFIG_REFUSED,
                        "config.problem",
                        problem,
                        "config.trigger",
                        by.word(),
                        "config.version",
                        before.version() == null ? "none" : before.version().name());
            }
        }
        return new ReloadResult.Refused(problems);
    }

    @Override
    public void collect(MetricSink sink) {
        ReloadStatus now = status;
        sink.value(Metrics.CONFIG_RELOADS, (double) applied.sum(), "applied");
        sink.value(Metrics.CONFIG_RELOADS, (double) unchanged.sum(), "unchanged");
        sink.value(Metrics.CONFIG_RELOADS, (double) refused.sum(), "refused");
        sink.value(Metrics.CONFIG_LAST_SUCCESSFUL, now.refused() == null ? 1 : 0);
        ConfigVersion version = now.version();
        if (version != null) {
            Instant loaded = version.loadedAt();
            sink.value(Metrics.CONFIG_LAST_SUCCESS, loaded.toEpochMilli() / MILLIS);
            sink.value(
                    Metrics.CONFIG_AGE,
                    Duration.between(loaded, clock.instant()).toMillis() / MILLIS);
            sink.value(Metrics.CONFIG_INFO, 1, version.name());
        }
    }
}
