package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.limit.KeySecret;
import dev.sallyport.api.limit.WhenDown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A store in memory that fails, loses everything and makes callers wait when it is told to.
final class FakeStore implements CounterStore {
    private static final long FORGET_NANOS = 1_000_000_000L;
    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    private final TestClock clock;
    private final Map<Key, Long> ends = new HashMap<>();
    private final Map<Key, Long> amounts = new HashMap<>();
    /// How what gateways told of a key was put together; see [CounterStore.Debt].
    private final Map<Key, Told> told = new HashMap<>();
    private final Map<Key, Set<Long>> places = new HashMap<>();
    final List<List<Ask>> asked = new ArrayList<>();
    final List<Ask> given = new ArrayList<>();
    final List<Ask.Place> holding = new ArrayList<>();
    WhenDown whenDown = WhenDown.LOCAL_SHARE;
    volatile boolean up = true;
    /// Up as far as anybody knows, but what is asked fails.
    volatile boolean failing;
    /// Questions wait to be answered.
    boolean slow;
    /// Questions are answered when it is too late: by running what is in `waiting`.
    boolean hanging;
    final List<Runnable> waiting = new ArrayList<>();
    volatile int nodes = 1;
    volatile long losses;

    private record Told(long base, long sum, long apart) {
        long end() {
            return Math.max(base + sum, apart);
        }

        Told less(long amount) {
            return new Told(base, sum - amount, apart);
        }
    }

    FakeStore(TestClock clock) {
        this.clock = clock;
    }

    @Override
    public KeySecret secret() {
        return new KeySecret(1, 2);
    }

    @Override
    public WhenDown whenDown() {
        return whenDown;
    }

    @Override
    public boolean up() {
        return up;
    }

    @Override
    public int nodes() {
        return nodes;
    }

    @Override
    public long losses() {
        return losses;
    }

    synchronized void loseAll() {
        ends.clear();
        amounts.clear();
        told.clear();
        places.clear();
        losses++;
    }

    @Override
    public synchronized CompletionStage<List<Answer>> take(List<Ask> parts, Late late) {
        List<Ask> copy = List.copyOf(parts);
        asked.add(copy);
        if (failing || !up) {
            return CompletableFuture.failedStage(new IllegalStateException("down"));
        }
        if (hanging) {
            waiting.add(() -> late.answered(parts, judge(copy)));
            return CompletableFuture.failedStage(new IllegalStateException("slow"));
        }
        CompletableFuture<List<Answer>> result = new CompletableFuture<>();
        Runnable answer = () -> result.complete(judge(copy));
        if (slow) {
            waiting.add(answer);
        } else {
            answer.run();
        }
        return result;
    }

    private synchronized List<Answer> judge(List<Ask> parts) {
        long now = clock.nanos();
        // a key that has everything back is forgotten
        ends.entrySet().removeIf(end -> !told.containsKey(end.getKey()) && end.getValue() < now - FORGET_NANOS);
        boolean refused = false;
        for (Ask one : parts) {
            switch (one) {
                case Ask.Time time -> tell(time, now);
                case Ask.Amount amount -> tell(amount);
                case Ask.Place _ -> {}
            }
            refused |= !allows(one, now) && !one.trial();
        }
        List<Answer> answers = new ArrayList<>();
        for (Ask one : parts) {
            boolean allowed = allows(one, now);
            long ahead = 0;
            if (allowed && !refused) {
                ahead = take(one, now);
            }
            if (!one.trial()) {
                told.remove(one.key());
            }
            answers.add(new Answer(allowed, used(one, now), ahead, one instanceof Ask.Amount ? 3600 : 0, 0));
        }
        return answers;
    }

