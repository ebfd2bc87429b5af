package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Census;
import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Charge.State;
import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.limit.CounterStore.Ask;
import dev.sallyport.api.limit.CounterStore.Debt;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.limit.KeySecret;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Share;
import dev.sallyport.api.limit.Standing;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Counters that gateways share through a store, as far as limits want that, and in this process for all else. Without
/// a store, all of it is in this process.
public final class SharedCounters implements Counters, MetricSource, AutoCloseable {
    private final MemoryCounters memory;
    private final LongSupplier ticker;
    private final InstantSource clock;
    private final SharedUpkeep upkeep;
    private final AtomicLong serial = new AtomicLong(ThreadLocalRandom.current().nextLong());
    private final Map<Way, LongAdder> ways = new EnumMap<>(Way.class);
    private volatile @Nullable CounterStore store;

    /// How a part of a request was decided.
    enum Way {
        ASKED,
        LEASED,
        KNOWN,
        LOCAL_SHARE,
        OPEN,
        CLOSED;

        private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @param memory counts what is not shared, and what this gateway has allowed itself
    /// @param ticker nanoseconds that never go back
    /// @param clock  what calendars go by
    /// @param log    told when limits are decided without their store, and when they no longer are
    public SharedCounters(MemoryCounters memory, LongSupplier ticker, InstantSource clock, EventLog log) {
        this.memory = memory;
        this.ticker = ticker;
        this.clock = clock;
        this.upkeep = new SharedUpkeep(memory, ticker, log);
        for (Way way : Way.values()) {
            ways.put(way, new LongAdder());
        }
    }

    /// Shares through `with` from now on; only the first call has any effect.
    public void share(CounterStore with) {
        if (store == null) {
            join(with);
            upkeep.start(with);
        }
    }

    /// Shares through `with`, but does what is due beside requests only when [#look] is called.
    void join(CounterStore with) {
        store = with;
        upkeep.begin(with, nanos());
    }

    /// Does what is due beside requests.
    void look() {
        CounterStore with = store;
        if (with != null) {
            upkeep.look(with, nanos());
        }
    }

    @Override
    public Layer layer(Measure measure, @Nullable Layer before) {
        return memory.layer(measure, before instanceof SharedLayer shared ? shared.local() : before);
    }

    @Override
    public Layer layer(Measure measure, Share share, @Nullable Layer before) {
        SharedLayer known = before instanceof SharedLayer shared ? shared : null;
        MemoryLayer local = (MemoryLayer) memory.layer(measure, known == null ? before : known.local());
        SharedLayer layer = new SharedLayer(local, share, known, () -> Math.floorDiv(clock.millis(), 1000L));
        upkeep.add(layer);
        return layer;
    }

    @Override
    public KeySecret secret() {
        CounterStore now = store;
        return now == null ? memory.secret() : now.secret();
    }

    // ---- for charges

    MemoryCounters memory() {
        return memory;
    }

    long nanos() {
        return ticker.getAsLong();
    }

    long nextSerial() {
        return serial.incrementAndGet();
    }

    void decided(Way way) {
        LongAdder count = ways.get(way);
        if (count != null) {
            count.increment();
        }
    }

    /// Whether the store is to be asked now.
    boolean together(CounterStore with) {
        return upkeep.together(with);
    }

    /// Goes by what the store last said of a key, where others have used more than this gateway has.
    void remember(SharedLayer layer, @Nullable KnownKey key, long now) {
        if (key != null) {
            memory.raise(layer.local(), key.high, key.low, layer.used(key, now));
        }
    }

    /// Adds a part of `charge` to `own`, at so many times its cost; what could be had once can be had still.
    static void add(Charge own, MemoryLayer layer, Charge charge, int part, int times) {
        own.addThousandths(
                layer,
                charge.high(part),
                charge.low(part),
                times(layer, charge.thousandths(part), times),
                charge.trial(part));
    }

    private static long times(MemoryLayer layer, long thousandths, int times) {
        long most = layer.measure().most() * Charge.WHOLE;
        return times == 1 || thousandths > most ? thousandths : Math.min(thousandths * times, most);
    }

    /// Notes what the store allowed, as this gateway's own.
    void note(SharedLayer layer, Charge charge, int part, int nodes) {
        memory.note(
                layer.local(),
                charge.high(part),
                charge.low(part),
                layer.places() ? 0 : times(layer.local(), charge.thousandths(part), nodes));
    }

    /// Remembers that a place is taken here, as long as it is.
    void holds(SharedLayer layer, Charge charge, int part, long now) {
        long number = charge.moment(part);
        if (number == 0) {
            number = nextSerial();
            charge.moment(part, number);
        }
        layer.held().put(number, new SharedLayer.Held(charge.high(part), charge.low(part), now));
    }

