package dev.sallyport.extension.state;

import dev.sallyport.api.state.SharedState.Mark;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The entries of one space, and the keys that end in each second. Any number of threads, no locks.
final class MemorySpace {
    private static final byte[] MARKED = {};
    private static final long SECOND = 1000;

    private final int most;
    private final int mostPerOwner;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Map<String, Integer> owned = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, Queue<String>> ends = new ConcurrentSkipListMap<>();

    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Entry(@Nullable String owner, byte[] value, long until) {}

    MemorySpace(int most, int mostPerOwner) {
        this.most = most;
        this.mostPerOwner = mostPerOwner;
    }

    Mark mark(String owner, String key, long now, long until) {
        expire(now);
        Mark[] outcome = {Mark.SEEN};
        entries.compute(key, (same, old) -> {
            if (old != null && old.until > now) {
                return old;
            }
            Entry next = reserve(owner) ? new Entry(owner, MARKED, until) : null;
            outcome[0] = next == null ? Mark.FULL : Mark.FRESH;
            if (old != null) {
                giveBack(old);
            }
            return next;
        });
        if (outcome[0] == Mark.FRESH) {
            endsAt(until, key);
        }
        return outcome[0];
    }

    byte @Nullable [] get(String key, long now) {
        Entry entry = entries.get(key);
        return entry == null || entry.until <= now ? null : entry.value.clone();
    }

    boolean replace(String key, byte @Nullable [] expected, byte @Nullable [] next, long now, long until) {
        expire(now);
        boolean[] done = {false};
        entries.compute(key, (same, old) -> {
            byte[] current = old == null || old.until <= now ? null : old.value;
            if (!Arrays.equals(current, expected)) {
                return old;
            }
            if (next != null && !reserve(null)) {
                return old;
            }
            done[0] = true;
            if (old != null) {
                giveBack(old);
            }
            return next == null ? null : new Entry(null, next, until);
        });
        if (done[0] && next != null) {
            endsAt(until, key);
        }
        return done[0];
    }

    void forEach(long now, BiConsumer<String, byte[]> action) {
        entries.forEach((key, entry) -> {
            if (entry.until > now) {
                action.accept(key, entry.value.clone());
            }
        });
    }

    private boolean reserve(@Nullable String owner) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            return false;
        }
        if (owner != null) {
            int mine = owned.merge(owner, 1, Integer::sum);
            if (mine > mostPerOwner) {
                leave(owner);
                count.decrementAndGet();
                return false;
            }
        }
        return true;
    }

    private void giveBack(Entry entry) {
        count.decrementAndGet();
        if (entry.owner != null) {
            leave(entry.owner);
        }
    }

    private void leave(String owner) {
        owned.computeIfPresent(owner, (same, mine) -> mine == 1 ? null : mine - 1);
    }

    private void endsAt(long until, String key) {
        ends.computeIfAbsent(until / SECOND + 1, second -> new ConcurrentLinkedQueue<>())
                .add(key);
    }

    /// Forgets what ended in a whole second before `now`.
    private void expire(long now) {
        while (!ends.isEmpty() && ends.firstKey() <= now / SECOND) {
            Map.Entry<Long, Queue<String>> past = ends.pollFirstEntry();
            if (past == null) {
                return;
            }
            for (String key : past.getValue()) {
                entries.computeIfPresent(key, (same, entry) -> {
                    if (entry.until > now) {
                        return entry;
                    }
                    giveBack(entry);
                    return null;
                });
            }
        }
    }
}
