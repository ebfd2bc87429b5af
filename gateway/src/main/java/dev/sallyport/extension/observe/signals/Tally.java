package dev.sallyport.extension.observe.signals;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// Figures of one stretch of time, being added up. Most are nothing, and are not written down: [#encoded] has a pair
/// of numbers for each other one. Confined to one thread.
final class Tally {
    /// Buckets of a distribution that there is room for.
    static final int BUCKETS = 32;

    private static final Figure[] FIGURES = Figure.values();
    private static final int SERVED = FIGURES.length;
    private static final int FAILED = SERVED + BUCKETS;
    private static final int CODES = FAILED + BUCKETS;

    private long[] cells = new long[CODES];
    private int used = CODES;

    private void room(int cell) {
        if (cell >= cells.length) {
            cells = Arrays.copyOf(cells, Math.max(cell + 8, cells.length + 16));
        }
        used = Math.max(used, cell + 1);
    }

    @SuppressWarnings("EnumOrdinal") // never leaves this process
    long get(Figure figure) {
        return cells[figure.ordinal()];
    }

    @SuppressWarnings("EnumOrdinal")
    void add(Figure figure, long amount) {
        cells[figure.ordinal()] += amount;
    }

    @SuppressWarnings("EnumOrdinal")
    void raise(Figure figure, long level) {
        cells[figure.ordinal()] = Math.max(cells[figure.ordinal()], level);
    }

    void addServed(long[] counts) {
        add(SERVED, counts);
    }

    void addFailed(long[] counts) {
        add(FAILED, counts);
    }

    private void add(int from, long[] counts) {
        for (int i = 0; i < counts.length; i++) {
            cells[from + i] += counts[i];
        }
    }

    long[] served(int buckets) {
        return Arrays.copyOfRange(cells, SERVED, SERVED + buckets);
    }

    long[] failed(int buckets) {
        return Arrays.copyOfRange(cells, FAILED, FAILED + buckets);
    }

    void addCode(int number, long amount) {
        room(CODES + number);
        cells[CODES + number] += amount;
    }

    long code(int number) {
        return CODES + number < used ? cells[CODES + number] : 0;
    }

    /// Shows every code that was counted.
    void codes(IntConsumer reader) {
        for (int cell = CODES; cell < used; cell++) {
            if (cells[cell] != 0) {
                reader.accept(cell - CODES);
            }
        }
    }

    boolean isEmpty() {
        for (int cell = 0; cell < used; cell++) {
            if (cells[cell] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean level(int cell) {
        return cell < FIGURES.length && FIGURES[cell].level();
    }

    /// The part that falls to slot `index` of `slots` when all counts came evenly; levels are everywhere the same.
    Tally share(int index, int slots) {
        Tally share = new Tally();
        for (int cell = 0; cell < used; cell++) {
            long whole = cells[cell];
            if (whole != 0) {
                share.room(cell);
                share.cells[cell] = level(cell) ? whole : whole * (index + 1) / slots - whole * index / slots;
            }
        }
        return share;
    }

    /// Pairs of distance to the previous cell and value, in base 128.
    byte[] encoded() {
        byte[] out = new byte[64];
        int length = 0;
        int before = -1;
        for (int cell = 0; cell < used; cell++) {
            if (cells[cell] > 0) {
                if (length + 20 > out.length) {
                    out = Arrays.copyOf(out, out.length * 2);
                }
                length = write(out, length, cell - before);
                length = write(out, length, cells[cell]);
                before = cell;
            }
        }
        return Arrays.copyOf(out, length);
    }

    private static int write(byte[] out, int at, long value) {
        long left = value;
        int i = at;
        while (left >= 0x80) {
            out[i++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        out[i++] = (byte) left;
        return i;
    }

    /// Adds what was [#encoded].
    void merge(byte[] encoded) {
        int at = 0;
        int cell = -1;
        while (at < encoded.length) {
            long distance = 0;
            int shift = 0;
            byte octet;
            do {
                octet = encoded[at++];
                distance |= (long) (octet & 0x7f) << shift;
                shift += 7;
            } while (octet < 0);
            long value = 0;
            shift = 0;
            do {
                octet = encoded[at++];
                value |= (long) (octet & 0x7f) << shift;
                shift += 7;
            } while (octet < 0);
            cell += (int) distance;
            room(cell);
            cells[cell] = level(cell) ? Math.max(cells[cell], value) : cells[cell] + value;
        }
    }
}