    /// Takes more ahead before it is needed.
    void fetchMore(SharedLayer layer, KnownKey key, long now) {
        CounterStore with = store;
        if (with != null && layer.runsLow(key) && together(with)) {
            long ahead = layer.wantedAhead(key, now);
            if (ahead > 0) {
                List<Ask> ask = List.of(layer.ask(layer.key(key.high, key.low), true, 0, ahead, Debt.NONE, 0));
                with.take(ask, new LateAnswers(with, ask, List.of(key))).whenComplete((answers, failure) -> {
                    long then = nanos();
                    if (failure == null && answers != null) {
                        CounterStore.Answer answer = answers.getFirst();
                        layer.learn(key, answer, false, then);
                        key.fetched(answer.ahead(), then, layer.aheadUntil(answer, then));
                    } else {
                        key.fetched(0, then, then);
                    }
                });
            }
        }
    }

    // ---- counters

    @Override
    public @Nullable CompletionStage<?> take(Charge charge, int from) {
        boolean shared = false;
        for (int i = from; i < charge.size(); i++) {
            shared |= charge.layer(i) instanceof SharedLayer;
        }
        if (!shared) {
            return memory.take(charge, from);
        }
        CounterStore with = store;
        if (with == null) {
            throw new IllegalStateException("the store of limits is not open yet");
        }
        return new SharedTake(this, with, charge, from, nanos()).take();
    }

    @Override
    public void giveBack(Charge charge, int from, int to) {
        memory.giveBack(charge, from, to);
        List<Ask> taken = new ArrayList<>();
        long[] until = new long[to - from];
        for (int i = from; i < to; i++) {
            if (charge.state(i) != State.TAKEN || !(charge.layer(i) instanceof SharedLayer layer) || layer.places()) {
                continue;
            }
            charge.state(i, State.BACK);
            long cost = layer.units(charge, i);
            KnownKey key = layer.find(charge.high(i), charge.low(i));
            long how = charge.place(i);
            if (how == SharedTake.ASKED || (how == SharedTake.AHEAD && key == null)) {
                until[taken.size()] = charge.moment(i);
                taken.add(layer.ask(layer.key(charge.high(i), charge.low(i)), false, cost, 0, Debt.NONE, 0));
            } else if (how == SharedTake.AHEAD && key != null) {
                key.putBack(cost);
            } else if (how == SharedTake.ALONE && key != null) {
                long told = key.oweLess(cost);
                if (told > 0) {
                    taken.add(layer.ask(layer.key(charge.high(i), charge.low(i)), false, told, 0, Debt.NONE, 0));
                }
            }
            CounterStore with = store;
            if (how != SharedTake.UNCOUNTED && with != null) {
                memory.back(
                        layer.local(),
                        charge.high(i),
                        charge.low(i),
                        times(layer.local(), charge.thousandths(i), with.nodes()));
            }
        }
        CounterStore with = store;
        if (!taken.isEmpty() && with != null) {
            with.giveBack(taken, until);
        }
    }

    @Override
    public void end(Charge charge) {
        memory.end(charge);
        for (int i = 0; i < charge.size(); i++) {
            if (charge.state(i) == State.TAKEN && charge.layer(i) instanceof SharedLayer layer && layer.places()) {
                charge.state(i, State.BACK);
                long number = charge.moment(i);
                CounterStore with = store;
                if (layer.held().remove(number) != null && with != null) {
                    memory.back(layer.local(), charge.high(i), charge.low(i), 0);
                    CounterStore.Key key = layer.key(charge.high(i), charge.low(i));
                    with.giveBack(List.of(layer.ask(key, false, 1, 0, Debt.NONE, number)), new long[1]);
                }
            }
        }
    }

    // ---- for operators

    @Override
    public Standing standing(Layer layer, long high, long low) {
        CounterStore with = store;
        if (!(layer instanceof SharedLayer shared)) {
            return memory.standing(layer, high, low);
        }
        if (with == null || shared.places()) {
            return memory.standing(shared.local(), high, low);
        }
        Standing asked = upkeep.standing(with, shared, high, low);
        return asked == null ? memory.standing(shared.local(), high, low) : asked;
    }

    @Override
    public boolean forget(Layer layer, long high, long low) {
        if (!(layer instanceof SharedLayer shared)) {
            return memory.forget(layer, high, low);
        }
        if (shared.places()) {
            return false;
        }
        boolean any = memory.forget(shared.local(), high, low);
        KnownKey key = shared.find(high, low);
        if (key != null) {
            key.forget(nanos());
        }
        CounterStore with = store;
        boolean there = with != null && upkeep.forget(with, shared.key(high, low));
        return any || there;
    }

    @Override
    public Census census(Layer layer) {
        return memory.census(layer instanceof SharedLayer shared ? shared.local() : layer);
    }

    @Override
    public void collect(MetricSink sink) {
        CounterStore with = store;
        if (with == null) {
            return;
        }
        sink.value(Metrics.LIMIT_NODES, with.nodes());
        ways.forEach((way, count) -> sink.value(Metrics.LIMIT_SHARED, count.sum(), way.word));
    }

    @Override
    public void close() {
        upkeep.close();
    }
}
