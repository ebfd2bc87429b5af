package dev.sallyport.extension.observe.anomaly;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.source.Conduct;
import dev.sallyport.extension.observe.source.Sources;
import dev.sallyport.extension.observe.source.Sources.Activity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// Looks at who was refused in the last ten minutes. Confined to one thread.
@OffLoop("the sampler's thread")
final class SourceWatch {
    private static final Duration BACK = Sources.REMEMBERED;
    private static final int MANY_ACCOUNTS = 12;
    private static final int FEW_TRIES = 5;
    private static final int MANY_PATHS = 25;
    private static final int MANY_NETWORKS = 25;
    private static final double FAR = 6;
    private static final int ENOUGH = 30;
    private static final int MOST_HISTORY = 180;
    private static final int MOST_FINDINGS = 50;
    private static final int EXAMPLES = 5;

    private final Sources sources;
    private final Deque<Integer> networks = new ArrayDeque<>();

    SourceWatch(Sources sources) {
        this.sources = sources;
    }

    /// What is unlike decent use at `now`; once a minute.
    List<Finding> look(Instant now) {
        List<Finding> findings = new ArrayList<>();
        List<Activity> failing = sources.active(Conduct.UNAUTHENTICATED, true, BACK, 1);
        for (Activity activity : failing) {
            long tries = activity.get(Conduct.UNAUTHENTICATED);
            if (activity.accounts() >= MANY_ACCOUNTS
                    && tries <= (long) FEW_TRIES * activity.accounts()
                    && findings.size() < MOST_FINDINGS) {
                findings.add(new Finding(
                        Finding.Kind.PASSWORD_SPRAYING,
                        activity.key().toString(),
                        now,
                        (double) activity.accounts() / MANY_ACCOUNTS,
                        String.format(
                                Locale.ROOT,
                                "about %d different accounts or credentials were tried %d times in ten minutes",
                                activity.accounts(),
                                tries),
                        List.of(activity.request())));
            }
        }
        distributed(failing, now, findings);
        for (Activity activity : sources.active(Conduct.NOT_FOUND, true, BACK, MANY_PATHS)) {
            if (activity.paths() >= MANY_PATHS && findings.size() < 2 * MOST_FINDINGS) {
                findings.add(new Finding(
                        Finding.Kind.SCANNING,
                        activity.key().toString(),
                        now,
                        (double) activity.paths() / MANY_PATHS,
                        String.format(
                                Locale.ROOT,
                                "asked %d times for about %d different things that are not there in ten minutes",
                                activity.get(Conduct.NOT_FOUND),
                                activity.paths()),
                        List.of(activity.request())));
            }
        }
        return findings;
    }

    private void distributed(List<Activity> failing, Instant now, List<Finding> findings) {
        int count = failing.size();
        if (networks.size() >= ENOUGH && count >= MANY_NETWORKS) {
            double[] counts =
                    networks.stream().mapToDouble(Integer::doubleValue).toArray();
            Robust usual = Robust.of(counts, 1);
            Robust atLeast = new Robust(usual.median(), Math.max(usual.spread(), Math.sqrt(usual.median())));
            double far = atLeast.above(count) / FAR;
            if (far > 1) {
                findings.add(new Finding(
                        Finding.Kind.DISTRIBUTED_LOGINS,
                        "gateway",
                        now,
                        far,
                        String.format(
                                Locale.ROOT,
                                "%d networks failed to authenticate in ten minutes, usually %.0f: %.0f spreads away",
                                count,
                                usual.median(),
                                far * FAR),
                        failing.stream().limit(EXAMPLES).map(Activity::request).toList()));
                return; // not learnt as usual
            }
        }
        networks.addLast(count);
        if (networks.size() > MOST_HISTORY) {
            networks.removeFirst();
        }
    }
}