    private void tell(Ask.Time time, long now) {
        Debt debt = time.debt();
        if (debt.nothing()) {
            return;
        }
        Told before = told.get(time.key());
        long end = ends.getOrDefault(time.key(), LONG_AGO);
        long base = before == null ? end : before.base;
        if (debt.known() != Debt.UNKNOWN && (base == LONG_AGO || debt.lost())) {
            base = Math.max(base, now + debt.known());
        }
        Told after = new Told(
                base,
                (before == null ? 0 : before.sum) + debt.owed(),
                Math.max(before == null ? now : before.apart, now) + debt.burst());
        told.put(time.key(), after);
        ends.put(time.key(), Math.max(end, Math.min(after.end(), now + 2 * time.capacity())));
    }

    private void tell(Ask.Amount amount) {
        Debt debt = amount.debt();
        if (debt.nothing()) {
            return;
        }
        Told before = told.get(amount.key());
        long used = amounts.getOrDefault(amount.key(), 0L);
        Told after = new Told(
                Math.max(before == null ? used : before.base, Math.max(0, debt.known())),
                (before == null ? 0 : before.sum) + debt.owed(),
                0);
        told.put(amount.key(), after);
        amounts.put(amount.key(), Math.max(used, Math.min(after.end(), 2 * amount.most())));
    }

    private long used(Ask one, long now) {
        return switch (one) {
            case Ask.Time time -> Math.clamp(ends.getOrDefault(time.key(), 0L) - now, 0, 2 * time.capacity());
            case Ask.Amount amount -> amounts.getOrDefault(amount.key(), 0L);
            case Ask.Place place -> places.getOrDefault(place.key(), Set.of()).size();
        };
    }

    private boolean allows(Ask one, long now) {
        return switch (one) {
            case Ask.Time time -> used(one, now) + time.cost() <= time.capacity();
            case Ask.Amount amount -> used(one, now) + amount.cost() <= amount.most();
            case Ask.Place place ->
                used(one, now) == 0 || (used(one, now) + 1) * place.weight() <= place.most() * Charge.WHOLE;
        };
    }

    private long take(Ask one, long now) {
        return switch (one) {
            case Ask.Time time -> {
                long used = used(one, now) + time.cost();
                long ahead = Math.min(time.ahead(), time.capacity() - used);
                if (time.cost() + ahead > 0) {
                    ends.put(time.key(), now + used + ahead);
                    told.remove(time.key());
                }
                yield ahead;
            }
            case Ask.Amount amount -> {
                long used = used(one, now) + amount.cost();
                long ahead = Math.min(amount.ahead(), amount.most() - used);
                if (amount.cost() + ahead > 0) {
                    amounts.put(amount.key(), used + ahead);
                    told.remove(amount.key());
                }
                yield ahead;
            }
            case Ask.Place place -> {
                places.computeIfAbsent(place.key(), _ -> new HashSet<>()).add(place.serial());
                yield 0;
            }
        };
    }

    @Override
    public synchronized void giveBack(List<Ask> taken, long[] until) {
        given.addAll(taken);
        for (Ask one : taken) {
            switch (one) {
                case Ask.Time time -> {
                    Told before = told.computeIfPresent(time.key(), (_, how) -> how.less(time.cost()));
                    ends.computeIfPresent(time.key(), (_, end) -> before == null ? end - time.cost() : before.end());
                }
                case Ask.Amount amount -> {
                    told.computeIfPresent(amount.key(), (_, how) -> how.less(amount.cost()));
                    amounts.computeIfPresent(amount.key(), (_, used) -> used - amount.cost());
                }
                case Ask.Place place ->
                    places.getOrDefault(place.key(), new HashSet<>()).remove(place.serial());
            }
        }
    }

    @Override
    public synchronized void hold(List<Ask.Place> held) {
        holding.addAll(held);
        for (Ask.Place place : held) {
            places.computeIfAbsent(place.key(), _ -> new HashSet<>()).add(place.serial());
        }
    }

    @Override
    public synchronized CompletionStage<Boolean> forget(Key key) {
        told.remove(key);
        boolean time = ends.remove(key) != null;
        boolean amount = amounts.remove(key) != null;
        return CompletableFuture.completedStage(time || amount);
    }
}
