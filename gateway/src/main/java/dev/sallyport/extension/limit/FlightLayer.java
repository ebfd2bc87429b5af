package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.table.SlotTable;

/// What goes on at the same time: a word is how many, and above that how many keys had its place before, so that no
/// word
/// of one key is ever taken for one of another.
final class FlightLayer extends MemoryLayer {
    private static final int COUNT_BITS = 24;
    private static final long COUNT = (1L << COUNT_BITS) - 1;

    private final Measure.Concurrent measure;

    FlightLayer(Measure.Concurrent measure, SlotTable table) {
        super(table);
        this.measure = measure;
    }

    @Override
    public Measure.Concurrent measure() {
        return measure;
    }

    @Override
    long moment(long nanos, long epochSecond) {
        return 0;
    }

    @Override
    public boolean free(long word, long moment) {
        return (word & COUNT) == 0;
    }

    /// A request is one, whatever it costs; but where each weighs more, there is room for fewer, one at least.
    @Override
    public long after(long word, long cost, long moment) {
        long count = word & COUNT;
        boolean room = (count + 1) * cost <= measure.most() * Charge.WHOLE || count == 0;
        return room ? word + 1 : REFUSED;
    }

    @Override
    public long anew(long word, long first) {
        return ((word | COUNT) + 1) & Long.MAX_VALUE;
    }

    @Override
    long back(long word, long cost, long moment) {
        return free(word, moment) ? word : word - 1;
    }

    @Override
    long raised(long word, long used, long moment) {
        return word;
    }

    /// No time brings anything back here, but the end of what goes on.
    @Override
    void tell(long word, long moment, Charge charge, int part) {
        charge.standing(part, Math.max(0, measure.most() - (word & COUNT)), 0, 0);
    }
}
