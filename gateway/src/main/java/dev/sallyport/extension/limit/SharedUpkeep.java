package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.limit.CounterStore.Answer;
import dev.sallyport.api.limit.CounterStore.Ask;
import dev.sallyport.api.limit.CounterStore.Debt;
import dev.sallyport.api.limit.Standing;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What goes on beside requests: gives back what was taken ahead and not used, says that places are still taken, and
/// forgets keys that are quiet.
@OffLoop("a virtual thread of its own; what operators ask, on theirs")
final class SharedUpkeep {
    private static final long EVERY_MILLIS = 250;
    private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(SharedLayer.PLACE_MILLIS / 3);
    private static final long ANSWER_MILLIS = 1000;
    private static final int AT_ONCE = 200;

    /// Looks that a gateway goes on alone after the store is back, so that the others have told it what they
    /// allowed meanwhile.
    private static final int LOOKS_TO_JOIN = 3;

    private final MemoryCounters memory;
    private final LongSupplier nanos;
    private final EventLog log;
    private final Set<SharedLayer> layers = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean apart;
    private volatile long losses;
    private boolean told;
    private int looks;
    private long heldAt;

    SharedUpkeep(MemoryCounters memory, LongSupplier nanos, EventLog log) {
        this.memory = memory;
        this.nanos = nanos;
        this.log = log;
    }

    void add(SharedLayer layer) {
        layers.add(layer);
    }

    /// Whether the store is to be asked: it can be, and knows what was allowed without it. Any thread.
    boolean together(CounterStore store) {
        if (!apart && store.up() && store.losses() == losses) {
            return true;
        }
        if (!apart) {
            apart = true;
        }
        return false;
    }

    void begin(CounterStore store, long now) {
        heldAt = now;
        losses = store.losses();
    }

