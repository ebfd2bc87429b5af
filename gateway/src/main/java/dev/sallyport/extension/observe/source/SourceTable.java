package dev.sallyport.extension.observe.source;

import dev.sallyport.api.identity.Principal;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What sources did that one event loop refused, for a few seconds. Of fixed size: what finds no room is counted
/// together (threat LG-05). The loop alone writes; others read when it no longer does.
final class SourceTable {
    static final int ROOM = 2_048;
    private static final int MASK = 2 * ROOM - 1;

    private final @Nullable SourceCount[] slots = new SourceCount[MASK + 1];
    private int size;
    private long overflowed;

    /// The counts of a source, or null when there is no room.
    @Nullable
    SourceCount find(long network, @Nullable Principal caller) {
        int slot = hash(network, caller) & MASK;
        SourceCount count;
        while ((count = slots[slot]) != null) {
            if (count.is(network, caller)) {
                return count;
            }
            slot = (slot + 1) & MASK;
        }
        if (size == ROOM) {
            overflowed++;
            return null;
        }
        count = new SourceCount(network, caller);
        slots[slot] = count;
        size++;
        return count;
    }

    private static int hash(long network, @Nullable Principal caller) {
        long mixed = (caller == null ? network : caller.id().hashCode()) * 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 40);
    }

    boolean isEmpty() {
        return size == 0 && overflowed == 0;
    }

    long overflowed() {
        return overflowed;
    }

    void forEach(Consumer<SourceCount> reader) {
        for (SourceCount count : slots) {
            if (count != null) {
                reader.accept(count);
            }
        }
    }

    void clear() {
        Arrays.fill(slots, null);
        size = 0;
        overflowed = 0;
    }
}
