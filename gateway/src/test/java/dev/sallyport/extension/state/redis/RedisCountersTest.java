package dev.sallyport.extension.state.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Charge.State;
import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.limit.CounterStore.Answer;
import dev.sallyport.api.limit.CounterStore.Ask;
import dev.sallyport.api.limit.CounterStore.Debt;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Share;
import dev.sallyport.api.limit.Sharing;
import dev.sallyport.extension.limit.CountersContract;
import dev.sallyport.extension.limit.SharedCounters;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Counters in a real Redis: the promises of all counters, and what the server alone can decide.
class RedisCountersTest extends CountersContract {
    private static final RedisServer SERVER = RedisServer.start();
    private static final AtomicInteger SYSTEMS = new AtomicInteger();
    private static final Duration QUICK = Duration.ofMillis(100);

    private final RedisBench bench = new RedisBench();
    private final List<SharedCounters> gateways = new ArrayList<>();
    private final String system = "system" + SYSTEMS.incrementAndGet();
    private final List<RedisState> states = new ArrayList<>();
    private @Nullable SharedCounters counters;

    private SharedCounters gateway(Duration timeout) {
        RedisState state =
                bench.state(RedisBench.config(SERVER.url(), RedisBench.KEY, system, timeout), RedisState.Bounds.USUAL);
        states.add(state);
        SharedCounters one = RedisBench.counters(state);
        gateways.add(one);
        return one;
    }

