package dev.sallyport.remote;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// What was learnt, until each's own time; bounded: when there is no room, what ends first makes it.
///
/// Any thread, no locks: of two that remember at the same moment in the same place one may be forgotten, which costs
/// a question.
///
/// @param <T> what was learnt
public final class Remembered<T> {
    private static final int WAYS = 4;

    private final AtomicReferenceArray<@Nullable Entry<T>> table;
    private final int mask;

    private record Entry<T>(Fingerprint about, T learnt, long until) {}

    /// @param most answers remembered; rounded up to a power of two
    public Remembered(int most) {
        int size = Math.max(WAYS, Integer.highestOneBit(Math.max(1, most - 1)) << 1);
        this.table = new AtomicReferenceArray<>(size);
        this.mask = size - WAYS;
    }

    /// What is known of what `about` stands for at `now`, or null.
    public @Nullable T get(Fingerprint about, long now) {
        int at = place(about);
        for (int i = at; i < at + WAYS; i++) {
            Entry<T> entry = table.get(i);
            if (entry != null && entry.until - now > 0 && entry.about.equals(about)) {
                return entry.learnt;
            }
        }
        return null;
    }

    /// Remembers what was learnt of what `about` stands for until `until`; nothing when that has passed.
    public void put(Fingerprint about, T learnt, long now, long until) {
        if (until - now <= 0) {
            return;
        }
        int at = place(about);
        int chosen = at;
        long earliest = Long.MAX_VALUE;
        for (int i = at; i < at + WAYS; i++) {
            Entry<T> entry = table.get(i);
            long left = entry == null ? Long.MIN_VALUE : entry.until - now;
            if (entry != null && entry.about.equals(about)) {
                chosen = i;
                break;
            }
            if (left < earliest) {
                earliest = left;
                chosen = i;
            }
        }
        table.set(chosen, new Entry<>(about, learnt, until));
    }

    private int place(Fingerprint about) {
        return (int) about.b() & mask;
    }
}
