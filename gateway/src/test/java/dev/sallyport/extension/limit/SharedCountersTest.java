package dev.sallyport.extension.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Charge.State;
import dev.sallyport.api.limit.CounterStore.Ask;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Share;
import dev.sallyport.api.limit.Sharing;
import dev.sallyport.api.limit.WhenDown;
import dev.sallyport.telemetry.EventLog;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What gateways do with a store that they share counters in, and without it. The store is a fake, so that it fails
/// when
/// it is to; the same counters over a real one are tried where that one is.
class SharedCountersTest extends CountersContract {
    private static final Duration LEASE = Duration.ofNanos(KnownKey.LEASE_NANOS);

    private final TestClock clock = new TestClock();
    private final FakeStore store = new FakeStore(clock);
    private final ByteArrayOutputStream events = new ByteArrayOutputStream();
    private final List<SharedCounters> gateways = new ArrayList<>();
    private final SharedCounters counters = gateway();

    private SharedCounters gateway() {
        InstantSource calendar = clock::now;
        SharedCounters one = new SharedCounters(
                clock.counters(), clock::nanos, calendar, new EventLog(events, EventLog.Format.LOGFMT));
        one.join(store);
        gateways.add(one);
        return one;
    }

    @AfterEach
    void close() {
        gateways.forEach(SharedCounters::close);
    }

    /// The store can be asked again, and all gateways have noticed.
    private void back() {
        store.up = true;
        for (int i = 0; i < 5; i++) {
            gateways.forEach(SharedCounters::look);
        }
    }

    @Override
    protected Counters counters() {
        return counters;
    }

    static Layer layer(Counters at, Measure measure, Sharing sharing, @Nullable WhenDown whenDown) {
        return at.layer(measure, new Share("shared", sharing, whenDown), null);
    }

    private static Layer slow(Counters at, long burst, Sharing sharing, @Nullable WhenDown whenDown) {
        return layer(at, new Measure.Rate(1, HOUR, burst), sharing, whenDown);
    }

