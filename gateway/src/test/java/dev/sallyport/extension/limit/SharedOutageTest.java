package dev.sallyport.extension.limit;

import static dev.sallyport.extension.limit.SharedCountersTest.layer;
import static dev.sallyport.extension.limit.SharedCountersTest.times;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.limit.CounterStore.Ask;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Sharing;
import dev.sallyport.telemetry.EventLog;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What gateways allow together while their store fails, and when it is back: never more than the limit, and hardly
/// less.
class SharedOutageTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3600 * SECOND;

    private final TestClock clock = new TestClock();
    private final FakeStore store = new FakeStore(clock);
    private final List<SharedCounters> gateways = new ArrayList<>();
    private final SharedCounters counters = gateway();

    private SharedCounters gateway() {
        SharedCounters one = new SharedCounters(clock.counters(), clock::nanos, clock::now, EventLog.SILENT);
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

    /// What two gateways allow of 100 a second and a burst of 100 while something goes on, and for ten seconds
    /// after it.
    ///
    /// @param during told the tenths of seconds
    private int allowedIn(int tenths, IntConsumer during) {
        store.nodes = 2;
        SharedCounters other = gateway();
        Measure rate = new Measure.Rate(1, SECOND / 100, 100);
        Layer here = layer(counters, rate, Sharing.STRICT, null);
        Layer there = layer(other, rate, Sharing.STRICT, null);
        int taken = 0;
        for (int i = 0; i < tenths + 100; i++) {
            during.accept(i);
            gateways.forEach(SharedCounters::look);
            for (int j = 0; j < 12; j++) {
                taken += times(counters, here, 1) + times(other, there, 1);
            }
            clock.advance(Duration.ofMillis(100));
        }
        return taken;
    }

    /// What the limit allows in so many tenths of seconds and ten seconds.
    private static int most(int tenths) {
        return 100 + (tenths + 100) * 10;
    }

    @Test
    void RL_10_anOutageTakesNothingFromCallers() {
        int taken = allowedIn(300, tenth -> store.up = tenth < 50 || tenth > 250);
        assertThat(taken).isBetween(most(300) * 98 / 100, most(300));
    }

    @Test
    void RL_10_aStoreThatBeginsAnewTakesNothingFromCallers() {
        int taken = allowedIn(300, tenth -> {
            if (tenth == 60) {
                store.loseAll();
            }
            store.up = tenth < 50 || tenth > 90;
        });
        assertThat(taken).isBetween(most(300) * 98 / 100, most(300));
    }

    @Test
    void RL_10_aStoreThatBeginsAnewAgainAndAgainTakesNothingFromCallers() {
        int taken = allowedIn(300, tenth -> {
            if (tenth % 15 == 14) {
                store.loseAll();
            }
            store.up = tenth % 15 < 12;
        });
        assertThat(taken).isBetween(most(300) * 98 / 100, most(300));
    }

    @Test
    void RL_10_whatIsAnsweredTooLateIsCountedOnce() {
        int taken = allowedIn(300, tenth -> {
            store.hanging = tenth % 3 == 0;
            if (!store.hanging) {
                store.waiting.forEach(Runnable::run);
                store.waiting.clear();
            }
        });
        assertThat(taken).isBetween(most(300) * 98 / 100, most(300));
    }

    @Test
    void RL_10_whatWasAllowedAtTheEndOfAnOutageIsNotForgivenForItsBeginning() {
        store.nodes = 2;
        SharedCounters other = gateway();
        Measure rate = new Measure.Rate(1, SECOND / 10, 10);
        Layer here = layer(counters, rate, Sharing.STRICT, null);
        Layer there = layer(other, rate, Sharing.STRICT, null);
        assertThat(times(counters, here, 1) + times(other, there, 1)).isEqualTo(2);
        store.up = false;
        assertThat(times(counters, here, 1) + times(other, there, 1)).isEqualTo(2);
        clock.advance(Duration.ofMinutes(1));
        assertThat(times(counters, here, 20) + times(other, there, 20)).isEqualTo(10);
        back();
        assertThat(times(counters, here, 20) + times(other, there, 20)).isZero();
    }

    @Test
    void RL_10_aGatewayAloneForLongWhileOthersAreNotPaysBack() {
        store.nodes = 2;
        SharedCounters other = gateway();
        Measure rate = new Measure.Rate(1, SECOND, 10);
        Layer here = layer(counters, rate, Sharing.STRICT, null);
        Layer there = layer(other, rate, Sharing.STRICT, null);
        assertThat(times(counters, here, 1) + times(other, there, 20)).isEqualTo(10);
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            store.up = false;
            taken += times(counters, here, 2);
            store.up = true;
            other.look();
            taken += times(other, there, 2);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(taken).as("a half more than the limit").isBetween(130, 155);
        back();
        assertThat(times(counters, here, 20) + times(other, there, 20)).isZero();
        clock.advance(Duration.ofSeconds(9));
        assertThat(times(counters, here, 20) + times(other, there, 20))
                .as("still")
                .isZero();
    }

    // ---- what is told, and what answers are worth

    private Layer hourly(SharedCounters at) {
        return layer(at, new Measure.Rate(1, HOUR, 10), Sharing.STRICT, null);
    }

    @Test
    void RL_10_aRefusalThatComesTooLateHasCountedNothing() {
        store.nodes = 2;
        SharedCounters other = gateway();
        Layer here = hourly(counters);
        assertThat(times(other, hourly(other), 20)).isEqualTo(10);
        store.hanging = true;
        assertThat(times(counters, here, 1)).as("nobody has told it").isEqualTo(1);
        store.waiting.forEach(Runnable::run);
        store.hanging = false;
        assertThat(times(counters, here, 1)).isZero();
        assertThat(store.asked.getLast().getFirst())
                .isInstanceOfSatisfying(
                        Ask.Time.class, asked -> assertThat(asked.debt().owed()).isEqualTo(HOUR));
    }

    @Test
    void RL_10_whatIsToldAndAnsweredTooLateIsCountedOnce() {
        Layer here = hourly(counters);
        store.up = false;
        assertThat(times(counters, here, 5)).isEqualTo(5);
        store.up = true;
        store.hanging = true;
        counters.look();
        store.waiting.forEach(Runnable::run);
        store.hanging = false;
        back();
        assertThat(times(counters, here, 20)).isEqualTo(5);
    }

    @Test
    void RL_10_whatCouldNotBeToldIsToldAgain() {
        SharedCounters other = gateway();
        store.up = false;
        assertThat(times(counters, hourly(counters), 5)).isEqualTo(5);
        store.up = true;
        store.failing = true;
        counters.look();
        store.failing = false;
        back();
        assertThat(times(other, hourly(other), 20)).isEqualTo(5);
    }

    @Test
    void RL_10_aStoreThatBeginsAnewTwiceIsToldAllOfIt() {
        SharedCounters other = gateway();
        Layer there = hourly(other);
        Layer here = hourly(counters);
        assertThat(times(counters, here, 4)).isEqualTo(4);
        store.up = false;
        assertThat(times(counters, here, 3)).isEqualTo(3);
        store.loseAll();
        store.up = true;
        counters.look();
        store.loseAll();
        back();
        assertThat(times(other, there, 20)).isEqualTo(3);
    }

    @Test
    void RL_10_whatWasToldIsNotWhereOthersBegan() {
        SharedCounters other = gateway();
        Layer here = hourly(counters);
        store.up = false;
        assertThat(times(counters, here, 3)).isEqualTo(3);
        store.up = true;
        counters.look();
        assertThat(times(counters, here, 1)).as("alone still").isEqualTo(1);
        back();
        assertThat(times(other, hourly(other), 20)).isEqualTo(6);
    }

    @Test
    void RL_10_aStoreThatBeginsAnewIsToldOfQuotas() {
        SharedCounters other = gateway();
        Measure quota = new Measure.Quota(100, Measure.Period.DAY, ZoneOffset.UTC);
        Layer there = layer(other, quota, Sharing.STRICT, null);
        assertThat(times(counters, layer(counters, quota, Sharing.STRICT, null), 30))
                .isEqualTo(30);
        store.loseAll();
        back();
        assertThat(times(other, there, 200)).isEqualTo(70);
    }
}
