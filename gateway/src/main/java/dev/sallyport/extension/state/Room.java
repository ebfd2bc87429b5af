package dev.sallyport.extension.state;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// How much of a space is taken, by all and by each owner.
///
/// No owner gets more than an eighth of what is free: however many greedy owners there are, some room is left for the
/// next one (threat DP-05), where a fixed share each would let a handful of them fill the space.
final class Room {
    private static final int SHARE = 8;

    private final Bounds bounds;
    private final AtomicInteger entries = new AtomicInteger();
    private final AtomicLong octets = new AtomicLong();
    private final Map<String, Integer> owned = new ConcurrentHashMap<>();

    /// @param entries  the most entries in all
    /// @param perOwner the most entries of one owner
    /// @param octets   the most octets of all keys and values
    record Bounds(int entries, int perOwner, long octets) {}

    Room(Bounds bounds) {
        this.bounds = bounds;
    }

    /// Takes room for one entry; false when there is none.
    boolean take(@Nullable String owner, int size) {
        int before = entries.getAndIncrement();
        if (before >= bounds.entries) {
            entries.decrementAndGet();
            return false;
        }
        if (!grow(size)) {
            entries.decrementAndGet();
            return false;
        }
        int share = Math.clamp((bounds.entries - before) / SHARE, 1, bounds.perOwner);
        if (owner != null && owned.merge(owner, 1, Integer::sum) > share) {
            giveBack(owner, size);
            return false;
        }
        return true;
    }

    /// Takes `size` more octets for an entry that is there; fewer, and less than none, always fit.
    boolean grow(int size) {
        if (octets.addAndGet(size) > bounds.octets && size > 0) {
            octets.addAndGet(-size);
            return false;
        }
        return true;
    }

    void giveBack(@Nullable String owner, int size) {
        entries.decrementAndGet();
        octets.addAndGet(-size);
        if (owner != null) {
            owned.computeIfPresent(owner, (same, mine) -> mine == 1 ? null : mine - 1);
        }
    }

    /// How many entries there are.
    int entries() {
        return entries.get();
    }

    /// How many owners have entries.
    int owners() {
        return owned.size();
    }
}
