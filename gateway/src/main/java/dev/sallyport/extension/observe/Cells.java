package dev.sallyport.extension.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Counters that one thread writes without a lock or an atomic instruction, and any thread may read a moment
/// later.
final class Cells {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] values;

    Cells(int count) {
        values = new long[count];
    }

    /// By the one writing thread.
    void add(int index, long amount) {
        LONGS.setOpaque(values, index, values[index] + amount);
    }

    /// By any thread.
    long get(int index) {
        return (long) LONGS.getOpaque(values, index);
    }
}
