package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Measure;
import org.jspecify.annotations.Nullable;

/// A rate by the generic cell rate algorithm (ITU-T I.371): a word is the time at which its key has everything back, in
/// nanoseconds of a clock that never goes back. There are no windows, so there is no edge of one to gain at (threat
/// RL-08).
final class RateLayer extends MemoryLayer {
    private final Measure.Rate rate;
    private final long interval;
    private final long capacity;
    private final long outlivedAt;
    private volatile @Nullable RateLayer before;

    RateLayer(Measure.Rate rate, SlotTable table) {
        this(rate, table, null, 0);
    }

    /// @param before by another rate; keys that it knows go on with as many as they had left
    /// @param nanos  the present
    RateLayer(Measure.Rate rate, SlotTable table, @Nullable RateLayer before, long nanos) {
        super(table);
        this.rate = rate;
        this.interval = rate.intervalNanos();
        this.capacity = rate.burst() * interval;
        this.before = before;
        this.outlivedAt = before == null ? 0 : nanos + before.capacity;
        if (before != null) {
            // who has asked for nothing since the change before the last is not missed
            before.before = null;
        }
    }

    @Override
    public Measure.Rate measure() {
        return rate;
    }

    @Override
    long moment(long nanos, long epochSecond) {
        return nanos;
    }

    @Override
    boolean free(long word, long moment) {
        return word < moment;
    }

    /// How far the key is from having everything.
    private long debt(long word, long moment) {
        long debt = word - moment;
        return debt <= 0 ? 0 : Math.min(debt, capacity);
    }

    @Override
    long unknown(long high, long low, long moment) {
        RateLayer old = before;
        if (old == null) {
            return 0;
        }
        if (moment > outlivedAt) {
            before = null;
            return 0;
        }
        long place = old.table().find(high, low);
        long word = place == SlotTable.NOWHERE ? 0 : old.table().word(place, low);
        long taken = (old.debt(word, moment) + old.interval - 1) / old.interval;
        return taken == 0 ? 0 : moment + Math.min(taken, rate.burst()) * interval;
    }

    @Override
    void forgetBefore(long high, long low, long moment) {
        RateLayer old = before;
        if (old != null) {
            long place = old.table().find(high, low);
            long word =
                    place == SlotTable.NOWHERE ? SlotTable.BUSY : old.table().word(place, low);
            if (word > moment) {
                old.table().replace(place, word, moment);
            }
        }
    }

    @Override
    long after(long word, long cost, long moment) {
        if (cost > rate.burst()) {
            return REFUSED;
        }
        long debt = debt(word, moment) + cost * interval;
        // the word never gets smaller, even if `moment` was read before the word became what it is
        return debt > capacity ? REFUSED : Math.max(word, moment + debt);
    }

    @Override
    long back(long word, long cost, long moment) {
        return Math.max(word - cost * interval, moment);
    }

    @Override
    void tell(long word, long moment, Charge charge, int part) {
        long debt = debt(word, moment);
        long wanted = Math.min(charge.cost(part), rate.burst()) * interval;
        charge.standing(part, (capacity - debt) / interval, debt, Math.max(0, debt + wanted - capacity));
    }
}