    @AfterEach
    void close() {
        gateways.forEach(SharedCounters::close);
        bench.close();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Override
    protected Counters counters() {
        SharedCounters known = counters;
        if (known == null) {
            known = gateway(RedisBench.TIMEOUT);
            counters = known;
        }
        return known;
    }

    private static Layer layer(Counters at, Measure measure) {
        return at.layer(measure, new Share("shared", Sharing.STRICT, null), null);
    }

    private static boolean take(Counters at, Layer layer) {
        Charge charge = charge(layer, 1, 1);
        take(at, charge, 0);
        return charge.state(0) == State.TAKEN;
    }

    private static void untilNodes(RedisState state, int number) {
        Eventually.until(number + " gateways", () -> state.counterStore().nodes() == number);
    }

    private List<Answer> ask(CounterStore store, Ask... asks) {
        List<Answer> answers = RedisBench.orNull(store.take(List.of(asks)));
        return answers == null ? List.of() : answers;
    }

    // ---- the last one

    @Test
    void RL_09_fourGatewaysAtTheLastTokenGetOne() throws InterruptedException {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            gateway(RedisBench.TIMEOUT);
        }
        gateways.forEach(one -> layers.add(layer(one, new Measure.Rate(1, HOUR, 25))));
        AtomicInteger allowed = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            all.add(Thread.ofPlatform().start(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int j = 0; j < 100; j++) {
                    allowed.addAndGet(take(gateways.get(number), layers.get(number)) ? 1 : 0);
                }
            }));
        }
        go.countDown();
        for (Thread one : all) {
            one.join();
        }
        assertThat(allowed.get()).isEqualTo(25);
    }

    @Test
    void refusedChargesWriteNothing() {
        Layer layer = layer(counters(), new Measure.Rate(1, HOUR, 3));
        while (take(counters(), layer)) {
            assertThat(counters().standing(layer, 1, 1)).isNotNull();
        }
        String key = SERVER.command("KEYS", system + ":*}:l:*");
        String before = SERVER.command("GET", key);
        String changes = changes();
        CounterStore store = states.getFirst().counterStore();
        for (int i = 0; i < 50; i++) {
            Ask.Time asked = new Ask.Time(
                    new CounterStore.Key("shared", 0x9e3779b97f4a7c15L, 1), false, HOUR, 3 * HOUR, HOUR, Debt.NONE);
            assertThat(ask(store, asked)).singleElement().matches(answer -> !answer.allowed() && answer.ahead() == 0);
        }
        assertThat(SERVER.command("GET", key)).isEqualTo(before);
        assertThat(changes()).as("nothing is there for replicas to do").isEqualTo(changes);
    }

    /// How many keys were set so far.
    private static String changes() {
        String told = SERVER.command("INFO", "commandstats");
        int from = told.indexOf("cmdstat_set:calls=");
        return from < 0 ? "none" : told.substring(from, told.indexOf(',', from));
    }

    // ---- what the server knows

    @Test
    void RL_11_keysEndByThemselves() {
        Layer layer = layer(counters(), new Measure.Rate(1000, SECOND, 1));
        assertThat(take(counters(), layer)).isTrue();
        String key = SERVER.command("KEYS", system + ":*}:l:*");
        assertThat(Long.parseLong(SERVER.command("PTTL", key))).isBetween(1L, 1002L);
    }

    @Test
    void AD_11_namesSayNothing() {
        Layer layer =
                counters().layer(new Measure.Rate(1, HOUR, 9), new Share("per-caller", Sharing.STRICT, null), null);
        take(counters(), layer);
        assertThat(SERVER.command("KEYS", system + ":*}:l:*")).matches(system + ":\\{[0-9a-f]{16}}:l:[0-9a-f]{32}");
    }

    @Test
    void RL_08_theServersClockSaysInWhichPeriodItIs() {
        counters();
        CounterStore store = states.getFirst().counterStore();
        CounterStore.Key key = new CounterStore.Key("quota", 5, 5);
        long now = System.currentTimeMillis() / 1000;
        long day = 86_400;
        // a gateway that knows the day; one whose clock is a day ahead; one a day behind
        assertThat(ask(store, new Ask.Amount(key, false, 2, 5, 0, Debt.NONE, now - 100, now + 900, now + 900 + day)))
                .singleElement()
                .matches(answer -> answer.used() == 2 && answer.until() == now + 900);
        assertThat(ask(
                        store,
                        new Ask.Amount(
                                key, false, 2, 5, 0, Debt.NONE, now + 900, now + 900 + day, now + 900 + 2 * day)))
                .singleElement()
                .matches(answer -> answer.used() == 4 && answer.until() == now + 900);
        assertThat(ask(store, new Ask.Amount(key, false, 2, 5, 0, Debt.NONE, now - 100 - day, now - 100, now + 900)))
                .singleElement()
                .matches(answer -> !answer.allowed() && answer.until() == now + 900);
        // a day later it begins anew, and cannot be gone back to
        assertThat(ask(store, new Ask.Amount(key, false, 1, 5, 0, Debt.NONE, now - 50, now + 950, now + 950 + day)))
                .singleElement()
                .matches(answer -> answer.used() == 1);
        assertThat(ask(store, new Ask.Amount(key, false, 1, 5, 0, Debt.NONE, now - 100, now + 900, now + 900 + day)))
                .singleElement()
                .matches(answer -> answer.used() == 2 && answer.until() == now + 950);
    }

    @Test
    void RL_08_whatIsGivenBackOfAnotherPeriodIsNothingInThisOne() {
        counters();
        CounterStore store = states.getFirst().counterStore();
        CounterStore.Key key = new CounterStore.Key("two days", 5, 5);
        long now = System.currentTimeMillis() / 1000;
        long day = 86_400;
        Ask.Amount first = new Ask.Amount(key, false, 2, 9, 0, Debt.NONE, now - 100, now + 900, now + 900 + day);
        assertThat(ask(store, first)).singleElement().matches(answer -> answer.until() == now + 900);
        Ask.Amount later = new Ask.Amount(key, false, 3, 9, 0, Debt.NONE, now - 50, now + 950, now + 950 + day);
        assertThat(ask(store, later)).singleElement().matches(answer -> answer.used() == 3);
        store.giveBack(List.of(first), new long[] {now + 900});
        assertThat(ask(store, later)).singleElement().matches(answer -> answer.used() == 6);
        store.giveBack(List.of(later), new long[] {now + 950});
        assertThat(ask(store, later)).as("of this one").singleElement().matches(answer -> answer.used() == 6);
    }

    @Test
    void whatIsTakenAheadIsNeverMoreThanIsThere() {
        counters();
        CounterStore store = states.getFirst().counterStore();
        CounterStore.Key key = new CounterStore.Key("ahead", 5, 5);
        assertThat(ask(store, new Ask.Time(key, false, HOUR, 10 * HOUR, 4 * HOUR, Debt.NONE)))
                .singleElement()
                .matches(answer -> answer.ahead() == 4 * HOUR);
        assertThat(ask(store, new Ask.Time(key, false, 3 * HOUR, 10 * HOUR, 4 * HOUR, Debt.NONE)))
                .singleElement()
                .matches(answer -> answer.allowed() && answer.ahead() <= 2 * HOUR + SECOND);
        assertThat(ask(store, new Ask.Time(key, false, HOUR, 10 * HOUR, 4 * HOUR, Debt.NONE)))
                .singleElement()
                .matches(answer -> !answer.allowed() && answer.ahead() == 0);
    }

    @Test
    void whatIsOwedIsTakenWhateverElseIsRefused() {
        counters();
        CounterStore store = states.getFirst().counterStore();
        CounterStore.Key key = new CounterStore.Key("owed", 5, 5);
        assertThat(ask(store, new Ask.Time(key, false, 5 * HOUR, 10 * HOUR, 0, owing(8 * HOUR))))
                .singleElement()
                .matches(answer -> !answer.allowed() && answer.used() == 8 * HOUR);
        assertThat(ask(store, new Ask.Time(key, false, 2 * HOUR, 10 * HOUR, 0, Debt.NONE)))
                .singleElement()
                .matches(Answer::allowed);
        assertThat(ask(store, new Ask.Time(key, false, HOUR, 10 * HOUR, 0, owing(100 * HOUR))))
                .as("more than there is has to be paid back, but no more than as much again")
                .singleElement()
                .matches(answer -> !answer.allowed() && answer.used() == 20 * HOUR);
    }

    @Test
    void longBurstsAreCountedToTheEnd() {
        counters();
        CounterStore store = states.getFirst().counterStore();
        CounterStore.Key key = new CounterStore.Key("long", 5, 5);
        long year = 365 * 24 * HOUR;
        assertThat(ask(store, new Ask.Time(key, false, year - HOUR, year, 0, Debt.NONE)))
                .singleElement()
                .matches(Answer::allowed);
        assertThat(ask(store, new Ask.Time(key, false, 2 * HOUR, year, 0, Debt.NONE)))
                .singleElement()
                .matches(answer -> !answer.allowed() && answer.used() > year - HOUR - SECOND * 5);
        assertThat(ask(store, new Ask.Time(key, false, HOUR - SECOND, year, 0, Debt.NONE)))
                .singleElement()
                .matches(Answer::allowed);
    }

    @Test
    void placesOfAGatewayThatIsGoneAreFreeAfterAWhile() {
        counters();
        CounterStore store = states.getFirst().counterStore();
        CounterStore.Key key = new CounterStore.Key("places", 5, 5);
        Ask.Place one = new Ask.Place(key, false, 1000, 1, 1, 200);
        Ask.Place other = new Ask.Place(key, false, 1000, 1, 2, 200);
        assertThat(ask(store, one)).singleElement().matches(Answer::allowed);
        assertThat(ask(store, other)).singleElement().matches(answer -> !answer.allowed());
        store.hold(List.of(new Ask.Place(key, false, 1000, 1, 1, 400)));
        assertThat(ask(store, other)).singleElement().matches(answer -> !answer.allowed());
        Eventually.until("nobody holds it", () -> ask(store, other).getFirst().allowed());
    }

    private static String only(String pattern) {
        String key = SERVER.command("KEYS", pattern);
        assertThat(key).isNotEmpty().doesNotContain(" ");
        return key;
    }

    @Test
    void placesThatEndedAreFreeWhileOthersLast() {
        counters();
        CounterStore store = states.getFirst().counterStore();
        CounterStore.Key key = new CounterStore.Key("ended places", 5, 5);
        assertThat(ask(store, new Ask.Place(key, false, 1000, 2, 1, 3_600_000)))
                .singleElement()
                .matches(Answer::allowed);
        assertThat(ask(store, new Ask.Place(key, false, 1000, 2, 2, 3_600_000)))
                .singleElement()
                .matches(Answer::allowed);
        Ask.Place third = new Ask.Place(key, false, 1000, 2, 3, 3_600_000);
        assertThat(ask(store, third)).singleElement().matches(answer -> !answer.allowed());
        String table = only(system + ":*}:l:*");
        String second = SERVER.command("ZRANGE", table, "1", "1");
        SERVER.command("ZADD", table, "1000", second);
        assertThat(ask(store, third))
                .as("the second ended long ago")
                .singleElement()
                .matches(Answer::allowed);
    }

    @Test
    void aPlaceThatIsHeldLastsLonger() {
        counters();
        CounterStore store = states.getFirst().counterStore();
        CounterStore.Key key = new CounterStore.Key("held places", 5, 5);
        assertThat(ask(store, new Ask.Place(key, false, 1000, 1, 1, 60_000)))
                .singleElement()
                .matches(Answer::allowed);
        String table = only(system + ":*}:l:*");
        String place = SERVER.command("ZRANGE", table, "0", "0");
        double before = Double.parseDouble(SERVER.command("ZSCORE", table, place));
        store.hold(List.of(new Ask.Place(key, false, 1000, 1, 1, 3_600_000)));
        Eventually.until(
                "it is held", () -> Double.parseDouble(SERVER.command("ZSCORE", table, place)) - before >= 3_000_000);
        assertThat(Long.parseLong(SERVER.command("PTTL", table))).isGreaterThan(3_600_000);
        assertThat(SERVER.command("ZCARD", table)).isEqualTo("1");
    }

    @Test
    void aKeyThatIsKeptBeyondItsDebtHasNoMoreThanEverything() {
        Layer layer = layer(counters(), new Measure.Rate(1, HOUR, 3));
        assertThat(take(counters(), layer)).isTrue();
        // as a key is within the second that it lasts longer, only longer
        long anHourAgo = (System.currentTimeMillis() - 3_600_000) * 1000;
        SERVER.command("SET", only(system + ":*}:l:*"), anHourAgo + "000");
        int taken = 0;
        for (int i = 0; i < 10; i++) {
            taken += take(counters(), layer) ? 1 : 0;
        }
        assertThat(taken).isEqualTo(3);
    }

    @Test
    void nanosecondsAreNotLost() {
        counters();
        CounterStore store = states.getFirst().counterStore();
        CounterStore.Key key = new CounterStore.Key("fine", 5, 5);
        for (int i = 1; i <= 9; i++) {
            long digits = i * 111L;
            // the server counts time in whole microseconds
            assertThat(ask(store, new Ask.Time(key, false, HOUR + 111, 100 * HOUR, 0, Debt.NONE)))
                    .singleElement()
                    .matches(answer -> answer.used() % 1000 == digits, "ends with " + digits);
        }
    }

    @Test
    void AD_12_aValueOfTheWrongTypeOrFormIsNoAnswer() {
        Layer layer = layer(counters(), new Measure.Rate(1, HOUR, 10));
        assertThat(take(counters(), layer)).isTrue();
        String key = SERVER.command("KEYS", system + ":*}:l:*");
        for (String value : List.of("", "x", "12", "-1", "9999999999999999999999999", "nan")) {
            SERVER.command("SET", key, value);
            int taken = 0;
            for (int i = 0; i < 20; i++) {
                taken += take(counters(), layer) ? 1 : 0;
            }
            assertThat(taken).as(value).isLessThanOrEqualTo(10);
        }
        SERVER.command("DEL", key);
        SERVER.command("LPUSH", key, "a");
        CounterStore store = states.getFirst().counterStore();
        assertThat(ask(
                        store,
                        new Ask.Time(
                                new CounterStore.Key("shared", 0x9e3779b97f4a7c15L, 1), false, 1, 10, 0, Debt.NONE)))
                .isEmpty();
    }

    /// The store puts together what gateways tell one after the other.
    @Test
    void RL_10_whatGatewaysTellIsPutTogether() {
        counters();
        CounterStore store = states.getFirst().counterStore();
        CounterStore.Key key = new CounterStore.Key("told", 5, 6);
        assertThat(tell(store, key, new Debt(HOUR, 0, 3 * HOUR, true))).isCloseTo(4 * HOUR, within(SECOND * 60));
        assertThat(tell(store, key, new Debt(2 * HOUR, 0, 4 * HOUR, true)))
                .as("from the later word on, and what both allowed")
                .isCloseTo(7 * HOUR, within(SECOND * 60));
        store.giveBack(List.of(new Ask.Time(key, false, HOUR, 10 * HOUR, 0, Debt.NONE)), new long[1]);
        assertThat(tell(store, key, new Debt(0, 0, -HOUR, true))).isCloseTo(6 * HOUR, within(SECOND * 60));
        assertThat(tell(store, key, new Debt(HOUR, 9 * HOUR, Debt.UNKNOWN, true)))
                .as("what one has not got back alone")
                .isCloseTo(9 * HOUR, within(SECOND * 60));
        assertThat(tell(store, key, new Debt(HOUR, 90 * HOUR, Debt.UNKNOWN, true)))
                .as("at most as much again")
                .isEqualTo(20 * HOUR);
        CounterStore.Key known = new CounterStore.Key("told", 5, 11);
        assertThat(tell(store, known, new Debt(2 * HOUR, 0, -HOUR, true))).isCloseTo(HOUR, within(SECOND * 60));
        store.giveBack(List.of(new Ask.Time(known, false, 2 * HOUR, 10 * HOUR, 0, Debt.NONE)), new long[1]);
        assertThat(tell(store, known, new Debt(2 * HOUR, 0, Debt.UNKNOWN, false)))
                .as("what was given back has not changed where they began")
                .isCloseTo(HOUR, within(SECOND * 60));
        assertThat(tell(store, known, new Debt(HOUR, 0, 9 * HOUR, false)))
                .as("a server that lost nothing knows better")
                .isCloseTo(2 * HOUR, within(SECOND * 60));
        Debt debt = new Debt(HOUR, 0, Debt.UNKNOWN, false);
        assertThat(ask(store, new Ask.Time(known, false, 3 * HOUR, 10 * HOUR, 0, debt)))
                .hasSize(1);
        assertThat(tell(store, known, debt))
                .as("what was asked for in between counts besides")
                .isCloseTo(7 * HOUR, within(SECOND * 60));
        CounterStore.Key free = new CounterStore.Key("told", 5, 7);
        assertThat(tell(store, free, new Debt(HOUR, HOUR / 2, -9 * HOUR, true))).isEqualTo(HOUR / 2);
        assertThat(tell(store, free, new Debt(8 * HOUR, HOUR, Debt.UNKNOWN, true)))
                .as("in a time in which nine came back, no more than each has not got back")
                .isCloseTo(3 * HOUR / 2, within(SECOND * 60));
        assertThat(tell(store, free, new Debt(3 * HOUR, 0, Debt.UNKNOWN, true)))
                .isCloseTo(3 * HOUR, within(SECOND * 60));
    }

    /// A server that was stopped does later what it was asked for long ago.
    @Test
    void RL_10_whatWasAskedLongAgoIsNotDone() {
        gateway(QUICK);
        RedisState state = states.getFirst();
        CounterStore store = state.counterStore();
        CounterStore.Key key = new CounterStore.Key("late", 5, 9);
        Ask.Time asked = new Ask.Time(key, false, 2 * HOUR, 10 * HOUR, 0, Debt.NONE);
        assertThat(ask(store, asked)).as("tells what the server's clock says").hasSize(1);
        SERVER.hang();
        try {
            assertThat(ask(store, asked)).isEmpty();
            store.giveBack(List.of(new Ask.Time(key, false, HOUR, 10 * HOUR, 0, Debt.NONE)), new long[1]);
            Eventually.until("the connection is given up", () -> state.store().live() == null);
        } finally {
            SERVER.goOn();
        }
        Eventually.until("the store is up", store::up);
        assertThat(tell(store, key, Debt.NONE)).isCloseTo(2 * HOUR, within(SECOND * 60));
    }

    @Test
    void RL_10_anAnswerThatComesTooLateIsHeard() {
        gateway(QUICK);
        CounterStore store = states.getFirst().counterStore();
        Ask.Time asked = new Ask.Time(new CounterStore.Key("late", 5, 10), false, HOUR, 10 * HOUR, 0, Debt.NONE);
        AtomicReference<List<Answer>> heard = new AtomicReference<>();
        SERVER.hang();
        try {
            assertThat(RedisBench.orNull(store.take(List.of(asked), (_, answers) -> heard.set(answers))))
                    .isNull();
            assertThat(heard.get()).isNull();
        } finally {
            SERVER.goOn();
        }
        assertThat(Eventually.present("the answer", heard::get))
                .singleElement()
                .matches(answer -> answer.allowed() && answer.used() == HOUR);
    }

    private long tell(CounterStore store, CounterStore.Key key, Debt debt) {
        return ask(store, new Ask.Time(key, true, 0, 10 * HOUR, 0, debt))
                .getFirst()
                .used();
    }

    @Test
    void RL_10_whatGatewaysTellOfAQuotaIsPutTogether() {
        counters();
        CounterStore store = states.getFirst().counterStore();
        CounterStore.Key key = new CounterStore.Key("told", 5, 8);
        long now = System.currentTimeMillis() / 1000;
        for (Debt debt : List.of(new Debt(1, 0, 30, true), new Debt(2, 0, 40, true), new Debt(0, 0, 35, true))) {
            assertThat(ask(store, new Ask.Amount(key, true, 0, 100, 0, debt, now - 9, now + 900, now + 9000)))
                    .singleElement()
                    .matches(answer -> answer.used() == (debt.known() == 30 ? 31 : 43));
        }
        Ask one = new Ask.Amount(key, false, 1, 100, 0, Debt.NONE, now - 9, now + 900, now + 9000);
        assertThat(ask(store, one)).singleElement().matches(answer -> answer.used() == 44);
    }

    private static Debt owing(long amount) {
        return new Debt(amount, amount, Debt.UNKNOWN, true);
    }

    // ---- who shares

    @Test
    void gatewaysAreCountedAndForgotten() {
        gateway(QUICK);
        gateway(QUICK);
        gateway(QUICK);
        untilNodes(states.get(0), 3);
        untilNodes(states.get(1), 3);
        states.get(2).close();
        untilNodes(states.get(0), 2);
    }

    @Test
    void whoDiedIsNotCountedAndWhoGoesTakesLeave() {
        gateway(QUICK);
        String table = system + ":{register}:nodes";
        String inAnHour = Long.toString(System.currentTimeMillis() + 3_600_000);
        SERVER.command("ZADD", table, inAnHour, "another");
        untilNodes(states.get(0), 2);
        SERVER.command("ZADD", table, "1000", "another");
        untilNodes(states.get(0), 1);
        SERVER.command("ZADD", table, inAnHour, "another");
        // it would be there for hours, if it did not say that it goes
        String own = SERVER.command("ZRANGE", table, "0", "0");
        assertThat(own).isNotEqualTo("another");
        SERVER.command("ZADD", table, Long.toString(System.currentTimeMillis() + 3_600_000), own);
        states.get(0).close();
        Eventually.until(
                "it has left", () -> SERVER.command("ZRANGE", table, "0", "-1").equals("another"));
    }

    @Test
    void otherKeysAndNamesAreOtherCounters() {
        Layer one = counters().layer(new Measure.Rate(1, HOUR, 1), new Share("one", Sharing.STRICT, null), null);
        Layer other = counters().layer(new Measure.Rate(1, HOUR, 1), new Share("other", Sharing.STRICT, null), null);
        assertThat(take(counters(), one)).isTrue();
        assertThat(take(counters(), other)).isTrue();
        assertThat(take(counters(), one)).isFalse();
        RedisState stranger = bench.state(
                RedisBench.config(SERVER.url(), "another key, also of 32 octets or more", system, QUICK),
                RedisState.Bounds.USUAL);
        assertThat(stranger.counterStore().secret())
                .isNotEqualTo(states.getFirst().counterStore().secret());
        RedisState friend =
                bench.state(RedisBench.config(SERVER.url(), RedisBench.KEY, system, QUICK), RedisState.Bounds.USUAL);
        assertThat(friend.counterStore().secret())
                .isEqualTo(states.getFirst().counterStore().secret());
    }
}
