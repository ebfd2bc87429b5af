package dev.sallyport.dataplane.loop;

import org.jspecify.annotations.Nullable;

/// A point in time after which something is to happen, unless it is moved or cleared before.
///
/// Moving it later costs one field write; that is why it, not a timer, is what connections and calls use per
/// request. Confined to the loop of its [Deadlines]. Fires up to one [Deadlines#TICK_NANOS] late, never early.
public abstract class Deadline {
    static final long NONE = Long.MAX_VALUE;

    long at = NONE;

    /// The tick it is on the wheel for, or −1 when it is not on it.
    long due = -1;

    @Nullable
    Deadline previous;

    @Nullable
    Deadline next;

    /// The time has come; the deadline is cleared and may be set anew.
    protected abstract void passed();

    /// Whether it is set.
    public final boolean isSet() {
        return at != NONE;
    }
}
