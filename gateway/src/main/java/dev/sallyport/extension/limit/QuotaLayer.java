package dev.sallyport.extension.limit;

import dev.sallyport.api.limit.Charge;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.table.SlotTable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;

/// So much per day or month: a word is when the period ends, and below that how much of it was taken.
///
/// Periods only ever follow each other: a clock that is set back leaves the present one in place, so that nobody has
/// it twice (threat RL-08).
final class QuotaLayer extends MemoryLayer {
    /// Seconds of the epoch that ends of periods are counted from: 2020-01-01.
    private static final long SINCE = 1_577_836_800L;

    private static final int USED_BITS = 32;
    private static final long USED = (1L << USED_BITS) - 1;

    private final Measure.Quota quota;
    private volatile Window window = new Window(Long.MIN_VALUE, 0);

    /// A period, in seconds of the epoch.
    private record Window(long start, long end) {}

    QuotaLayer(Measure.Quota quota, SlotTable table) {
        super(table);
        this.quota = quota;
    }

    @Override
    public Measure.Quota measure() {
        return quota;
    }

    @Override
    boolean civil() {
        return true;
    }

    /// Here the end of the present period, and how far away that is: both fit, 31 and 32 bits.
    @Override
    long moment(long nanos, long epochSecond) {
        Window now = window;
        if (epochSecond >= now.end) {
            now = at(epochSecond);
            window = now;
        }
        long left = Math.max(1, now.end - Math.max(epochSecond, now.start));
        return ((now.end - SINCE) << USED_BITS) | left;
    }

    /// When the period of `epochSecond` begins, when it ends, and when the one after it does.
    long[] periods(long epochSecond) {
        Window now = at(epochSecond);
        return new long[] {now.start, now.end, at(now.end).end};
    }

    private Window at(long epochSecond) {
        LocalDate day = Instant.ofEpochSecond(epochSecond).atZone(quota.zone()).toLocalDate();
        LocalDate first = quota.per() == Measure.Period.DAY ? day : day.withDayOfMonth(1);
        LocalDate next = quota.per() == Measure.Period.DAY ? day.plusDays(1) : first.plusMonths(1);
        return new Window(
                first.atStartOfDay(quota.zone()).toEpochSecond(),
                next.atStartOfDay(quota.zone()).toEpochSecond());
    }

    private static long end(long wordOrMoment) {
        return wordOrMoment >>> USED_BITS;
    }

    @Override
    public boolean free(long word, long moment) {
        return end(word) < end(moment);
    }

    private static long used(long word, long moment) {
        return end(word) < end(moment) ? 0 : word & USED;
    }

    static long whole(long thousandths) {
        return (thousandths + Charge.WHOLE - 1) / Charge.WHOLE;
    }

    @Override
    public long after(long word, long thousandths, long moment) {
        long cost = whole(thousandths);
        long used = used(word, moment);
        if (cost > quota.amount() || used + cost > quota.amount()) {
            return REFUSED;
        }
        return (Math.max(end(word), end(moment)) << USED_BITS) | (used + cost);
    }

    @Override
    long back(long word, long thousandths, long moment) {
        return end(word) < end(moment) ? word : word - Math.min(whole(thousandths), word & USED);
    }

    @Override
    long raised(long word, long used, long moment) {
        long end = Math.max(end(word), end(moment));
        return (end << USED_BITS) | Math.max(used(word, moment), Math.min(used, quota.amount()));
    }

    @Override
    void tell(long word, long moment, Charge charge, int part) {
        long used = used(word, moment);
        long left = TimeUnit.SECONDS.toNanos(moment & USED);
        charge.standing(
                part,
                Math.max(0, quota.amount() - used),
                used == 0 ? 0 : left,
                used + charge.cost(part) > quota.amount() ? left : 0);
    }
}
