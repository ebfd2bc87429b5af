package dev.sallyport.dataplane.behaviour.score;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// How much of all authentication fails, lately: credentials that are tried out by many, each for many accounts, show
/// here and nowhere else (threat AK-06). Any thread.
public final class SiegeWatch {
    private static final double HALF_LIFE = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong proven = new AtomicLong();
    private final AtomicBoolean on = new AtomicBoolean();

    /// Words of [Lane], for which it does not matter whose they are.
    private static final Lane LANE =
            new Lane(dev.sallyport.api.behaviour.Signal.FAILED_AUTHENTICATION, 1, (long) HALF_LIFE, 1e12);

    private static void add(AtomicLong word, double weight, long now) {
        long before;
        long after;
        do {
            before = word.get();
            after = LANE.after(before, Lane.cost(weight), now);
        } while (!word.compareAndSet(before, after));
    }

    /// Notes an attempt that failed.
    public void failed(long now) {
        add(failed, 1, now);
    }

    /// Notes attempts that did not.
    public void proven(int count, long now) {
        add(proven, count, now);
    }

    /// Attempts that failed lately.
    public double failures(long now) {
        return LANE.score(failed.get(), now);
    }

    /// The part of all attempts that failed lately.
    public double share(long now) {
        double failures = failures(now);
        return failures == 0 ? 0 : failures / (failures + LANE.score(proven.get(), now));
    }

    /// Whether somebody tries out credentials.
    public boolean on(Rules.Siege rules, long now) {
        // what fails is looked at first: it is one read where nothing does
        return failed.get() >= now && failures(now) >= rules.atLeast() && share(now) > rules.share();
    }

    /// Whether that is news.
    public boolean turned(boolean now) {
        return on.get() != now && on.compareAndSet(!now, now);
    }
}
