package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Standing;
import dev.sallyport.api.table.SlotTable;
import dev.sallyport.api.table.Words;

/// A layer whose keys have one word each in a table; says what a word means.
///
/// Words are not negative. A word that is [free][#free] says that its key has everything, so that it need not be
/// known.
abstract sealed class MemoryLayer implements Layer, Words permits RateLayer, QuotaLayer, FlightLayer {
    private final SlotTable table;

    MemoryLayer(SlotTable table) {
        this.table = table;
    }

    SlotTable table() {
        return table;
    }

    /// The present, in this layer's own time.
    abstract long moment(long nanos, long epochSecond);

    /// Whether this layer goes by the calendar.
    boolean civil() {
        return false;
    }

    /// Whether a key with this word has everything.
    @Override
    public abstract boolean free(long word, long moment);

    /// The word after `cost`, in thousandths, was taken; [#REFUSED] when there is not enough.
    @Override
    public abstract long after(long word, long cost, long moment);

    /// Forgets what is known of a key from before the measure changed.
    void forgetBefore(long high, long low) {}

    /// The word after `cost`, in thousandths, was given back.
    abstract long back(long word, long cost, long moment);

    /// The word of a key of which at least `used` is known to be used: nanoseconds until everything is back, or how
    /// much.
    abstract long raised(long word, long used, long moment);

    /// Says how a key with this word stands.
    abstract void tell(long word, long moment, Charge charge, int part);

    /// How a key with this word stands.
    final Standing standing(long word, long moment) {
        Charge charge = new Charge(1);
        charge.add(this, 0, 0, 1, false);
        tell(word, moment, charge, 0);
        return new Standing(charge.remaining(0), charge.resetNanos(0));
    }

    @Override
    public abstract Measure measure();
}
