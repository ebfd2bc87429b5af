package dev.sallyport.dataplane.overload;

/// Finds how many requests an upstream serves well at once, by what its latency does when there are more or fewer.
/// Told window after window of time; keeps no clock. Used by one thread at a time.
///
/// Latency is the median of a window, so that whoever makes a minority of calls slow moves nothing (threat RL-12). Up
/// to
/// [#CALM] times the typical latency the limit grows while it is used, above [#TENSE] times it shrinks; between them
/// it stays, so that it does not flap. What is typical is put to the test, rather than believed:
/// - A reduction that does not make calls faster did not cure the cause: it is taken back, and what is typical is
///   revised upwards, half of the way, and the whole way when that was the third in a row.
/// - A limit that is always used up is lowered for a moment now and then: calls that get faster show that even what
/// seemed
///   typical was a queue.
final class Gradient {
    /// As many times the typical latency is no reason for concern.
    static final double CALM = 1.2;

    /// More times the typical latency is a queue.
    static final double TENSE = 1.5;

    private static final double STEEPEST = 0.7;
    private static final double USED = 0.8;
    private static final double PROBED = 0.5;
    private static final double CLEARLY_FASTER = 0.9;
    private static final double RISE_PER_WINDOW = 0.002;
    private static final double FALL_PER_WINDOW = 0.3;
    private static final double HARDLY_FASTER = 0.93;
    private static final double CLEARLY_FEWER = 0.85;
    private static final int FRUITLESS = 3;
    private static final int SHORTLY = 10;
    private static final int LONGEST = 160;

    private final Bounds bounds;
    private double limit;
    private double typical;
    private int usedWindows;
    private int nextProbe = SHORTLY;
    private Experiment experiment = Experiment.NONE;
    private int elapsed;
    private double limitBefore;
    private int peakBefore;
    private double latencyBefore;
    private int fruitless;

    /// What is being tried.
    private enum Experiment {
        NONE,
        /// The limit was lowered because of latency.
        LOWERED,
        /// The limit is lower for a moment, though nothing seems wrong.
        PROBE
    }

    Gradient(Bounds bounds) {
        this.bounds = bounds;
        this.limit = bounds.middle();
    }

    /// How many requests at once there may be now.
    int limit() {
        return (int) (experiment == Experiment.PROBE ? Math.max(bounds.min(), limit * PROBED) : limit);
    }

    /// The latency without a queue as far as is known, in nanoseconds; 0 until there was any.
    long typicalNanos() {
        return (long) typical;
    }

    /// A window is over.
    ///
    /// @param median  what half of its calls took at most, in nanoseconds, above 0
    /// @param peak    how many requests there were at once, at most
    /// @param used    whether some were refused
    /// @param failing whether most of the calls failed, so that their times say nothing
    void window(long median, int peak, boolean used, boolean failing) {
        if (typical == 0) {
            typical = median;
        }
        elapsed++;
        boolean usedUp = used || peak >= limit() * USED;
        usedWindows = usedUp ? usedWindows + 1 : 0;
        if (!bounds.adaptive()) {
            follow(median);
            return;
        }
        switch (experiment) {
            case LOWERED -> lowered(median, peak);
            case PROBE -> probed(median);
            case NONE -> free(median, peak, usedUp, failing);
        }
    }

    private void follow(long median) {
        typical += (median - typical) * (median < typical ? FALL_PER_WINDOW : RISE_PER_WINDOW);
    }

    private void free(long median, int peak, boolean usedUp, boolean failing) {
        double ratio = median / typical;
        if (ratio > TENSE) {
            lower(median, peak, ratio);
            return;
        }
        follow(median);
        if (!usedUp) {
            return;
        }
        if (usedWindows >= nextProbe) {
            begin(Experiment.PROBE, median, peak);
        } else if (ratio <= CALM && !failing) {
            limit = Math.min(bounds.max(), limit + Math.max(1, Math.sqrt(limit) / 2));
        }
    }

    private void lower(long median, int peak, double ratio) {
        begin(Experiment.LOWERED, median, peak);
        double share = Math.max(STEEPEST, TENSE / ratio);
        limit = Math.max(bounds.min(), Math.min(limit, peak) * share);
    }

    private void begin(Experiment begun, long median, int peak) {
        experiment = begun;
        elapsed = 0;
        limitBefore = limit;
        peakBefore = peak;
        latencyBefore = median;
    }

    /// The first window after a change still has calls from before it.
    private void lowered(long median, int peak) {
        if (elapsed < 2) {
            return;
        }
        experiment = Experiment.NONE;
        boolean atTheBottom = limit <= bounds.min();
        boolean tried = peak <= peakBefore * CLEARLY_FEWER;
        if (median > latencyBefore * HARDLY_FASTER && (tried || atTheBottom)) {
            fruitless++;
            typical = fruitless < FRUITLESS ? Math.sqrt(typical * median) : median;
            limit = limitBefore;
        } else {
            fruitless = 0;
        }
    }

    private void probed(long median) {
        if (elapsed < 2) {
            return;
        }
        experiment = Experiment.NONE;
        usedWindows = 0;
        // seldom, once it finds nothing
        nextProbe = median < typical * CLEARLY_FASTER ? SHORTLY : Math.min(2 * nextProbe, LONGEST);
        typical = median < typical ? median : Math.sqrt(typical * median);
    }
}
