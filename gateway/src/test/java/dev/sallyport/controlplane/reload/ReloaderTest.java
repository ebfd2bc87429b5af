package dev.sallyport.controlplane.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.Mark;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReloaderTest {
    private static final Instant NOW = Instant.parse("2026-11-25T04:00:00Z");
    private static final ConfigProblem PROBLEM = ConfigProblem.error(
            new Mark("a.yaml", 3, 5), "routes.a.upstream", "orders: no such upstream", "expected: app");

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final List<String> inUse = new ArrayList<>();
    private Candidate next = ready("first");
    private final Reloader reloader =
            new Reloader(_ -> next, new EventLog(logged, EventLog.Format.LOGFMT), InstantSource.fixed(NOW));

    private Candidate ready(String digest) {
        return new Candidate.Ready(digest, List.of(), () -> inUse.add(digest));
    }

    @Test
    void takesAUsableConfigurationIntoUse() {
        ReloadResult result = reloader.reload(Trigger.START);

        assertThat(result).isEqualTo(new ReloadResult.Applied(new ConfigVersion(1, "first", NOW), List.of()));
        assertThat(inUse).containsExactly("first");
        assertThat(reloader.status().version()).isEqualTo(new ConfigVersion(1, "first", NOW));
        assertThat(log()).contains("event=config.loaded config.version=1-first config.trigger=start");
    }

    @Test
    void FA_10_refusedConfigurationLeavesTheOldOneAndIsVisible() {
        reloader.reload(Trigger.START);
        next = new Candidate.Unusable(List.of(PROBLEM));

        ReloadResult result = reloader.reload(Trigger.FILE_CHANGE);

        assertThat(result).isEqualTo(new ReloadResult.Refused(List.of(PROBLEM)));
        assertThat(inUse).containsExactly("first");
        assertThat(reloader.status().version()).isEqualTo(new ConfigVersion(1, "first", NOW));
        assertThat(reloader.status().refused())
                .isEqualTo(new ReloadStatus.RefusedAttempt(NOW, Trigger.FILE_CHANGE, List.of(PROBLEM)));
        assertThat(metrics())
                .containsEntry("sallyport.config.reloads[refused]", 1.0)
                .containsEntry("sallyport.config.last_reload_successful[]", 0.0);
        assertThat(log())
                .contains("event=config.refused")
                .contains("a.yaml:3:5")
                .contains("orders: no such upstream");
    }

    @Test
    void aGoodOneAfterARefusedOneClearsIt() {
        reloader.reload(Trigger.START);
        next = new Candidate.Unusable(List.of(PROBLEM));
        reloader.reload(Trigger.SIGNAL);
        next = ready("second");
        reloader.reload(Trigger.SIGNAL);

        assertThat(reloader.status().refused()).isNull();
        assertThat(reloader.status().version()).isEqualTo(new ConfigVersion(2, "second", NOW));
        assertThat(metrics())
                .containsEntry("sallyport.config.reloads[applied]", 2.0)
                .containsEntry("sallyport.config.last_reload_successful[]", 1.0);
    }

    @Test
    void theSameAgainIsNoNewVersion() {
        reloader.reload(Trigger.START);
        next = new Candidate.Same();

        assertThat(reloader.reload(Trigger.ADMIN))
                .isEqualTo(new ReloadResult.Unchanged(new ConfigVersion(1, "first", NOW)));
        assertThat(metrics()).containsEntry("sallyport.config.reloads[unchanged]", 1.0);
    }

    @Test
    void aBugWhileLoadingIsARefusal() {
        reloader.reload(Trigger.START);
        Reloader broken = new Reloader(
                _ -> {
                    throw new IllegalStateException("boom");
                },
                new EventLog(logged, EventLog.Format.LOGFMT),
                InstantSource.fixed(NOW));

        assertThat(broken.reload(Trigger.ADMIN)).isInstanceOf(ReloadResult.Refused.class);
        assertThat(log()).contains("event=internal.error").contains("boom");
    }

    @Test
    void oneAttemptAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Reloader counted = new Reloader(
                sequence -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    return new Candidate.Ready("d" + sequence, List.of(), inside::decrementAndGet);
                },
                new EventLog(logged, EventLog.Format.LOGFMT),
                InstantSource.fixed(NOW));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ReloadResult>> attempts = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                attempts.add(threads.submit(() -> counted.reload(Trigger.ADMIN)));
            }
            for (Future<ReloadResult> attempt : attempts) {
                assertThat(attempt.get()).isInstanceOf(ReloadResult.Applied.class);
            }
        }
        assertThat(most).hasValue(1);
        assertThat(counted.status().version()).isEqualTo(new ConfigVersion(50, "d50", NOW));
    }

    private String log() {
        return logged.toString(StandardCharsets.UTF_8);
    }

    private Map<String, Double> metrics() {
        Map<String, Double> values = new HashMap<>();
        reloader.collect(new MetricSink() {
            @Override
            public void value(Metric metric, double value, String... labels) {
                values.put(metric.name() + List.of(labels), value);
            }

            @Override
            public void histogram(Metric metric, double[] bounds, long[] counts, double sum, String... labels) {
                throw new AssertionError(metric);
            }
        });
        assertThat(values).containsKey(Metrics.CONFIG_AGE.name() + "[]");
        return values;
    }
}
