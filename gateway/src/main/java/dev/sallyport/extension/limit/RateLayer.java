package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.table.SlotTable;
import org.jspecify.annotations.Nullable;

/// A rate by the generic cell rate algorithm (ITU-T I.371): a word is the time at which its key has everything back,
/// in nanoseconds of a clock that never goes back. There are no windows, so there is no edge of one to gain at (threat
/// RL-08).
final class RateLayer extends MemoryLayer {
    private final Measure.Rate rate;
    private final long interval;
    private final long capacity;
    private volatile @Nullable Past past;

    /// Keys as they stood when the rate was changed.
    ///
    /// @param changedAt in nanoseconds
    private record Past(SlotTable table, long interval, long changedAt) {}

    RateLayer(Measure.Rate rate, SlotTable table) {
        super(table);
        this.rate = rate;
        this.interval = rate.intervalNanos();
        this.capacity = rate.burst() * interval;
    }

    /// One that takes the place of another: keys go on with as many as they had taken by then.
    ///
    /// @param nanos the present
    RateLayer(Measure.Rate rate, SlotTable table, RateLayer before, long nanos) {
        this(rate, table);
        this.past = new Past(before.table(), before.interval, nanos);
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
    public boolean free(long word, long moment) {
        return word < moment;
    }

    /// How far the key is from having everything.
    private long debt(long word, long moment) {
        long debt = word - moment;
        return debt <= 0 ? 0 : Math.min(debt, capacity);
    }

    @Override
    public long unknown(long high, long low, long moment) {
        Past then = past;
        if (then == null) {
            return 0;
        }
        if (moment > then.changedAt + capacity) {
            // nobody is in debt any more by what was taken then
            past = null;
            return 0;
        }
        long place = then.table.find(high, low);
        long word = place == SlotTable.NOWHERE ? 0 : then.table.word(place, low);
        long taken = word <= then.changedAt ? 0 : (word - then.changedAt - 1) / then.interval + 1;
        return taken == 0 ? 0 : then.changedAt + Math.min(taken, rate.burst()) * interval;
    }

    @Override
    void forgetBefore(long high, long low) {
        Past then = past;
        if (then != null) {
            long place = then.table.find(high, low);
            long word = place == SlotTable.NOWHERE ? SlotTable.BUSY : then.table.word(place, low);
            if (word > then.changedAt) {
                then.table.replace(place, word, then.changedAt);
            }
        }
    }

    /// How long it takes to have `thousandths` back, rounded up: the rate is never exceeded.
    long nanos(long thousandths) {
        long rest = thousandths % Charge.WHOLE;
        long ofRest =
                interval / Charge.WHOLE * rest + (interval % Charge.WHOLE * rest + Charge.WHOLE - 1) / Charge.WHOLE;
        return thousandths / Charge.WHOLE * interval + ofRest;
    }

    @Override
    public long after(long word, long cost, long moment) {
        if (cost > rate.burst() * Charge.WHOLE) {
            return REFUSED;
        }
        long debt = debt(word, moment) + nanos(cost);
        // the word never gets smaller, even if `moment` was read before the word became what it is
        return debt > capacity ? REFUSED : Math.max(word, moment + debt);
    }

    @Override
    long back(long word, long cost, long moment) {
        return Math.max(word - nanos(cost), moment);
    }

    @Override
    long raised(long word, long used, long moment) {
        return Math.max(word, moment + Math.min(used, capacity));
    }

    @Override
    void tell(long word, long moment, Charge charge, int part) {
        long debt = debt(word, moment);
        long wanted = nanos(Math.min(charge.thousandths(part), rate.burst() * Charge.WHOLE));
        charge.standing(part, (capacity - debt) / interval, debt, Math.max(0, debt + wanted - capacity));
    }
}