    void start(CounterStore store) {
        Thread.ofVirtual().name("limits").start(() -> {
            try {
                while (!closed.await(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                    look(store, nanos.getAsLong());
                }
                // nobody uses any more what was taken ahead
                look(store, nanos.getAsLong() + KnownKey.LEASE_NANOS * 2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// Does what is due.
    void look(CounterStore store, long now) {
        List<SharedLayer> all;
        synchronized (layers) {
            all = List.copyOf(layers);
        }
        boolean joined = join(store, all, now);
        boolean hold = !apart && (joined || now - heldAt >= HOLD_NANOS);
        if (hold) {
            heldAt = now;
        }
        for (SharedLayer layer : all) {
            giveBackUnused(store, layer, now);
            if (hold && layer.places()) {
                hold(store, layer);
            }
            layer.forgetIdle(now);
        }
    }

    /// Brings this gateway back to the others when the store is; true in that moment.
    private boolean join(CounterStore store, List<SharedLayer> all, long now) {
        // noticed here too, so that what this gateway allowed is told though nobody asks it now
        if (all.isEmpty() || together(store)) {
            return false;
        }
        if (!told) {
            told = true;
            log.event(Event.LIMITS_ALONE, "gateways", store.nodes());
        }
        if (!store.up()) {
            looks = 0;
            return false;
        }
        long lost = store.losses();
        if (looks == 0 || lost != losses) {
            all.forEach(layer -> settle(store, layer, lost != losses, now));
            losses = lost;
        }
        looks++;
        if (looks <= LOOKS_TO_JOIN) {
            return false;
        }
        all.forEach(layer -> settle(store, layer, false, now));
        looks = 0;
        told = false;
        apart = false;
        log.event(Event.LIMITS_TOGETHER, "gateways", store.nodes());
        return true;
    }

    /// Tells the store what was allowed without it.
    ///
    /// @param all whether it has lost what it held: then also what was allowed with it, as far as time has not
    ///     given it back
    private void settle(CounterStore store, SharedLayer layer, boolean all, long now) {
        List<Ask> asked = new ArrayList<>();
        List<KnownKey> keys = new ArrayList<>();
        List<KnownKey.@Nullable Owed> owed = new ArrayList<>();
        for (KnownKey key : layer.keys()) {
            KnownKey.Owed untold = key.settle();
            if (all) {
                key.loseAhead();
                memory.raise(layer.local(), key.high, key.low, layer.used(key, now));
            }
            Debt debt = layer.debt(key, untold, all, now);
            if (!debt.nothing()) {
                asked.add(layer.ask(layer.key(key.high, key.low), true, 0, 0, debt, 0));
                keys.add(key);
                owed.add(untold);
            }
            if (asked.size() == AT_ONCE) {
                tell(store, layer, new Telling(asked, keys, owed));
                asked = new ArrayList<>();
                keys = new ArrayList<>();
                owed = new ArrayList<>();
            }
        }
        if (!asked.isEmpty()) {
            tell(store, layer, new Telling(asked, keys, owed));
        }
    }

    /// What the store is told at once.
    private record Telling(List<Ask> asked, List<KnownKey> keys, List<KnownKey.@Nullable Owed> owed) {}

    private void tell(CounterStore store, SharedLayer layer, Telling told) {
        store.take(told.asked, new LateAnswers(store, told.asked, List.copyOf(told.keys)))
                .whenComplete((answers, failure) -> {
                    long then = nanos.getAsLong();
                    for (int i = 0; i < told.keys.size(); i++) {
                        KnownKey key = told.keys.get(i);
                        KnownKey.Owed untold = told.owed.get(i);
                        if (failure == null && answers != null) {
                            layer.learn(key, answers.get(i), true, then);
                        } else if (untold != null) {
                            key.oweAgain(untold);
                        }
                    }
                });
    }

    private static void giveBackUnused(CounterStore store, SharedLayer layer, long now) {
        List<Ask> unused = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        for (KnownKey key : layer.keys()) {
            long amount = key.unused(now);
            if (amount > 0) {
                unused.add(layer.ask(layer.key(key.high, key.low), false, amount, 0, Debt.NONE, 0));
                ends.add(key.until());
            }
            if (unused.size() == AT_ONCE) {
                giveBack(store, unused, ends);
                unused = new ArrayList<>();
                ends = new ArrayList<>();
            }
        }
        if (!unused.isEmpty()) {
            giveBack(store, unused, ends);
        }
    }

    private static void giveBack(CounterStore store, List<Ask> unused, List<Long> ends) {
        store.giveBack(unused, ends.stream().mapToLong(Long::longValue).toArray());
    }

    private static void hold(CounterStore store, SharedLayer layer) {
        List<Ask.Place> places = new ArrayList<>();
        for (Map.Entry<Long, SharedLayer.Held> one : layer.held().entrySet()) {
            CounterStore.Key key =
                    layer.key(one.getValue().high(), one.getValue().low());
            if (layer.ask(key, false, 1, 0, Debt.NONE, one.getKey()) instanceof Ask.Place place) {
                places.add(place);
            }
        }
        store.hold(places);
    }

    // ---- for operators

    /// How a key stands by the store's word; null when it does not say.
    @Nullable
    Standing standing(CounterStore store, SharedLayer layer, long high, long low) {
        Ask ask = layer.ask(layer.key(high, low), true, 0, 0, Debt.NONE, 0);
        List<Answer> answers = answer(store.take(List.of(ask)));
        if (answers == null) {
            return null;
        }
        Charge charge = new Charge(1);
        charge.add(layer, high, low, 0, true);
        layer.tell(charge, 0, answers.getFirst().used(), answers.getFirst().left());
        return new Standing(charge.remaining(0), charge.resetNanos(0));
    }

    /// Has the store forget a key; false when it did not know it, or does not answer.
    boolean forget(CounterStore store, CounterStore.Key key) {
        return Boolean.TRUE.equals(answer(store.forget(key)));
    }

    private static <T> @Nullable T answer(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    void close() {
        closed.countDown();
    }
}
