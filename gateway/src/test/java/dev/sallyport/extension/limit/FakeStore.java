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
    private final TestClock clock;
    private final Map<Key, Long> ends = new HashMap<>();
    private final Map<Key, Long> amounts = new HashMap<>();
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
    final List<Runnable> waiting = new ArrayList<>();
    volatile int nodes = 1;
    volatile long losses;

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
        places.clear();
        losses++;
    }

    @Override
    public synchronized CompletionStage<List<Answer>> take(List<Ask> parts) {
        List<Ask> copy = List.copyOf(parts);
        asked.add(copy);
        if (failing || !up) {
            return CompletableFuture.failedStage(new IllegalStateException("down"));
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
        boolean refused = false;
        for (Ask one : parts) {
            switch (one) {
                case Ask.Time time ->
                    ends.merge(time.key(), now + time.owed(), (end, _) -> Math.max(end, now) + time.owed());
                case Ask.Amount amount -> amounts.merge(amount.key(), amount.owed(), Long::sum);
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
            answers.add(new Answer(allowed, used(one, now), ahead, one instanceof Ask.Amount ? 3600 : 0, 0));
        }
        return answers;
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
                ends.put(time.key(), now + used + ahead);
                yield ahead;
            }
            case Ask.Amount amount -> {
                long used = used(one, now) + amount.cost();
                long ahead = Math.min(amount.ahead(), amount.most() - used);
                amounts.put(amount.key(), used + ahead);
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
                case Ask.Time time -> ends.computeIfPresent(time.key(), (_, end) -> end - time.cost());
                case Ask.Amount amount -> amounts.computeIfPresent(amount.key(), (_, used) -> used - amount.cost());
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
        boolean time = ends.remove(key) != null;
        boolean amount = amounts.remove(key) != null;
        return CompletableFuture.completedStage(time || amount);
    }
}
