package dev.sallyport.extension.token.caller;

import dev.sallyport.api.identity.Principal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What was made of callers seen lately, one table per event loop: a look-up costs a few nanoseconds, takes no lock
/// and makes nothing. Bounded: a caller takes the place of one that was not seen for longer.
///
/// @param <T> what is made
public final class CallerTable<T> {
    private static final int WAYS = 4;

    private final int mask;
    private final @Nullable Entry<?>[][] tables;

    private record Entry<T>(Principal caller, T made) {}

    /// @param loops how many event loops there are
    /// @param most  callers remembered per loop, a power of two
    public CallerTable(int loops, int most) {
        if (Integer.bitCount(most) != 1 || most < WAYS) {
            throw new IllegalArgumentException("most: " + most + " (expected: a power of two)");
        }
        this.mask = most - WAYS;
        this.tables = new @Nullable Entry<?>[loops][most];
    }

    /// What was made of `caller`, or null; on the loop numbered `loop`.
    @SuppressWarnings("unchecked") // only entries of T are put
    public @Nullable T get(int loop, Principal caller) {
        @Nullable Entry<?>[] table = tables[loop];
        int at = place(caller);
        for (int i = at; i < at + WAYS; i++) {
            Entry<?> entry = table[i];
            if (entry != null && isSame(entry.caller, caller)) {
                if (i > at) {
                    // seen lately: others make room first
                    table[i] = table[i - 1];
                    table[i - 1] = entry;
                }
                return (T) entry.made;
            }
        }
        return null;
    }

    /// Remembers `made` of a caller that is not in the table; on the loop numbered `loop`.
    public void put(int loop, Principal caller, T made) {
        @Nullable Entry<?>[] table = tables[loop];
        int at = place(caller);
        System.arraycopy(table, at, table, at + 1, WAYS - 1);
        table[at] = new Entry<>(caller, made);
    }

    /// Mostly the very same object, as principals are shared by the requests that show the same credential.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Principal one, Principal other) {
        return one == other || one.equals(other);
    }

    private int place(Principal caller) {
        int hash = caller.id().hashCode() * 31
                + Objects.hashCode(caller.credential().id());
        return (hash ^ (hash >>> 15)) & mask;
    }
}