    static int times(Counters at, Layer layer, int times) {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            Charge charge = charge(layer, 1, 1);
            take(at, charge, 0);
            taken += charge.state(0) == State.TAKEN ? 1 : 0;
        }
        return taken;
    }

    // ---- asked

    @Test
    void RL_07_aKeyThatIsKnownToBeBlockedIsNotAskedFor() {
        Layer layer = layer(counters, new Measure.Rate(1, SECOND / 2, 3), Sharing.STRICT, null);
        assertThat(times(counters, layer, 4)).isEqualTo(3);
        int asked = store.asked.size();
        assertThat(times(counters, layer, 1000)).isZero();
        assertThat(store.asked).hasSize(asked);
        Charge refused = charge(layer, 1, 1);
        take(counters, refused, 0);
        assertThat(refused.retryNanos(0)).isBetween(1L, SECOND / 2);
        assertThat(refused.remaining(0)).isZero();
        clock.advance(Duration.ofMillis(500));
        assertThat(times(counters, layer, 2)).isEqualTo(1);
        assertThat(store.asked).hasSizeGreaterThan(asked);
    }

    @Test
    void RL_07_aRefusalOfMuchIsNoneOfLess() {
        Layer layer = slow(counters, 3, Sharing.STRICT, null);
        assertThat(times(counters, layer, 2)).isEqualTo(2);
        Charge much = charge(layer, 1, 2);
        take(counters, much, 0);
        assertThat(much.state(0)).isEqualTo(State.REFUSED);
        assertThat(times(counters, layer, 2)).isEqualTo(1);
    }

    @Test
    void aQuestionUnderWayHoldsNobodyUp() {
        store.slow = true;
        Layer layer = slow(counters, 1, Sharing.STRICT, null);
        List<Charge> charges = new ArrayList<>();
        List<CompletionStage<?>> stages = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Charge charge = charge(layer, 1, 1);
            CompletionStage<?> stage = counters.take(charge, 0);
            charges.add(charge);
            if (stage != null) {
                assertThat(stage.toCompletableFuture()).isNotDone();
                stages.add(stage);
            }
        }
        assertThat(stages).hasSize(3);
        List.copyOf(store.waiting).forEach(Runnable::run);
        assertThat(stages)
                .allSatisfy(stage -> assertThat(stage.toCompletableFuture()).isDone());
        assertThat(charges.stream().filter(one -> one.state(0) == State.TAKEN)).hasSize(1);
    }

    @Test
    void aRequestsLayersAreOneQuestionAndWhatTheGatewayRefusesItselfIsNone() {
        Layer shared = slow(counters, 10, Sharing.STRICT, null);
        Layer other = counters.layer(new Measure.Rate(1, HOUR, 10), new Share("other", Sharing.STRICT, null), null);
        Layer own = counters.layer(new Measure.Rate(1, HOUR, 2), null);
        for (int i = 0; i < 5; i++) {
            Charge charge = new Charge(3);
            charge.add(shared, 1, 1, 1, false);
            charge.add(own, 2, 2, 1, false);
            charge.add(other, 3, 3, 1, false);
            take(counters, charge, 0);
            assertThat(charge.state(0)).isEqualTo(i < 2 ? State.TAKEN : State.OPEN);
            assertThat(charge.state(1)).isEqualTo(i < 2 ? State.TAKEN : State.REFUSED);
            assertThat(charge.state(2)).isEqualTo(i < 2 ? State.TAKEN : State.OPEN);
        }
        assertThat(store.asked).hasSize(2).allSatisfy(parts -> assertThat(parts).hasSize(2));
        assertThat(counters.standing(shared, 1, 1).remaining()).isEqualTo(8);
    }

    @Test
    void whatTheStoreRefusesIsGivenBackHere() {
        Layer shared = slow(counters, 1, Sharing.STRICT, null);
        Layer own = counters.layer(new Measure.Rate(1, HOUR, 5), null);
        for (int i = 0; i < 4; i++) {
            Charge charge = new Charge(2);
            charge.add(own, 2, 2, 1, false);
            charge.add(shared, 1, 1, 1, false);
            take(counters, charge, 0);
            assertThat(charge.state(0)).isEqualTo(i == 0 ? State.TAKEN : State.OPEN);
        }
        assertThat(counters.standing(own, 2, 2).remaining()).isEqualTo(4);
    }

    @Test
    void whatIsRefusedHereLosesNothingThatWasToBeTold() {
        store.nodes = 2;
        Layer owing = slow(counters, 100, Sharing.LEASED, null);
        Layer blocked = counters.layer(new Measure.Rate(1, HOUR, 1), new Share("small", Sharing.STRICT, null), null);
        store.failing = true;
        assertThat(times(counters, owing, 10)).isEqualTo(10);
        store.failing = false;
        take(counters, charge(blocked, 1, 1), 0);
        for (int i = 0; i < 5; i++) {
            Charge charge = charge(owing, 1, 1);
            charge.add(blocked, charge(blocked, 1, 1).high(0), 1, 1, false);
            take(counters, charge, 0);
            assertThat(charge.state(1)).isEqualTo(State.REFUSED);
        }
        assertThat(times(counters, owing, 200)).isEqualTo(90);
    }

    @Test
    void aPlaceOfThisGatewayAloneIsFreeWhenTheStoreRefuses() {
        Layer shared = slow(counters, 1, Sharing.STRICT, null);
        Layer place = counters.layer(new Measure.Concurrent(1), null);
        take(counters, charge(shared, 1, 1), 0);
        clock.advance(Duration.ofSeconds(1));
        Charge refused = charge(place, 2, 1);
        refused.add(shared, charge(shared, 1, 1).high(0), 1, 1, false);
        take(counters, refused, 0);
        assertThat(refused.state(1)).isEqualTo(State.REFUSED);
        Charge next = charge(place, 2, 1);
        take(counters, next, 0);
        assertThat(next.state(0)).isEqualTo(State.TAKEN);
    }

    // ---- ahead

    @Test
    void RL_09_whatIsTakenAheadStaysWithinItsBound() {
        store.nodes = 4;
        long burst = 1000;
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            gateway();
        }
        gateways.forEach(one -> layers.add(slow(one, burst, Sharing.LEASED, null)));
        int taken = 0;
        for (int round = 0; round < 2000; round++) {
            taken += times(gateways.get(round % 4), layers.get(round % 4), 1);
        }
        // the store allowed all of it, whoever had it
        assertThat(taken).isLessThanOrEqualTo((int) burst).isGreaterThan((int) (burst * 0.95));
        assertThat(store.asked.size()).as("few are asked").isLessThan(700);
    }

    @Test
    void RL_08_whatIsTakenAheadAndComesLateIsAtMostAHundredth() {
        Layer layer = layer(counters, new Measure.Rate(1000, SECOND, 1000), Sharing.LEASED, null);
        int taken = times(counters, layer, 3);
        clock.advance(LEASE.minusMillis(1));
        // everything is back in the store, and a batch is here
        taken += times(counters, layer, 3000);
        assertThat(taken - 3).isLessThanOrEqualTo(1000 + 10);
    }

    @Test
    void whatIsTakenAheadAndNotUsedGoesBack() {
        Layer layer = slow(counters, 1000, Sharing.LEASED, null);
        assertThat(times(counters, layer, 3)).isEqualTo(3);
        assertThat(counters.standing(layer, charge(layer, 1, 1).high(0), 1).remaining())
                .isLessThan(997);
        clock.advance(LEASE);
        counters.look();
        assertThat(counters.standing(layer, charge(layer, 1, 1).high(0), 1).remaining())
                .isEqualTo(997);
    }

    @Test
    void whatIsTakenAheadIsNotUsedAfterItsTime() {
        Layer layer = slow(counters, 1000, Sharing.LEASED, null);
        assertThat(times(counters, layer, 3)).isEqualTo(3);
        int asked = store.asked.size();
        assertThat(times(counters, layer, 1)).isEqualTo(1);
        assertThat(store.asked).hasSize(asked);
        clock.advance(LEASE);
        assertThat(times(counters, layer, 1)).isEqualTo(1);
        assertThat(store.asked).hasSize(asked + 1);
    }

    @Test
    void ofQuestionsUnderWayOneTakesAhead() {
        Layer layer = slow(counters, 1000, Sharing.LEASED, null);
        assertThat(times(counters, layer, 1)).isEqualTo(1);
        store.slow = true;
        for (int i = 0; i < 5; i++) {
            counters.take(charge(layer, 1, 1), 0);
        }
        assertThat(store.asked.stream()
                        .flatMap(List::stream)
                        .filter(ask -> ask instanceof Ask.Time time && time.ahead() > 0))
                .hasSize(1);
    }

    @Test
    void aSmallLimitTakesNothingAhead() {
        Layer layer = slow(counters, 60, Sharing.LEASED, null);
        assertThat(times(counters, layer, 70)).isEqualTo(60);
        assertThat(store.asked.size()).isGreaterThanOrEqualTo(60);
    }

    @Test
    void whatIsRefusedGivesBackWhatWasTakenOfTheLease() {
        Layer layer = slow(counters, 1000, Sharing.LEASED, null);
        Layer own = counters.layer(new Measure.Rate(1, HOUR, 1), null);
        times(counters, layer, 3);
        take(counters, charge(own, 1, 1), 0);
        for (int i = 0; i < 50; i++) {
            Charge charge = charge(layer, 1, 1);
            charge.add(own, charge(own, 1, 1).high(0), 1, 1, false);
            take(counters, charge, 0);
            assertThat(charge.state(1)).isEqualTo(State.REFUSED);
        }
        assertThat(times(counters, layer, 2000)).isEqualTo(997);
    }

    // ---- down

    @Test
    void RL_10_withoutTheStoreEachGatewayAllowsItsPart() {
        store.nodes = 4;
        store.up = false;
        Layer layer = slow(counters, 100, Sharing.STRICT, null);
        int asked = store.asked.size();
        Charge first = charge(layer, 1, 1);
        take(counters, first, 0);
        assertThat(first.remaining(0)).as("what it tells is its share").isEqualTo(24);
        assertThat(times(counters, layer, 200)).isEqualTo(24);
        assertThat(store.asked).hasSize(asked);
    }

    @Test
    void RL_10_aGatewayAllowsAtLeastOne() {
        store.nodes = 50;
        store.up = false;
        assertThat(times(counters, slow(counters, 3, Sharing.STRICT, null), 20)).isEqualTo(1);
        Layer places = layer(counters, new Measure.Concurrent(3), Sharing.STRICT, null);
        assertThat(times(counters, places, 5)).isEqualTo(1);
    }

    @Test
    void RL_10_whatTheStoreAllowedCountsWhenItIsGone() {
        store.nodes = 2;
        Layer layer = slow(counters, 100, Sharing.STRICT, null);
        assertThat(times(counters, layer, 30)).isEqualTo(30);
        store.up = false;
        assertThat(times(counters, layer, 200)).as("its half, less what it had").isEqualTo(20);
        back();
        // what was allowed meanwhile is told
        assertThat(times(counters, layer, 200)).isEqualTo(50);
    }

    @Test
    void RL_10_whatOthersHaveUsedCountsWhenTheStoreIsGone() {
        store.nodes = 2;
        SharedCounters other = gateway();
        Layer here = slow(counters, 100, Sharing.STRICT, null);
        Layer there = slow(other, 100, Sharing.STRICT, null);
        assertThat(times(other, there, 79) + times(counters, here, 1)).isEqualTo(80);
        store.up = false;
        assertThat(times(counters, here, 100)).as("half of what was left").isEqualTo(10);
        store.loseAll();
        back();
        assertThat(times(counters, here, 100) + times(other, there, 100)).isLessThanOrEqualTo(10);
    }

    @Test
    void RL_10_whatOthersHaveUsedOfAnotherDayDoesNot() {
        store.nodes = 2;
        SharedCounters other = gateway();
        Measure quota = new Measure.Quota(100, Measure.Period.DAY, ZoneOffset.UTC);
        Layer here = layer(counters, quota, Sharing.STRICT, null);
        Layer there = layer(other, quota, Sharing.STRICT, null);
        assertThat(times(other, there, 79) + times(counters, here, 1)).isEqualTo(80);
        store.up = false;
        assertThat(times(counters, here, 100)).isEqualTo(10);
        clock.advance(Duration.ofHours(13));
        assertThat(times(counters, here, 100)).isEqualTo(50);
    }

    @Test
    void RL_10_whatFlapsGivesNothingTwice() {
        store.nodes = 2;
        Layer layer = slow(counters, 100, Sharing.STRICT, null);
        int taken = 0;
        for (int i = 0; i < 400; i++) {
            store.up = i % 3 != 0;
            store.failing = i % 5 == 0;
            counters.look();
            taken += times(counters, layer, 1);
            clock.advance(Duration.ofMillis(100));
        }
        assertThat(taken).isBetween(50, 100);
    }

    @Test
    void RL_10_aStoreThatBeginsAnewLearnsWhatWasAllowed() {
        store.nodes = 2;
        SharedCounters other = gateway();
        Layer here = slow(counters, 100, Sharing.STRICT, null);
        Layer there = slow(other, 100, Sharing.STRICT, null);
        assertThat(times(counters, here, 30) + times(other, there, 40)).isEqualTo(70);
        store.loseAll();
        int taken = times(counters, here, 5);
        back();
        for (int i = 0; i < 100; i++) {
            taken += times(counters, here, 1) + times(other, there, 1);
        }
        assertThat(taken).isEqualTo(30);
    }

    @Test
    void RL_10_theStoreIsNotAskedBeforeTheOthersHaveToldWhatTheyAllowed() {
        store.nodes = 2;
        SharedCounters other = gateway();
        Layer here = slow(counters, 100, Sharing.STRICT, null);
        Layer there = slow(other, 100, Sharing.STRICT, null);
        store.up = false;
        assertThat(times(counters, here, 10) + times(other, there, 100)).isEqualTo(60);
        store.up = true;
        int asked = store.asked.size();
        counters.look();
        other.look();
        assertThat(store.asked.size()).as("both tell").isEqualTo(asked + 2);
        assertThat(times(counters, here, 100)).as("of its own share").isEqualTo(40);
        assertThat(store.asked).hasSize(asked + 2);
        back();
        assertThat(times(counters, here, 100) + times(other, there, 100)).isZero();
    }

    @Test
    void RL_10_openLimitsNothingAndClosedRefuses() {
        store.up = false;
        Layer open = slow(counters, 1, Sharing.STRICT, WhenDown.OPEN);
        assertThat(times(counters, open, 20)).isEqualTo(20);
        Layer closed = counters.layer(
                new Measure.Rate(1, HOUR, 100), new Share("closed", Sharing.STRICT, WhenDown.CLOSED), null);
        Charge charge = charge(closed, 1, 1);
        take(counters, charge, 0);
        assertThat(charge.state(0)).isEqualTo(State.UNKNOWN);
        Charge trial = new Charge(1);
        trial.add(closed, 1, 1, 1, true);
        take(counters, trial, 0);
        assertThat(trial.state(0)).as("on trial it harms nobody").isEqualTo(State.OPEN);
        store.whenDown = WhenDown.CLOSED;
        Charge usual = charge(slow(counters, 100, Sharing.STRICT, null), 2, 1);
        take(counters, usual, 0);
        assertThat(usual.state(0)).isEqualTo(State.UNKNOWN);
    }

    @Test
    void RL_10_aQuestionThatFailsIsDecidedHere() {
        store.failing = true;
        store.nodes = 2;
        Layer own = counters.layer(new Measure.Rate(1, HOUR, 100), null);
        Layer layer = slow(counters, 10, Sharing.STRICT, null);
        int taken = 0;
        for (int i = 0; i < 20; i++) {
            Charge charge = charge(layer, 1, 1);
            charge.add(own, 9, 9, 1, false);
            take(counters, charge, 0);
            taken += charge.state(0) == State.TAKEN ? 1 : 0;
            assertThat(charge.state(1)).isEqualTo(charge.state(0) == State.TAKEN ? State.TAKEN : State.OPEN);
        }
        assertThat(taken).isEqualTo(5);
        assertThat(counters.standing(own, 9, 9).remaining()).isEqualTo(95);
    }

    @Test
    void RL_10_itIsToldOnceAndOnceMore() {
        Layer layer = slow(counters, 10, Sharing.STRICT, null);
        store.up = false;
        times(counters, layer, 3);
        counters.look();
        times(counters, layer, 3);
        counters.look();
        assertThat(text()).contains("event=limits.alone").doesNotContain("event=limits.together");
        back();
        assertThat(text().split("event=limits.alone", -1)).hasSize(2);
        assertThat(text().split("event=limits.together", -1)).hasSize(2);
    }

    private String text() {
        return events.toString(StandardCharsets.UTF_8);
    }

    // ---- places

    @Test
    void placesAreHeldAsLongAsTheyAreTaken() {
        Layer layer = layer(counters, new Measure.Concurrent(2), Sharing.LEASED, null);
        Charge first = charge(layer, 1, 1);
        take(counters, first, 0);
        store.up = false;
        Charge second = charge(layer, 1, 1);
        take(counters, second, 0);
        assertThat(second.state(0)).isEqualTo(State.TAKEN);
        back();
        assertThat(store.holding).hasSize(2);
        SharedCounters other = gateway();
        Layer there = layer(other, new Measure.Concurrent(2), Sharing.LEASED, null);
        assertThat(times(other, there, 1))
                .as("what was taken without the store counts")
                .isZero();
        counters.end(second);
        assertThat(times(other, there, 1)).isEqualTo(1);
    }

    @Test
    void RL_10_whoWasLetInWithoutAPlaceFreesNobodys() {
        Layer layer = layer(counters, new Measure.Concurrent(5), Sharing.STRICT, WhenDown.OPEN);
        assertThat(times(counters, layer, 2)).isEqualTo(2);
        assertThat(standing(layer)).isEqualTo(3);
        store.up = false;
        Charge open = charge(layer, 1, 1);
        take(counters, open, 0);
        assertThat(open.state(0)).isEqualTo(State.TAKEN);
        counters.end(open);
        counters.end(open);
        assertThat(standing(layer)).as("two have places").isEqualTo(3);
    }

    private long standing(Layer layer) {
        return counters.standing(layer, 0x9e3779b97f4a7c15L, 1).remaining();
    }

    // ---- quotas

    @Test
    void quotasAreSharedAndDividedToo() {
        store.nodes = 2;
        Measure.Quota quota = new Measure.Quota(1000, Measure.Period.DAY, ZoneOffset.UTC);
        SharedCounters other = gateway();
        Layer here = layer(counters, quota, Sharing.LEASED, null);
        Layer there = layer(other, quota, Sharing.LEASED, null);
        assertThat(times(counters, here, 300) + times(other, there, 300)).isEqualTo(600);
        store.up = false;
        int alone = times(counters, here, 1000) + times(other, there, 1000);
        // each may have its half, and what it had taken ahead
        assertThat(alone).isBetween(400, 420);
    }

    // ---- reloads

    @Test
    void aReloadKeepsWhatIsKnown() {
        Measure measure = new Measure.Rate(1, HOUR, 10);
        Share share = new Share("kept", Sharing.STRICT, null);
        Layer before = counters.layer(measure, share, null);
        assertThat(times(counters, before, 6)).isEqualTo(6);
        Layer after = counters.layer(new Measure.Rate(1, HOUR, 8), share, before);
        assertThat(times(counters, after, 9)).isEqualTo(2);
        Layer alone = counters.layer(new Measure.Rate(1, HOUR, 9), after);
        assertThat(times(counters, alone, 9))
                .as("this gateway alone knows them too")
                .isEqualTo(1);
    }
}
