package dev.sallyport.extension.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// A bounded queue between threads that must not wait and one that may be slow: what does not fit is counted and
/// lost.
///
/// Any thread offers, one thread polls. Cursors stand a cache line and more apart, so that the two ends do not
/// slow each
/// other down.
public final class Ring<T> {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int TAIL = 16;

    /// A position of the head that producers have seen; the true one is never before it.
    private static final int SEEN_HEAD = 17;

    private static final int DROPPED = 18;
    private static final int HEAD = 40;

    private final long[] cursors = new long[56];
    private final AtomicReferenceArray<T> slots;
    private final int mask;

    /// @param capacity rounded up to a power of two
    public Ring(int capacity) {
        int size = Integer.highestOneBit(Math.max(2, capacity * 2 - 1));
        slots = new AtomicReferenceArray<>(size);
        mask = size - 1;
    }

    /// Adds `element`, or counts it as dropped and returns false when the ring is full.
    public boolean offer(T element) {
        while (true) {
            long tail = (long) LONGS.getOpaque(cursors, TAIL);
            if (tail - (long) LONGS.getOpaque(cursors, SEEN_HEAD) > mask) {
                long head = (long) LONGS.getAcquire(cursors, HEAD);
                if (tail - head > mask) {
                    LONGS.getAndAdd(cursors, DROPPED, 1L);
                    return false;
                }
                LONGS.setOpaque(cursors, SEEN_HEAD, head);
            }
            if (LONGS.weakCompareAndSet(cursors, TAIL, tail, tail + 1)) {
                slots.setRelease((int) tail & mask, element);
                return true;
            }
        }
    }

    /// Takes the oldest element, or returns null when there is none yet.
    public @Nullable T poll() {
        long head = (long) LONGS.getOpaque(cursors, HEAD);
        int slot = (int) head & mask;
        T element = slots.getAcquire(slot);
        if (element == null) {
            return null;
        }
        slots.setPlain(slot, null);
        LONGS.setRelease(cursors, HEAD, head + 1);
        return element;
    }

    /// How many more elements fit at least; exact for whoever alone offers.
    public long room() {
        long taken = (long) LONGS.getOpaque(cursors, TAIL) - (long) LONGS.getAcquire(cursors, HEAD);
        return mask + 1 - taken;
    }

    /// How many elements did not fit.
    public long dropped() {
        return (long) LONGS.getOpaque(cursors, DROPPED);
    }
}
