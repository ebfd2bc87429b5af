package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.CounterStore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What this gateway knows of a key that gateways count together: how it stood when the store was last asked, what was
/// taken ahead for it, until when it is surely refused, and what the store was not told yet. Amounts are in what the
/// store counts in: nanoseconds of a rate, pieces of a quota. Safe for all threads.
final class KnownKey {
    /// How long what was taken ahead may be used.
    static final long LEASE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// How long a refusal is believed: somebody may have given something back meanwhile.
    private static final long BELIEVED_NANOS = TimeUnit.SECONDS.toNanos(1);

    final long high;
    final long low;
    private final AtomicLong ahead = new AtomicLong();
    private final AtomicBoolean fetching = new AtomicBoolean();
    private final AtomicReference<@Nullable Owed> owed = new AtomicReference<>();
    private volatile long aheadUntil;
    private volatile @Nullable Told told;
    private volatile Block block;
    private volatile long askedAt;

    /// How the key stood at a moment.
    ///
    /// @param telling whether it was said when this gateway told what it had allowed alone
    private record Told(long used, long left, long until, long at, boolean telling) {}

    /// What is refused, and until when it is by this gateway alone.
    private record Block(long cost, long until, long retryAt) {}

    KnownKey(long high, long low, long now) {
        this.high = high;
        this.low = low;
        this.aheadUntil = now;
        this.block = new Block(Long.MAX_VALUE, now, now);
        this.askedAt = now - 2 * LEASE_NANOS;
    }

    // ---- what was taken ahead

    /// Takes `cost` of what was taken ahead; false when that is not enough.
    boolean takeAhead(long cost, long now) {
        if (now - aheadUntil >= 0) {
            return false;
        }
        while (true) {
            long left = ahead.get();
            if (left < cost || left == 0) {
                return false;
            }
            if (ahead.compareAndSet(left, left - cost)) {
                return true;
            }
        }
    }

    /// What is left of what was taken ahead.
    long ahead() {
        return ahead.get();
    }

    /// Forgets what was taken ahead of a store that has lost all it held.
    void loseAhead() {
        ahead.set(0);
    }

    /// Puts back what was taken ahead and is not used.
    void putBack(long cost) {
        ahead.addAndGet(cost);
    }

    /// Begins to fetch more; who is told true ends it by [#fetched].
    boolean fetch() {
        return !fetching.get() && fetching.compareAndSet(false, true);
    }

    /// @param more that was taken ahead
    void fetched(long more, long now, long until) {
        if (more > 0) {
            ahead.addAndGet(more);
            aheadUntil = until - now > LEASE_NANOS ? now + LEASE_NANOS : until;
        }
        fetching.set(false);
    }

    /// What nobody used in time, which is to be given back.
    long unused(long now) {
        return now - aheadUntil >= 0 && ahead.get() > 0 ? ahead.getAndSet(0) : 0;
    }

    // ---- what the store said

    /// Whether the store was asked within the last second; it is now.
    boolean askedLately(long now) {
        boolean lately = now - askedAt < LEASE_NANOS;
        askedAt = now;
        return lately;
    }

    void told(long used, long left, long until, long now, boolean telling) {
        told = new Told(used, left, until, now, telling);
    }

    /// What was used as the store last said, less the time since then; of a rate. [CounterStore.Debt#UNKNOWN]
    /// when the store still knows that it said so.
    ///
    /// @param lost whether it has lost what it held
    long heard(boolean lost, long now) {
        Told last = told;
        return last == null || (last.telling && !lost) ? CounterStore.Debt.UNKNOWN : last.used - (now - last.at);
    }

    /// What is used by now.
    ///
    /// @param returning whether time gives it back
    long used(long now, boolean returning) {
        Told last = told;
        if (last == null) {
            return 0;
        }
        long since = now - last.at;
        if (!returning && TimeUnit.NANOSECONDS.toSeconds(since) >= last.left) {
            // another period
            return 0;
        }
        return Math.max(0, last.used - ahead.get() - (returning ? since : 0));
    }

    /// Seconds until the period ends.
    long left(long now) {
        Told last = told;
        return last == null ? 1 : Math.max(1, last.left - TimeUnit.NANOSECONDS.toSeconds(now - last.at));
    }

    /// When the period ends that was last told of.
    long until() {
        Told last = told;
        return last == null ? 0 : last.until;
    }

    /// Notes that `cost` is refused for `retry` from now on.
    void blocked(long cost, long retry, long now) {
        if (retry > 0) {
            block = new Block(cost, now + Math.min(retry, BELIEVED_NANOS), now + retry);
        }
    }

    /// For how long `cost` is surely refused; 0 when that is not known.
    long blockedFor(long cost, long now) {
        Block known = block;
        return cost < known.cost || now - known.until >= 0 ? 0 : Math.max(1, known.retryAt - now);
    }

    /// Forgets that anything is refused, and what was said.
    void forget(long now) {
        block = new Block(Long.MAX_VALUE, now, now);
        told = null;
        owed.set(null);
    }

    // ---- what the store was not told

    /// What is owed.
    ///
    /// @param amount in all
    /// @param until  when time has given it back, at this gateway's share of the rate
    /// @param nodes  among how many the rate was divided; the fewest
    record Owed(long amount, long until, int nodes) {
        /// With what was taken after it.
        private Owed and(Owed next) {
            return new Owed(
                    amount + next.amount,
                    later(until + next.amount * next.nodes, next.until),
                    Math.min(nodes, next.nodes));
        }

        /// How much of it time has not given back.
        long left(long now) {
            return until - now <= 0 ? 0 : (until - now + nodes - 1) / nodes;
        }

        private static long later(long one, long other) {
            return one - other > 0 ? one : other;
        }
    }

    /// Owes `cost` more.
    ///
    /// @param nodes among how many gateways the rate is divided
    void owe(long cost, long now, int nodes) {
        Owed more = new Owed(cost, now + cost * nodes, nodes);
        owed.accumulateAndGet(more, (all, next) -> all == null || next == null ? next : all.and(next));
    }

    /// Owes again what could not be told; what was taken since then comes after it.
    void oweAgain(Owed before) {
        owed.accumulateAndGet(before, (all, old) -> all == null || old == null ? old : old.and(all));
    }

    /// Owes `cost` less, since it was given back or counted already; how much of it was not owed.
    long oweLess(long cost) {
        while (true) {
            Owed all = owed.get();
            if (all == null || cost <= 0) {
                return cost;
            }
            long less = Math.min(cost, all.amount);
            Owed rest = new Owed(all.amount - less, all.until - less * all.nodes, all.nodes);
            if (owed.compareAndSet(all, rest.amount == 0 ? null : rest)) {
                return cost - less;
            }
        }
    }

    /// What is to be told now, null for nothing; whoever cannot tell it owes it [again][#oweAgain].
    @Nullable
    Owed settle() {
        return owed.get() == null ? null : owed.getAndSet(null);
    }

    /// Whether nothing is known that would be missed.
    boolean idle(long now, long after) {
        return owed.get() == null && ahead.get() == 0 && !fetching.get() && now - askedAt > after;
    }
}
