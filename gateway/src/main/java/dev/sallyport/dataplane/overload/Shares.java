package dev.sallyport.dataplane.overload;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Who has how many places, by rank and caller, and who asked for how many. Each loop writes counts of its own; what
/// others read may be a moment old, which costs exactness and no lock.
///
/// Callers are told apart by one of so many slots, by a hash with a secret: two that meet in one have one share.
final class Shares {
    /// How many callers of one rank can be told apart.
    static final int SLOTS = 256;

    /// In the place of a slot: all of them.
    static final int ALL = SLOTS;

    /// In the place of a rank: places that callers in good standing have for certain.
    static final int FLOORS = Rank.COUNT;

    private static final int ROWS = Rank.COUNT + 1;

    private final int loops;
    private final AtomicReferenceArray<@Nullable Row> rows;
    private volatile int window;

    /// Counts of one loop and rank, the last of each array for all slots.
    private static final class Row {
        private final AtomicIntegerArray taken = new AtomicIntegerArray(SLOTS + 1);
        private final AtomicIntegerArray most = new AtomicIntegerArray(SLOTS + 1);
        private final AtomicIntegerArray arrived = new AtomicIntegerArray(SLOTS + 1);
        private volatile int window;

        private void begin(int now) {
            for (int i = 0; i <= SLOTS; i++) {
                most.setOpaque(i, taken.getPlain(i));
                arrived.setOpaque(i, 0);
            }
            window = now;
        }

        private void add(int slot, int change) {
            int now = taken.getPlain(slot) + change;
            // one writer: no read-modify-write is needed
            taken.setOpaque(slot, now);
            if (now > most.getPlain(slot)) {
                most.setOpaque(slot, now);
            }
        }
    }

    Shares(int loops) {
        this.loops = loops;
        this.rows = new AtomicReferenceArray<>(loops * ROWS);
    }

    private Row row(int loop, int rank) {
        int index = loop * ROWS + rank;
        Row row = rows.getPlain(index);
        if (row == null) {
            row = new Row();
            rows.setRelease(index, row);
        }
        int now = window;
        if (row.window != now) {
            row.begin(now);
        }
        return row;
    }

    /// A request asks for a place; on loop number `loop`.
    void arrived(int loop, int rank, int slot) {
        AtomicIntegerArray counts = row(loop, rank).arrived;
        counts.setOpaque(slot, counts.getPlain(slot) + 1);
        counts.setOpaque(ALL, counts.getPlain(ALL) + 1);
    }

    /// It has one.
    ///
    /// @param rank its rank, or [#FLOORS]
    void entered(int loop, int rank, int slot) {
        Row row = row(loop, rank);
        row.add(slot, 1);
        row.add(ALL, 1);
    }

    /// It needs it no more.
    void left(int loop, int rank, int slot) {
        Row row = row(loop, rank);
        row.add(slot, -1);
        row.add(ALL, -1);
    }

    /// How many places of `rank` (or [#FLOORS]) those in `slot` (or [#ALL]) have now; from any thread.
    int taken(int rank, int slot) {
        int sum = 0;
        for (int loop = 0; loop < loops; loop++) {
            Row row = rows.getAcquire(loop * ROWS + rank);
            if (row != null) {
                sum += row.taken.getOpaque(slot);
            }
        }
        return sum;
    }

    /// How many requests of `rank` asked for a place in this window.
    int arrivals(int rank) {
        int sum = 0;
        for (int loop = 0; loop < loops; loop++) {
            Row row = rows.getAcquire(loop * ROWS + rank);
            if (row != null && row.window == window) {
                sum += row.arrived.getOpaque(ALL);
            }
        }
        return sum;
    }

    /// How many places each caller could use, as far as this window tells: as many as it had at once, or as it would
    /// have
    /// had if each of its requests had taken `share` of the window.
    ///
    /// @param rank a rank, or [#FLOORS], where nobody arrives
    /// @return false when nobody asked
    boolean demand(int rank, double share, double[] bySlot) {
        boolean any = false;
        Arrays.fill(bySlot, 0);
        for (int slot = 0; slot < SLOTS; slot++) {
            int most = 0;
            int arrived = 0;
            for (int loop = 0; loop < loops; loop++) {
                Row row = rows.getAcquire(loop * ROWS + rank);
                if (row == null) {
                    continue;
                }
                boolean now = row.window == window;
                most += now ? row.most.getOpaque(slot) : row.taken.getOpaque(slot);
                arrived += now ? row.arrived.getOpaque(slot) : 0;
            }
            bySlot[slot] = Math.max(most, arrived * share);
            any |= bySlot[slot] > 0;
        }
        return any;
    }

    /// Begins another window.
    void nextWindow() {
        // whoever closes a window is alone, so that nothing is lost between reading and writing
        int next = window + 1;
        window = next;
    }
}
