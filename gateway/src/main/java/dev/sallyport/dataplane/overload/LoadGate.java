package dev.sallyport.dataplane.overload;

import dev.sallyport.api.traffic.Priority;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/// Bounds how many requests one upstream has at once, and says who gets the places when there are too few: by rank,
/// fair
/// between callers. One for all loops; survives reloads with its upstream. A request costs two atomic operations and a
/// few plain ones.
///
/// Time is cut into windows of at least [#WINDOW]. Whoever comes first after one is over closes it: finds the limit
/// and the levels of the next; all others go on meanwhile.
public final class LoadGate {
    /// In the place of a ticket: the limit is reached.
    public static final int FULL = -1;

    /// In the place of a ticket: the caller has its share, and there is not enough for more.
    public static final int ABOVE_SHARE = -2;

    static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);
    private static final int FEWEST = 16;
    private static final int FEW = 4;
    private static final double FORGOTTEN_PER_WINDOW = 0.05;
    private static final int CONTENDED_FOR = 5;
    private static final int IN_USE_FOR = 600;
    private static final int PRIORITIES = Priority.values().length;
    private static final int ANSWERED = 2 * PRIORITIES;
    private static final int FAILED = ANSWERED + 1;

    private final Bounds bounds;
    private final Gradient gradient;
    private final Latencies latencies;
    private final Shares shares;
    private final Division division = new Division();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLongArray[] counts;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile Levels levels;
    private volatile long windowEnd;
    private volatile long typical;
    private volatile boolean begun;
    private int peak;

    // of whoever closes a window
    private final int[] lastSeen = new int[Rank.COUNT];
    private long windowStart;
    private long latenciesSince;
    private long refusedBefore;
    private long answeredBefore;
    private long failedBefore;
    private int windows = IN_USE_FOR + 1;
    private int contended;
    private boolean used;
    private double lately;

    /// @param loops how many event loops there are
    public LoadGate(Bounds bounds, int loops) {
        this.bounds = bounds;
        this.gradient = new Gradient(bounds);
        this.latencies = new Latencies(loops);
        this.shares = new Shares(loops);
        this.levels = Levels.calm(gradient.limit(), 0);
        this.counts = new AtomicLongArray[loops];
        for (int i = 0; i < loops; i++) {
            counts[i] = new AtomicLongArray(FAILED + 1);
        }
    }

    public Bounds bounds() {
        return bounds;
    }

    /// Asks for a place; on loop number `loop`.
    ///
    /// @param slot the caller's, below [Shares#SLOTS]
    /// @param now  [System#nanoTime()]
    /// @return a ticket to be [given back][#giveBack] on the same loop, or [#FULL] or [#ABOVE_SHARE]
    public int take(int loop, int rank, int slot, long now) {
        if (!begun || now - windowEnd >= 0) {
            close(now);
        }
        shares.arrived(loop, rank, slot);
        int total = taken.incrementAndGet();
        int ticket = judge(levels, rank, slot, total);
        if (ticket < 0) {
            taken.decrementAndGet();
            count(loop, (ticket == FULL ? 0 : PRIORITIES) + Rank.priority(rank));
            return ticket;
        }
        if (total > peak) {
            // a lost race loses a number that is nearly the same
            peak = total;
        }
        shares.entered(loop, ticket / Shares.SLOTS, slot);
        return ticket;
    }

    private int judge(Levels now, int rank, int slot, int total) {
        if (now.contended()
                && Rank.knownGood(rank)
                && total <= bounds.max()
                && shares.taken(Shares.FLOORS, slot) < now.floor()
                && shares.taken(Shares.FLOORS, Shares.ALL) < now.floors()) {
            // even when others still hold more than a limit that went down
            return Shares.FLOORS * Shares.SLOTS + slot;
        }
        // what few others left free within a window is for whoever comes
        if (now.contended() && total > now.limit() / 2) {
            if (shares.taken(rank, slot) >= now.caps()[rank]) {
                return ABOVE_SHARE;
            }
            if (shares.taken(rank, Shares.ALL) >= now.quotas()[rank]) {
                return FULL;
            }
        }
        return total > now.ceilings()[rank] ? FULL : rank * Shares.SLOTS + slot;
    }

    /// Gives a place back; on the loop it was taken on, once.
    public void giveBack(int loop, int ticket) {
        taken.decrementAndGet();
        shares.left(loop, ticket / Shares.SLOTS, ticket % Shares.SLOTS);
    }

    /// The upstream took so long to answer, or to answer not at all in time.
    public void answered(int loop, long nanos) {
        latencies.add(loop, nanos);
        count(loop, ANSWERED);
    }

    /// The upstream could not serve a request, so that how long that took says nothing.
    public void failed(int loop) {
        count(loop, FAILED);
    }

    private void count(int loop, int what) {
        AtomicLongArray mine = counts[loop];
        // one writer: no read-modify-write is needed
        mine.setOpaque(what, mine.getPlain(what) + 1);
    }

    private long counted(int from, int to) {
        long sum = 0;
        for (AtomicLongArray loop : counts) {
            for (int i = from; i < to; i++) {
                sum += loop.getOpaque(i);
            }
        }
        return sum;
    }

    private void close(long now) {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        try {
            if (!begun) {
                begin(now);
            } else if (now - windowEnd >= 0) {
                long median = measure(now);
                levels = divide(now, median);
                windowStart = now;
                windowEnd = now + Math.clamp(2 * median, WINDOW, LONGEST);
            }
        } finally {
            closing.set(false);
        }
    }

    private void begin(long now) {
        windowStart = now;
        latenciesSince = now;
        windowEnd = now + WINDOW;
        begun = true;
    }

    /// Has the limit follow what was measured, once that is enough to say anything.
    private long measure(long now) {
        long refused = counted(0, ANSWERED);
        used |= refused > refusedBefore;
        // a window that nobody closed for long stands for as many as it could have been
        long passed = Math.max(1, (now - windowStart) / Math.max(WINDOW, windowEnd - windowStart));
        contended = refused > refusedBefore && passed < CONTENDED_FOR
                ? CONTENDED_FOR
                : (int) Math.max(0, contended - passed);
        refusedBefore = refused;
        latencies.gather();
        long median = latencies.median();
        int enough = now - latenciesSince >= LONGEST ? FEW : FEWEST;
        if (latencies.count() >= enough) {
            long answered = counted(ANSWERED, FAILED);
            long failed = counted(FAILED, FAILED + 1);
            boolean failing = failed - failedBefore > answered - answeredBefore;
            answeredBefore = answered;
            failedBefore = failed;
            gradient.window(median, peak, used, failing);
            latencies.forget();
            latenciesSince = now;
            peak = taken.get();
            used = false;
        }
        long known = gradient.typicalNanos();
        typical = known;
        return Math.max(median, known);
    }

    private Levels divide(long now, long median) {
        windows++;
        int inUse = 0;
        for (int rank = 0; rank < Rank.COUNT; rank++) {
            if (shares.arrivals(rank) > 0) {
                lastSeen[rank] = windows;
            }
            if (windows - lastSeen[rank] < IN_USE_FOR) {
                inUse |= 1 << rank;
            }
        }
        int limit = gradient.limit();
        lately = Math.max(limit, lately + (limit - lately) * FORGOTTEN_PER_WINDOW);
        double share = median / (double) Math.max(1, now - windowStart);
        Levels next;
        if (contended == 0) {
            division.forget();
            next = Levels.calm(limit, inUse);
        } else {
            next = division.of(shares, bounds, limit, (int) lately, share, inUse);
        }
        shares.nextWindow();
        return next;
    }

    // ---- figures, for any thread

    /// How many requests at once there may be now.
    public int limit() {
        return levels.limit();
    }

    /// How many there are.
    public int taken() {
        return taken.get();
    }

    /// How long the upstream takes to answer when it is not busy, in nanoseconds; 0 until that is known.
    public long typicalNanos() {
        return typical;
    }

    /// How many requests were refused so far.
    public long refused() {
        return counted(0, ANSWERED);
    }

    /// How many requests of a route's priority were refused so far.
    ///
    /// @param why [#FULL] or [#ABOVE_SHARE]
    @SuppressWarnings("EnumOrdinal") // an index of this process
    public long refused(Priority priority, int why) {
        int index = (why == FULL ? 0 : PRIORITIES) + priority.ordinal();
        return counted(index, index + 1);
    }
}
