package dev.sallyport.extension.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Charge.State;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.table.TableMemory;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryCountersTest {
    private static final long SECOND = 1_000_000_000L;

    private final TestClock clock = new TestClock();
    private final MemoryCounters counters = clock.counters();

    private Layer rate(long amount, long periodNanos, long burst) {
        return counters.layer(new Measure.Rate(amount, periodNanos, burst), null);
    }

    private Layer quota(long amount, Measure.Period per, String zone) {
        return counters.layer(new Measure.Quota(amount, per, ZoneId.of(zone)), null);
    }

    /// The upper half of a key, spread over the buckets.
    private static long high(long key) {
        long mixed = (key ^ (key >>> 33)) * 0xff51afd7ed558ccdL;
        return (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    }

    private static Charge charge(Layer layer, long key, long cost) {
        Charge charge = new Charge(1);
        charge.add(layer, high(key), key, cost, false);
        return charge;
    }

    private int taken(Layer layer, long key, long thousandths, int times) {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            Charge charge = new Charge(1);
            charge.addThousandths(layer, high(key), key, thousandths, false);
            counters.take(charge, 0);
            taken += charge.state(0) == State.TAKEN ? 1 : 0;
        }
        return taken;
    }

    @Test
    void partsOfOneAreCountedExactly() {
        Layer rate = counters.layer(new Measure.Rate(3, SECOND, 8), null);
        assertThat(taken(rate, 1, 500, 100)).as("each costs half").isEqualTo(16);
        assertThat(taken(rate, 2, 4000, 100)).as("each costs four").isEqualTo(2);
        assertThat(taken(rate, 3, 9000, 100)).as("more than there ever is").isZero();
        Layer concurrent = counters.layer(new Measure.Concurrent(8), null);
        assertThat(taken(concurrent, 1, 500, 100)).isEqualTo(16);
        assertThat(taken(concurrent, 2, 4000, 100)).isEqualTo(2);
        assertThat(taken(concurrent, 3, 100_000, 100)).as("one at least").isEqualTo(1);
    }

    private boolean take(Layer layer, long key) {
        return take(layer, key, 1);
    }

    private boolean take(Layer layer, long key, long cost) {
        Charge charge = charge(layer, key, cost);
        assertThat(counters.take(charge, 0)).isNull();
        return charge.state(0) == State.TAKEN;
    }

    private int taken(Layer layer, long key, int times) {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            taken += take(layer, key) ? 1 : 0;
        }
        return taken;
    }

    // ---- rates

    @Test
    void burstThenTheRate() {
        Layer layer = rate(10, SECOND, 20);
        assertThat(taken(layer, 7, 100)).isEqualTo(20);
        clock.advance(Duration.ofMillis(99));
        assertThat(take(layer, 7)).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(taken(layer, 7, 5)).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(taken(layer, 7, 50)).isEqualTo(10);
        clock.advance(Duration.ofHours(1));
        assertThat(taken(layer, 7, 50)).isEqualTo(20);
    }

    @Test
    void RL_08_noWindowHasAnEdge() {
        Layer layer = rate(60, 60 * SECOND, 60);
        assertThat(taken(layer, 1, 60)).isEqualTo(60);
        int more = 0;
        // wherever a window might begin, what comes back is one per second
        for (int i = 0; i < 60; i++) {
            clock.advance(Duration.ofMillis(999));
            more += taken(layer, 1, 60);
        }
        assertThat(more).isEqualTo(59);
    }

    @Test
    void RL_08_aClockThatIsSetBackChangesNothing() {
        Layer layer = rate(1, 60 * SECOND, 1);
        Layer daily = quota(3, Measure.Period.DAY, "UTC");
        assertThat(take(layer, 1)).isTrue();
        assertThat(taken(daily, 1, 9)).isEqualTo(3);
        clock.set("2026-03-27T23:59:59Z");
        assertThat(take(layer, 1)).isFalse();
        assertThat(take(daily, 1)).isFalse();
        // who comes then has not both days
        assertThat(taken(daily, 2, 9)).isEqualTo(3);
        clock.set("2026-03-28T12:00:00Z");
        assertThat(take(daily, 2)).isFalse();
        assertThat(take(daily, 1)).isFalse();
        clock.set("2026-03-29T00:00:00Z");
        assertThat(take(daily, 1)).isTrue();
    }

    @Test
    void refusedChargesTakeNothing() {
        Layer layer = rate(1, SECOND, 2);
        assertThat(taken(layer, 1, 1000)).isEqualTo(2);
        clock.advance(Duration.ofSeconds(1));
        assertThat(take(layer, 1)).isTrue();
    }

    @Test
    void costsCountAndOneThatNeverFitsIsRefused() {
        Layer layer = rate(10, SECOND, 10);
        assertThat(take(layer, 1, 11)).isFalse();
        assertThat(take(layer, 1, Long.MAX_VALUE)).isFalse();
        assertThat(take(layer, 1, 7)).isTrue();
        assertThat(take(layer, 1, 4)).isFalse();
        assertThat(take(layer, 1, 3)).isTrue();
        assertThat(take(layer, 1, 0)).isTrue();
        assertThat(take(layer, 1, 1)).isFalse();
    }

    @Test
    void tellsWhatIsLeftAndWhenItComesBack() {
        Layer layer = rate(10, SECOND, 5);
        Charge charge = charge(layer, 1, 1);
        counters.take(charge, 0);
        assertThat(charge.remaining(0)).isEqualTo(4);
        assertThat(charge.resetNanos(0)).isEqualTo(SECOND / 10);
        assertThat(charge.retryNanos(0)).isEqualTo(0);
        take(layer, 1, 4);
        Charge refused = charge(layer, 1, 2);
        counters.take(refused, 0);
        assertThat(refused.state(0)).isEqualTo(State.REFUSED);
        assertThat(refused.remaining(0)).isEqualTo(0);
        assertThat(refused.resetNanos(0)).isEqualTo(SECOND / 2);
        assertThat(refused.retryNanos(0)).isEqualTo(SECOND / 5);
        clock.advance(Duration.ofNanos(refused.retryNanos(0)));
        assertThat(take(layer, 1, 2)).isTrue();
    }

    /// Whatever callers do and whenever: what they were allowed in any stretch of time is at most the rate
    /// times the stretch, and the burst.
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void neverMoreThanRateTimesTimePlusBurst(
            @ForAll @IntRange(min = 1, max = 1000) int amount,
            @ForAll @IntRange(min = 1, max = 50) int burst,
            @ForAll @IntRange(min = 1, max = 3) int costs,
            @ForAll @Size(min = 1, max = 120) List<@IntRange(min = 0, max = 400) Integer> waits) {
        TestClock time = new TestClock();
        MemoryCounters own = time.counters();
        Layer layer = own.layer(new Measure.Rate(amount, SECOND, burst), null);
        List<long[]> allowed = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(amount * 31L + burst);
        for (int wait : waits) {
            time.advance(Duration.ofMillis(wait));
            for (int i = 0; i < 8; i++) {
                Charge charge = charge(layer, 1, random.nextInt(costs + 1));
                own.take(charge, 0);
                if (charge.state(0) == State.TAKEN) {
                    allowed.add(new long[] {time.nanos(), charge.cost(0)});
                }
            }
        }
        for (int from = 0; from < allowed.size(); from++) {
            double sum = 0;
            for (int to = from; to < allowed.size(); to++) {
                sum += allowed.get(to)[1];
                double time0 = allowed.get(to)[0] - allowed.get(from)[0];
                assertThat(sum).isLessThanOrEqualTo(burst + amount * time0 / SECOND + 1e-6);
            }
        }
    }

    /// Many threads, real time, several layers: never more than allowed, and hardly less.
    @Test
    void RL_09_threadsTogetherGetNoMoreThanTheLimit() throws InterruptedException {
        MemoryCounters real = new MemoryCounters(System::nanoTime, clock::now, Runnable::run, 1L << 28);
        Layer own = real.layer(new Measure.Rate(20_000, SECOND, 100), null);
        Layer shared = real.layer(new Measure.Rate(50_000, SECOND, 200), null);
        int threads = 8;
        AtomicLong[] allowed = {new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong()};
        AtomicLong sum = new AtomicLong();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        long begun = System.nanoTime();
        for (int t = 0; t < threads; t++) {
            int key = t % allowed.length;
            all.add(Thread.ofPlatform().start(() -> {
                awaitQuietly(go);
                for (int i = 0; i < 5_000; i++) {
                    Charge charge = new Charge(2);
                    charge.add(own, key, key + 1, 1, false);
                    charge.add(shared, 99, 99, 1, false);
                    real.take(charge, 0);
                    if (charge.state(0) == State.TAKEN && charge.state(1) == State.TAKEN) {
                        allowed[key].incrementAndGet();
                        sum.incrementAndGet();
                    }
                }
            }));
        }
        go.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        double seconds = (System.nanoTime() - begun) / (double) SECOND;
        for (AtomicLong one : allowed) {
            assertThat((double) one.get()).isLessThanOrEqualTo(100 + 20_000 * seconds);
        }
        assertThat((double) sum.get()).isLessThanOrEqualTo(200 + 50_000 * seconds);
        assertThat(sum.get()).isGreaterThanOrEqualTo(200);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// New keys that several threads bring at once, and for which slots of others change hands.
    @Test
    void RL_09_keysThatAreNewToSeveralThreadsAtOnceHaveOneCounter() throws InterruptedException {
        MemoryCounters real = new MemoryCounters(clock::nanos, clock::now, Runnable::run, 1L << 28);
        int keys = 20_000;
        int threads = 4;
        Layer layer = real.layer(new Measure.Rate(1, 3600 * SECOND, 3), null);
        for (int i = 0; i < 80_000; i++) {
            real.take(charge(layer, -i - 1, 1), 0);
        }
        // all of them have everything back: their slots are for others now
        clock.advance(Duration.ofHours(3));
        AtomicInteger[] allowed = new AtomicInteger[keys];
        for (int i = 0; i < keys; i++) {
            allowed[i] = new AtomicInteger();
        }
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            all.add(Thread.ofPlatform().start(() -> {
                awaitQuietly(go);
                for (int i = 0; i < keys; i++) {
                    for (int times = 0; times < 2; times++) {
                        Charge charge = charge(layer, i + 1, 1);
                        real.take(charge, 0);
                        if (charge.state(0) == State.TAKEN) {
                            allowed[i].incrementAndGet();
                        }
                    }
                }
            }));
        }
        go.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(real.census(layer).overflowed()).isZero();
        assertThat(allowed).allSatisfy(count -> assertThat(count.get()).isLessThanOrEqualTo(3));
        // but for the few that asked while a thread was stopped in the middle of it
        assertThat(Arrays.stream(allowed).mapToInt(AtomicInteger::get).sum()).isGreaterThan(keys * 29 / 10);
    }

    // ---- layers together

    @Test
    void aRefusalByOneLayerTakesNothingOfTheOthers() {
        Layer wide = rate(1, 3600 * SECOND, 10);
        Layer narrow = rate(1, 3600 * SECOND, 1);
        for (int i = 0; i < 20; i++) {
            Charge charge = new Charge(2);
            charge.add(wide, 1, 1, 1, false);
            charge.add(narrow, 2, 2, 1, false);
            counters.take(charge, 0);
            assertThat(charge.state(1)).isEqualTo(i == 0 ? State.TAKEN : State.REFUSED);
            assertThat(charge.state(0)).isEqualTo(i == 0 ? State.TAKEN : State.OPEN);
        }
        assertThat(counters.standing(wide, 1, 1).remaining()).isEqualTo(9);
    }

    @Test
    void whatAnotherRequestTookMeanwhileTakesNothingOfTheOthers() {
        Layer wide = rate(1, 3600 * SECOND, 10);
        Layer narrow = rate(1, 3600 * SECOND, 1);
        // each part could be taken when it was looked at: the second took from the third
        Charge charge = new Charge(3);
        charge.add(wide, 1, 1, 1, false);
        charge.add(narrow, 2, 2, 1, false);
        charge.add(narrow, 2, 2, 1, false);
        counters.take(charge, 0);
        assertThat(charge.state(2)).isEqualTo(State.REFUSED);
        assertThat(charge.state(0)).isEqualTo(State.BACK);
        assertThat(charge.state(1)).isEqualTo(State.BACK);
        assertThat(counters.standing(wide, 1, 1).remaining()).isEqualTo(10);
        assertThat(counters.standing(narrow, 2, 2).remaining()).isEqualTo(1);
    }

    @Test
    void aLayerOnTrialRefusesNothingAndTakesNothingItHasNot() {
        Layer trial = rate(1, 3600 * SECOND, 1);
        Layer real = rate(1, 3600 * SECOND, 3);
        List<State> states = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Charge charge = new Charge(2);
            charge.add(trial, 1, 1, 1, true);
            charge.add(real, 1, 1, 1, false);
            counters.take(charge, 0);
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
        Layer layer = rate(1, 3600 * SECOND, 2);
        Layer daily = quota(2, Measure.Period.DAY, "UTC");
        for (int i = 0; i < 5; i++) {
            Charge charge = new Charge(2);
            charge.add(layer, 1, 1, 2, false);
            charge.add(daily, 1, 1, 2, false);
            counters.take(charge, 0);
            assertThat(charge.state(0)).isEqualTo(State.TAKEN);
            assertThat(charge.state(1)).isEqualTo(State.TAKEN);
            counters.giveBack(charge, 0, 2);
            counters.giveBack(charge, 0, 2);
        }
        assertThat(taken(layer, 1, 5)).isEqualTo(2);
        assertThat(taken(daily, 1, 5)).isEqualTo(2);
    }

    // ---- at the same time

    @Test
    void concurrentIsTakenUntilTheEnd() {
        Layer layer = counters.layer(new Measure.Concurrent(2), null);
        Charge first = charge(layer, 1, 5);
        Charge second = charge(layer, 1, 1);
        Charge third = charge(layer, 1, 1);
        counters.take(first, 0);
        counters.take(second, 0);
        counters.take(third, 0);
        assertThat(third.state(0)).isEqualTo(State.REFUSED);
        counters.giveBack(first, 0, 1);
        counters.take(third, 0);
        assertThat(third.state(0)).isEqualTo(State.REFUSED);
        counters.end(first);
        counters.end(first);
        counters.take(third, 0);
        assertThat(third.state(0)).isEqualTo(State.TAKEN);
        assertThat(take(layer, 1)).isFalse();
        counters.end(second);
        counters.end(third);
        assertThat(counters.census(layer).keys()).isZero();
    }

    // ---- calendars

    @Test
    void aDayEndsAtMidnightOfItsZone() {
        clock.set("2026-03-28T22:59:59Z");
        Layer daily = quota(2, Measure.Period.DAY, "Europe/Berlin");
        assertThat(taken(daily, 1, 5)).isEqualTo(2);
        Charge refused = charge(daily, 1, 1);
        counters.take(refused, 0);
        assertThat(refused.retryNanos(0)).isEqualTo(SECOND);
        clock.advance(Duration.ofSeconds(1));
        assertThat(taken(daily, 1, 5)).isEqualTo(2);
        Charge next = charge(daily, 1, 1);
        counters.take(next, 0);
        // the day on which clocks go forward has 23 hours
        assertThat(next.resetNanos(0)).isEqualTo(23 * 3600 * SECOND);
    }

    @Test
    void aMonthEndsWithItsLastDay() {
        clock.set("2026-02-28T23:59:59Z");
        Layer monthly = quota(1, Measure.Period.MONTH, "UTC");
        assertThat(take(monthly, 1)).isTrue();
        assertThat(take(monthly, 1)).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(take(monthly, 1)).isTrue();
        clock.set("2026-03-31T23:59:59Z");
        assertThat(take(monthly, 1)).isFalse();
    }

    // ---- reloads

    @Test
    void theSameMeasureKeepsItsCounters() {
        Measure measure = new Measure.Rate(1, 3600 * SECOND, 1);
        Layer before = counters.layer(measure, null);
        assertThat(take(before, 1)).isTrue();
        assertThat(take(counters.layer(measure, before), 1)).isFalse();
    }

    @Test
    void anotherRateKeepsWhatKeysHaveTaken() {
        Layer hourly = rate(10, 3600 * SECOND, 10);
        assertThat(take(hourly, 1, 10)).isTrue();
        assertThat(take(hourly, 2, 4)).isTrue();
        Layer faster = counters.layer(new Measure.Rate(10, SECOND, 10), hourly);
        assertThat(take(faster, 1)).isFalse();
        assertThat(counters.standing(faster, 2, 2).remaining()).isEqualTo(10);
        assertThat(counters.standing(faster, high(2), 2).remaining()).isEqualTo(6);
        clock.advance(Duration.ofSeconds(1));
        assertThat(taken(faster, 1, 20)).isEqualTo(10);
        Layer smaller = counters.layer(new Measure.Rate(10, SECOND, 3), faster);
        assertThat(take(smaller, 1)).isFalse();
        assertThat(taken(smaller, 2, 9)).isEqualTo(3);
    }

    @Test
    void otherAmountsOfQuotasAndConcurrencyGoOnCounting() {
        Layer daily = quota(5, Measure.Period.DAY, "UTC");
        assertThat(taken(daily, 1, 9)).isEqualTo(5);
        Layer more = counters.layer(new Measure.Quota(7, Measure.Period.DAY, ZoneOffset.UTC), daily);
        assertThat(taken(more, 1, 9)).isEqualTo(2);
        Layer flights = counters.layer(new Measure.Concurrent(1), null);
        Charge flight = charge(flights, 1, 1);
        counters.take(flight, 0);
        Layer two = counters.layer(new Measure.Concurrent(2), flights);
        assertThat(take(two, 1)).isTrue();
        assertThat(take(two, 1)).isFalse();
        counters.end(flight);
        assertThat(take(two, 1)).isTrue();
    }

    // ---- operators

    @Test
    void whatIsForgottenHasEverything() {
        Layer hourly = rate(1, 3600 * SECOND, 5);
        assertThat(taken(hourly, 1, 9)).isEqualTo(5);
        long high = high(1);
        assertThat(counters.forget(hourly, high, 1)).isTrue();
        assertThat(counters.standing(hourly, high, 1).remaining()).isEqualTo(5);
        assertThat(counters.forget(hourly, 4711, 4711)).isFalse();
        assertThat(taken(hourly, 1, 9)).isEqualTo(5);
    }

    // ---- room

    @Test
    void RL_11_aFloodOfKeysForgetsNoOffender() {
        TestClock time = new TestClock();
        // room for the first level only
        MemoryCounters small = time.counters(100_000);
        Layer layer = small.layer(new Measure.Rate(1, 3600 * SECOND, 2), null);
        List<Boolean> offender = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        int allowed = 0;
        for (int i = 0; i < 60_000; i++) {
            Charge flood = new Charge(1);
            flood.add(layer, random.nextLong(), random.nextLong(), 1, false);
            small.take(flood, 0);
            allowed += flood.state(0) == State.TAKEN ? 1 : 0;
            if (i % 1000 == 0) {
                Charge charge = charge(layer, 5, 1);
                small.take(charge, 0);
                offender.add(charge.state(0) == State.TAKEN);
            }
        }
        assertThat(offender.stream().filter(one -> one)).hasSize(2);
        // those for whom there was no room share one allowance
        assertThat(small.census(layer).room()).isEqualTo(4096);
        assertThat(small.census(layer).keys()).isEqualTo(4096);
        assertThat(small.census(layer).overflowed()).isGreaterThan(50_000);
        assertThat(allowed).isLessThanOrEqualTo(4096 + 2);
        // who has everything back makes room
        time.advance(Duration.ofHours(3));
        assertThat(small.census(layer).keys()).isZero();
        Charge fresh = charge(layer, 77, 1);
        small.take(fresh, 0);
        assertThat(fresh.state(0)).isEqualTo(State.TAKEN);
    }

    @Test
    void RL_11_tablesGrowBeforeTheyAreFull() {
        Layer layer = rate(1, 3600 * SECOND, 1);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 300_000; i++) {
            Charge charge = new Charge(1);
            charge.add(layer, random.nextLong(), random.nextLong(), 1, false);
            counters.take(charge, 0);
            assertThat(charge.state(0)).isEqualTo(State.TAKEN);
        }
        assertThat(counters.census(layer).overflowed()).isZero();
        assertThat(counters.census(layer).keys()).isBetween(285_000L, 315_000L);
    }

    @Test
    void memoryOfTablesThatNobodyUsesIsGivenBack() {
        AtomicLong count = new AtomicLong();
        TableMemory memory = new TableMemory(70_000, task -> count.incrementAndGet());
        @Nullable Object owner = new Object();
        TableMemory.Share share = memory.shareOf(owner);
        assertThat(share.take(70_000)).isTrue();
        assertThat(memory.shareOf(owner).take(1)).isFalse();
        share.run();
        assertThat(memory.shareOf(owner).take(1)).isTrue();
    }
}
