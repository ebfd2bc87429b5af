package dev.sallyport.extension.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Charge.State;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Share;
import dev.sallyport.api.limit.Sharing;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What all counters promise, wherever they count. Rates here are so slow that time brings nothing back meanwhile.
public abstract class CountersContract {
    protected static final long SECOND = 1_000_000_000L;
    protected static final long HOUR = 3600 * SECOND;

    private final AtomicInteger names = new AtomicInteger();

    /// What is tried.
    protected abstract Counters counters();

    /// How it shares.
    protected Sharing sharing() {
        return Sharing.STRICT;
    }

    /// A layer that no other test has.
    protected final Layer layer(Measure measure) {
        return counters().layer(measure, new Share("layer " + names.incrementAndGet(), sharing(), null), null);
    }

    protected final Layer slow(long burst) {
        return layer(new Measure.Rate(1, HOUR, burst));
    }

    /// Takes, and waits until it is known.
    protected static void take(Counters counters, Charge charge, int from) {
        CompletionStage<?> later = counters.take(charge, from);
        if (later != null) {
            try {
                later.toCompletableFuture().get(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    protected static Charge charge(Layer layer, long key, long cost) {
        Charge charge = new Charge(1);
        charge.add(layer, key * 0x9e3779b97f4a7c15L, key, cost, false);
        return charge;
    }

    protected final Charge taken(Layer layer, long key, long cost) {
        Charge charge = charge(layer, key, cost);
        take(counters(), charge, 0);
        return charge;
    }

    protected final boolean take(Layer layer, long key, long cost) {
        return taken(layer, key, cost).state(0) == State.TAKEN;
    }

    private int times(Layer layer, long key, int times) {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            taken += take(layer, key, 1) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void allowsTheBurstAndNoMore() {
        Layer layer = slow(20);
        assertThat(times(layer, 7, 60)).isEqualTo(20);
        assertThat(times(layer, 8, 3)).isEqualTo(3);
    }

    @Test
    void allowsTheQuotaAndNoMore() {
        Layer layer = layer(new Measure.Quota(5, Measure.Period.MONTH, ZoneOffset.UTC));
        assertThat(times(layer, 7, 20)).isEqualTo(5);
        Charge refused = taken(layer, 7, 1);
        assertThat(refused.remaining(0)).isZero();
        assertThat(refused.retryNanos(0)).isPositive();
    }

    @Test
    void costsCountAndOneThatNeverFitsIsRefused() {
        Layer layer = slow(10);
        assertThat(take(layer, 1, 11)).isFalse();
        assertThat(take(layer, 1, Long.MAX_VALUE)).isFalse();
        assertThat(take(layer, 1, 7)).isTrue();
        assertThat(take(layer, 1, 4)).isFalse();
        assertThat(take(layer, 1, 3)).isTrue();
        assertThat(take(layer, 1, 1)).isFalse();
    }

    @Test
    void tellsWhatIsLeftAndWhenItComesBack() {
        Layer layer = layer(new Measure.Rate(10, HOUR, 5));
        Charge first = taken(layer, 1, 1);
        assertThat(first.remaining(0)).isEqualTo(4);
        assertThat(first.resetNanos(0)).isBetween(HOUR / 10 - 10 * SECOND, HOUR / 10 + 1);
        take(layer, 1, 4);
        Charge refused = taken(layer, 1, 2);
        assertThat(refused.state(0)).isEqualTo(State.REFUSED);
        assertThat(refused.remaining(0)).isZero();
        assertThat(refused.resetNanos(0)).isBetween(HOUR / 2 - 10 * SECOND, HOUR / 2 + 5);
        assertThat(refused.retryNanos(0)).isBetween(HOUR / 5 - 10 * SECOND, HOUR / 5 + 5);
    }

    @Test
    void aRefusalByOneLayerTakesNothingOfTheOthers() {
        Layer wide = slow(10);
        Layer narrow = slow(1);
        for (int i = 0; i < 5; i++) {
            Charge charge = new Charge(2);
            charge.add(wide, 1, 1, 1, false);
            charge.add(narrow, 2, 2, 1, false);
            take(counters(), charge, 0);
            assertThat(charge.state(1)).isEqualTo(i == 0 ? State.TAKEN : State.REFUSED);
            assertThat(charge.state(0)).isEqualTo(i == 0 ? State.TAKEN : State.OPEN);
        }
        assertThat(counters().standing(wide, 1, 1).remaining()).isEqualTo(9);
    }

    @Test
    void aLayerOnTrialRefusesNothingAndTakesNothingItHasNot() {
        Layer trial = slow(1);
        Layer real = slow(3);
        List<State> states = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Charge charge = new Charge(2);
            charge.add(trial, 1, 1, 1, true);
            charge.add(real, 1, 1, 1, false);
            take(counters(), charge, 0);
            states.add(charge.state(0));
            states.add(charge.state(1));
        }
        assertThat(states)
                .containsExactly(
                        State.TAKEN,
                        State.TAKEN,
                        State.WOULD_REFUSE,
                        State.TAKEN,
                        State.WOULD_REFUSE,
                        State.TAKEN,
                        State.WOULD_REFUSE,
                        State.REFUSED);
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        Layer layer = slow(2);
        Layer monthly = layer(new Measure.Quota(2, Measure.Period.MONTH, ZoneOffset.UTC));
        for (int i = 0; i < 5; i++) {
            Charge charge = new Charge(2);
            charge.add(layer, 1, 1, 2, false);
            charge.add(monthly, 1, 1, 2, false);
            take(counters(), charge, 0);
            assertThat(charge.state(0)).isEqualTo(State.TAKEN);
            assertThat(charge.state(1)).isEqualTo(State.TAKEN);
            counters().giveBack(charge, 0, 2);
            counters().giveBack(charge, 0, 2);
            assertThat(charge.state(0)).isEqualTo(State.BACK);
        }
        assertThat(times(layer, 1, 5)).isEqualTo(2);
        assertThat(times(monthly, 1, 5)).isEqualTo(2);
    }

    @Test
    void placesAreTakenUntilTheEnd() {
        Layer layer = layer(new Measure.Concurrent(2));
        Charge first = taken(layer, 1, 1);
        Charge second = taken(layer, 1, 1);
        assertThat(first.state(0)).isEqualTo(State.TAKEN);
        assertThat(second.state(0)).isEqualTo(State.TAKEN);
        assertThat(take(layer, 1, 1)).isFalse();
        counters().giveBack(first, 0, 1);
        assertThat(take(layer, 1, 1)).isFalse();
        counters().end(first);
        counters().end(first);
        Charge third = taken(layer, 1, 1);
        assertThat(third.state(0)).isEqualTo(State.TAKEN);
        assertThat(take(layer, 1, 1)).isFalse();
        counters().end(second);
        counters().end(third);
        assertThat(take(layer, 1, 1)).isTrue();
    }

    @Test
    void whoWeighsMoreFindsLessRoomButOnePlaceAtLeast() {
        Layer layer = layer(new Measure.Concurrent(4));
        List<State> states = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Charge heavy = new Charge(1);
            heavy.addThousandths(layer, 1, 1, 2000, false);
            take(counters(), heavy, 0);
            states.add(heavy.state(0));
        }
        assertThat(states).containsExactly(State.TAKEN, State.TAKEN, State.REFUSED);
        Layer other = layer(new Measure.Concurrent(4));
        states.clear();
        for (int i = 0; i < 2; i++) {
            Charge heaviest = new Charge(1);
            heaviest.addThousandths(other, 1, 1, 9000, false);
            take(counters(), heaviest, 0);
            states.add(heaviest.state(0));
        }
        assertThat(states).containsExactly(State.TAKEN, State.REFUSED);
    }

    @Test
    void partsOfOneAreCountedExactly() {
        Layer layer = slow(10);
        int taken = 0;
        for (int i = 0; i < 60; i++) {
            Charge charge = new Charge(1);
            charge.addThousandths(layer, 1, 1, 250, false);
            take(counters(), charge, 0);
            taken += charge.state(0) == State.TAKEN ? 1 : 0;
        }
        assertThat(taken).isEqualTo(40);
    }

    @Test
    void aRefusalAfterAPlaceWasTakenGivesItBack() {
        Layer places = layer(new Measure.Concurrent(1));
        Layer none = slow(1);
        take(none, 5, 1);
        for (int i = 0; i < 3; i++) {
            Charge charge = new Charge(2);
            charge.add(places, 1, 1, 1, false);
            charge.add(none, charge(none, 5, 1).high(0), 5, 1, false);
            take(counters(), charge, 0);
            assertThat(charge.state(1)).isEqualTo(State.REFUSED);
            counters().end(charge);
        }
        assertThat(take(places, 1, 1)).isTrue();
    }

    @Test
    void whatIsForgottenIsThereAgain() {
        Layer layer = slow(2);
        assertThat(times(layer, 1, 5)).isEqualTo(2);
        Charge key = charge(layer, 1, 1);
        assertThat(counters().standing(layer, key.high(0), key.low(0)).remaining())
                .isZero();
        assertThat(counters().forget(layer, key.high(0), key.low(0))).isTrue();
        assertThat(times(layer, 1, 5)).isEqualTo(2);
    }

    @Test
    void RL_09_threadsTogetherGetTheLastOnceOnly() throws InterruptedException {
        Layer wide = slow(1000);
        Layer narrow = slow(37);
        AtomicInteger allowed = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            all.add(Thread.ofPlatform().start(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int i = 0; i < 50; i++) {
                    Charge charge = new Charge(2);
                    charge.add(wide, 3, 3, 1, false);
                    charge.add(narrow, 4, 4, 1, false);
                    take(counters(), charge, 0);
                    allowed.addAndGet(charge.state(1) == State.TAKEN ? 1 : 0);
                }
            }));
        }
        go.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(allowed.get()).isEqualTo(37);
        assertThat(counters().standing(wide, 3, 3).remaining()).isEqualTo(1000 - 37);
    }
}
