package dev.sallyport.extension.state;

import dev.sallyport.api.state.SharedState.Mark;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The entries of one space, by key and by end. Any number of threads; what is done at once is done within one
/// `compute` of the key. Each entry stands in the order of ends exactly as long as under its key, so that nothing
/// but the entries takes room.
final class MemorySpace {
    /// Ended entries that a call clears away; more than any call adds, so that they never pile up under load.
    private static final int CLEARED = 64;
    /// Ended entries that a call clears away before it says that there is no room.
    private static final int CLEARED_WHEN_FULL = 10_000;

    private static final byte[] MARKED = {};

    private final Room room;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Entry, Boolean> ends =
            new ConcurrentSkipListMap<>(Comparator.comparingLong(Entry::until).thenComparing(Entry::key));

    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Entry(String key, @Nullable String owner, byte[] value, long until) {
        int size() {
            return key.length() + value.length;
        }
    }

    MemorySpace(Room.Bounds bounds) {
        this.room = new Room(bounds);
    }

    Mark mark(String owner, String key, long now, long until) {
        clear(now, CLEARED);
        Mark mark = tryMark(owner, key, now, until);
        return mark == Mark.FULL && clear(now, CLEARED_WHEN_FULL) ? tryMark(owner, key, now, until) : mark;
    }

    private Mark tryMark(String owner, String key, long now, long until) {
        Mark[] outcome = {Mark.SEEN};
        entries.compute(key, (same, old) -> {
            if (old != null && old.until > now) {
                return old;
            }
            if (old != null) {
                forget(old);
            }
            Entry next = new Entry(key, owner, MARKED, until);
            if (!room.take(owner, next.size())) {
                outcome[0] = Mark.FULL;
                return null;
            }
            outcome[0] = Mark.FRESH;
            ends.put(next, true);
            return next;
        });
        return outcome[0];
    }

    byte @Nullable [] get(String key, long now) {
        Entry entry = entries.get(key);
        return entry == null || entry.until <= now ? null : entry.value.clone();
    }

    boolean replace(String key, byte @Nullable [] expected, byte @Nullable [] next, long now, long until) {
        clear(now, CLEARED);
        return switch (tryReplace(key, expected, next, now, until)) {
            case FRESH -> true;
            case SEEN -> false;
            case FULL -> clear(now, CLEARED_WHEN_FULL) && tryReplace(key, expected, next, now, until) == Mark.FRESH;
        };
    }

    private Mark tryReplace(String key, byte @Nullable [] expected, byte @Nullable [] next, long now, long until) {
        Mark[] outcome = {Mark.SEEN};
        entries.compute(key, (same, found) -> {
            Entry old = found;
            if (old != null && old.until <= now) {
                forget(old);
                old = null;
            }
            if (!Arrays.equals(old == null ? null : old.value, expected)) {
                return old;
            }
            Entry entry = next == null ? null : new Entry(key, null, next, until);
            if (entry != null && !fits(entry, old)) {
                outcome[0] = Mark.FULL;
                return old;
            }
            outcome[0] = Mark.FRESH;
            if (old != null && entry == null) {
                forget(old);
            } else if (old != null) {
                ends.remove(old);
            }
            if (entry != null) {
                ends.put(entry, true);
            }
            return entry;
        });
        return outcome[0];
    }

    private boolean fits(Entry next, @Nullable Entry old) {
        return old == null ? room.take(null, next.size()) : room.grow(next.size() - old.size());
    }

    void forEach(long now, BiConsumer<String, byte[]> action) {
        entries.forEach((key, entry) -> {
            if (entry.until > now) {
                action.accept(key, entry.value.clone());
            }
        });
    }

    private void forget(Entry entry) {
        ends.remove(entry);
        room.giveBack(entry.owner, entry.size());
    }

    /// Clears away up to `most` ended entries; false when there were none.
    private boolean clear(long now, int most) {
        Entry first = first();
        if (first == null || first.until > now) {
            return false;
        }
        for (int i = 0; i < most && first != null && first.until <= now; i++) {
            Entry ended = first;
            entries.computeIfPresent(ended.key, (same, entry) -> {
                if (!entry.equals(ended)) {
                    return entry;
                }
                forget(entry);
                return null;
            });
            first = first();
        }
        return true;
    }

    private @Nullable Entry first() {
        Map.Entry<Entry, Boolean> first = ends.firstEntry();
        return first == null ? null : first.getKey();
    }

    Room room() {
        return room;
    }

    int ends() {
        return ends.size();
    }
}
