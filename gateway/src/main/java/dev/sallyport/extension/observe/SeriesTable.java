package dev.sallyport.extension.observe;

import dev.sallyport.telemetry.Metrics;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The series of one event loop, found without locks and without garbage; their number is bounded (threat LG-05).
///
/// The loop alone changes the table; any thread may walk through it. `RecordBenchmark` says what a look-up costs.
final class SeriesTable {
    private static final int SMALLEST = 64;

    private final int most;
    private final Cells overflowed = new Cells(1);
    private volatile @Nullable Series[] slots = new Series[SMALLEST];
    private int size;
    private Kept kept = Kept.ALL;

    /// @param most series, after which requests are counted by status alone, as of [Metrics#OTHER]
    SeriesTable(int most) {
        this.most = most;
    }

    /// The series of requests that went like this; on the loop.
    ///
    /// @param wanted whose series stay; when it changed, the others are let go
    Series find(
            Kept wanted,
            String owner,
            String path,
            String method,
            int status,
            Outcome outcome,
            @Nullable String reason) {
        if (wanted != kept) {
            prune(wanted);
        }
        @Nullable Series[] table = slots;
        int mask = table.length - 1;
        int slot = hash(owner, method, status, outcome, reason) & mask;
        Series series;
        while ((series = table[slot]) != null) {
            Series.Key key = series.key();
            if (key.status() == status
                    && key.owner().equals(owner)
                    && key.method().equals(method)
                    && key.outcome() == outcome
                    && (reason == null ? key.reason() == null : reason.equals(key.reason()))
                    && key.path().equals(path)) {
                return series;
            }
            slot = (slot + 1) & mask;
        }
        return begin(wanted, new Series.Key(owner, path, method, status, outcome, reason));
    }

    private Series begin(Kept wanted, Series.Key key) {
        if (size >= most && !key.owner().equals(Metrics.OTHER)) {
            overflowed.add(0, 1);
            int status = key.status() >= 100 && key.status() <= 599 ? key.status() : 0;
            return find(wanted, Metrics.OTHER, "", Metrics.OTHER, status, Outcome.ALLOWED, null);
        }
        if (size * 2 >= slots.length) {
            rebuild(slots.length * 2, wanted);
        }
        Series series = new Series(key, wanted);
        insert(slots, series);
        size++;
        publish();
        return series;
    }

    @SuppressWarnings("SelfAssignment") // makes a new element of the array visible to other threads
    private void publish() {
        slots = slots;
    }

    private void prune(Kept wanted) {
        kept = wanted;
        rebuild(SMALLEST, wanted);
    }

    private void rebuild(int length, Kept wanted) {
        @Nullable Series[] old = slots;
        int staying = 0;
        for (Series series : old) {
            if (series != null && wanted.keeps(series.key().owner())) {
                staying++;
            }
        }
        int needed = length;
        while (staying * 2 >= needed) {
            needed *= 2;
        }
        @Nullable Series[] table = new Series[needed];
        for (Series series : old) {
            if (series != null && wanted.keeps(series.key().owner())) {
                insert(table, series);
            }
        }
        size = staying;
        slots = table;
    }

    private static void insert(@Nullable Series[] table, Series series) {
        Series.Key key = series.key();
        int mask = table.length - 1;
        int slot = hash(key.owner(), key.method(), key.status(), key.outcome(), key.reason()) & mask;
        while (table[slot] != null) {
            slot = (slot + 1) & mask;
        }
        table[slot] = series;
    }

    @SuppressWarnings("EnumOrdinal") // never stored or sent
    private static int hash(String owner, String method, int status, Outcome outcome, @Nullable String reason) {
        int hash = owner.hashCode() * 31 + method.hashCode();
        hash = hash * 31 + (reason == null ? outcome.ordinal() : reason.hashCode());
        hash = hash * 31 + status;
        return hash ^ (hash >>> 15);
    }

    /// Shows every series that began under `wanted` or belongs to what is kept; on any thread.
    void forEach(Kept wanted, Consumer<Series> reader) {
        for (Series series : slots) {
            if (series != null
                    && (series.since() == wanted || wanted.keeps(series.key().owner()))) {
                reader.accept(series);
            }
        }
    }

    /// How many requests were counted by status alone.
    long overflowed() {
        return overflowed.get(0);
    }
}
