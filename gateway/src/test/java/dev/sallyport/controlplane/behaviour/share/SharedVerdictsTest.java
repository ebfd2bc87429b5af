package dev.sallyport.controlplane.behaviour.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.dataplane.behaviour.Conducts;
import dev.sallyport.dataplane.behaviour.Register;
import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Rules;
import dev.sallyport.dataplane.behaviour.score.Verdict;
import dev.sallyport.extension.state.MemoryState;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.SharedView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Gateways that share a state in memory, which fails when it is told to.
class SharedVerdictsTest {
    private static final Rules RULES = new Rules(
            Map.of(Signal.FAILED_AUTHENTICATION, new Rules.Weight(10, TimeUnit.MINUTES.toNanos(5))),
            new Rules.Levels(
                    new Rules.Terms(30, 250, 0, null),
                    new Rules.Terms(100, 100, 0, null),
                    TimeUnit.MINUTES.toNanos(5),
                    null),
            new Rules.Networks(32, 64, 24, 48, 8),
            new Rules.Guesses(30, 1, 1),
            new Rules.Siege(0.5, 100, 1));

    private final AtomicBoolean failing = new AtomicBoolean();
    private final SharedState state = new SharedView(new MemoryState(InstantSource.system()), failing::get);
    private final List<SharedVerdicts> all = new ArrayList<>();

    @AfterEach
    void close() {
        all.forEach(SharedVerdicts::close);
    }

    private SharedVerdicts verdicts(Conducts conducts, SharedState kept) {
        SharedVerdicts one = new SharedVerdicts(
                new Register(conducts),
                new FakeServices(Path.of("does-not-exist"), Instant.now(), kept),
                EventLog.SILENT);
        conducts.hear(one);
        all.add(one);
        return one;
    }

    private Register gateway(Rules rules) {
        Conducts conducts = Conducts.blank();
        conducts.use(rules);
        verdicts(conducts, state).start();
        return new Register(conducts);
    }

    private static boolean banned(Register register, String key) {
        return !register.show(key).getFirst().banned().isZero();
    }

    private static double figure(SharedVerdicts of, Metric wanted) {
        double[] found = {-1};
        MetricSink sink = (metric, value, _) -> {
            if (metric.equals(wanted)) {
                found[0] = value;
            }
        };
        of.collect(sink);
        return found[0];
    }

    @Test
    void bansAndPardonsGoRound() {
        Register one = gateway(RULES);
        Register other = gateway(RULES);
        one.ban("203.0.113.0/24", Duration.ofHours(1));
        Eventually.until("the other knows", () -> banned(other, "203.0.113.0/24"));
        other.pardon("203.0.113.0/24");
        Eventually.until("the first knows", () -> !banned(one, "203.0.113.0/24"));
    }

    @Test
    void RL_10_whatIsDecidedWhileTheStoreIsGoneHoldsHereAndIsToldLater() {
        Register one = gateway(RULES);
        Register other = gateway(RULES);
        failing.set(true);
        one.ban("203.0.113.7", Duration.ofHours(1));
        assertThat(banned(one, "203.0.113.7")).isTrue();
        assertThat(banned(other, "203.0.113.7")).isFalse();
        failing.set(false);
        Eventually.until("the other knows", () -> banned(other, "203.0.113.7"));
    }

    @Test
    void whatIsNotSharedIsToldToNobody() {
        Conducts conducts = Conducts.blank();
        conducts.use(RULES);
        SharedVerdicts alone = verdicts(conducts, new MemoryState(InstantSource.system()));
        alone.start();
        new Register(conducts).ban("203.0.113.7", Duration.ofHours(1));
        assertThat(figure(alone, Metrics.BEHAVIOUR_SHARED_AGE)).isEqualTo(-1);
    }

    @Test
    void keysThatMeanSomethingElseAfterAReloadAreFollowedAnew() {
        Register one = gateway(RULES);
        Conducts conducts = Conducts.blank();
        verdicts(conducts, state).start();
        Register other = new Register(conducts);
        one.ban("203.0.113.7", Duration.ofHours(1));
        // conduct is watched there from now on, by networks of 24 bits
        conducts.use(new Rules(
                Map.of(Signal.FAILED_AUTHENTICATION, new Rules.Weight(10, 1000)),
                RULES.levels(),
                new Rules.Networks(31, 64, 24, 48, 8),
                RULES.guesses(),
                RULES.siege()));
        Eventually.until("it knows", () -> banned(other, "203.0.113.7"));
        conducts.use(RULES);
        Eventually.until("it still knows", () -> banned(other, "203.0.113.7"));
    }

    @Test
    void DO_04_refusalsThatNobodyReadsAreBounded() {
        failing.set(true);
        Conducts conducts = Conducts.blank();
        conducts.use(RULES);
        SharedVerdicts one = verdicts(conducts, state);
        one.start();
        // many more than are read in between
        for (int i = 0; i < 1_000_000 && figure(one, Metrics.BEHAVIOUR_UNSHARED) < 1; i++) {
            one.onVerdict(Verdict.REFUSED, Kind.ADDRESS, "k" + i % 7, 1_000_000_000L);
        }
        assertThat(figure(one, Metrics.BEHAVIOUR_UNSHARED)).isPositive();
        // what an operator says is heard nevertheless
        new Register(conducts).ban("203.0.113.7", Duration.ofHours(1));
        failing.set(false);
        Register other = gateway(RULES);
        Eventually.until("the other knows", () -> banned(other, "203.0.113.7"));
    }
}
