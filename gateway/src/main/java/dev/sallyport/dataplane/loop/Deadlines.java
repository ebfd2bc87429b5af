package dev.sallyport.dataplane.loop;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The deadlines of one loop, on a wheel of coarse ticks.
///
/// A deadline that moves later stays where it is and is put right when its old slot comes round, so per-request
/// deadlines cost no queue operation. Confined to its loop, except [#lagNanos()] and [#maxLagNanos()].
public final class Deadlines {
    /// How far apart ticks are.
    public static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int SLOTS = 512;
    private static final int MEAN_TICKS = 64;
    private static final long LONGEST = Long.MAX_VALUE >> 1;

    private final @Nullable Deadline[] slots = new Deadline[SLOTS];
    private final long origin;
    private long tick;
    private volatile long lag;
    private volatile long maxLag;
    private volatile long meanLag;

    Deadlines() {
        this(System.nanoTime());
    }

    Deadlines(long origin) {
        this.origin = origin;
    }

    void start(EventLoop loop) {
        loop.scheduleAtFixedRate(this::onTick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    private void onTick() {
        onTick(System.nanoTime());
    }

    void onTick(long now) {
        long late = Math.max(0, now - origin - (tick + 1) * TICK_NANOS);
        long passed = (now - origin) / TICK_NANOS - tick;
        lag = late;
        if (late > maxLag) {
            maxLag = late;
        }
        // ticks that were missed were late by half as much, on average; those that catch up count for nothing
        long one = passed > 1 ? late / 2 : late;
        long before = meanLag;
        meanLag = before + (one - before) * Math.min(passed, MEAN_TICKS) / MEAN_TICKS;
        advance(now);
    }

    /// How late ticks were on average over the last second or so; from any thread.
    public long meanLagNanos() {
        return meanLag;
    }

    /// How late the last tick was; from any thread.
    public long lagNanos() {
        return lag;
    }

    /// How late the latest tick since the start was; from any thread.
    public long maxLagNanos() {
        return maxLag;
    }

    /// Sets or moves `deadline`.
    ///
    /// @param now   [System#nanoTime()]
    /// @param delay nanoseconds from now; [Long#MAX_VALUE] is as good as never
    public void set(Deadline deadline, long now, long delay) {
        long at = now - origin + Math.clamp(delay, 0, LONGEST);
        if (deadline.due >= 0 && at / TICK_NANOS + 1 >= deadline.due) {
            deadline.at = at;
            return;
        }
        unlink(deadline);
        deadline.at = at;
        link(deadline);
    }

    /// Makes `deadline` never pass.
    public void clear(Deadline deadline) {
        deadline.at = Deadline.NONE;
    }

    private void link(Deadline deadline) {
        long due = Math.max(tick + 1, Math.min(deadline.at / TICK_NANOS + 1, tick + SLOTS - 1));
        int slot = (int) (due % SLOTS);
        Deadline head = slots[slot];
        deadline.due = due;
        deadline.previous = null;
        deadline.next = head;
        if (head != null) {
            head.previous = deadline;
        }
        slots[slot] = deadline;
    }

    private void unlink(Deadline deadline) {
        if (deadline.due < 0) {
            return;
        }
        Deadline before = deadline.previous;
        Deadline after = deadline.next;
        if (before == null) {
            slots[(int) (deadline.due % SLOTS)] = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        deadline.due = -1;
        deadline.previous = null;
        deadline.next = null;
    }

    /// Lets every deadline pass that is due at `now`.
    void advance(long now) {
        long target = (now - origin) / TICK_NANOS;
        while (tick < target) {
            tick++;
            int slot = (int) (tick % SLOTS);
            Deadline due = slots[slot];
            slots[slot] = null;
            while (due != null) {
                Deadline following = due.next;
                due.due = -1;
                due.previous = null;
                due.next = null;
                if (following != null) {
                    following.previous = null;
                }
                if (due.at == Deadline.NONE) {
                    // cleared: it simply leaves the wheel
                } else if (due.at / TICK_NANOS < tick) {
                    due.at = Deadline.NONE;
                    // relink the rest first: what passes may set, move or unlink any other deadline
                    slots[slot] = following;
                    due.passed();
                    following = slots[slot];
                    slots[slot] = null;
                } else {
                    link(due);
                }
                due = following;
            }
        }
    }
}
