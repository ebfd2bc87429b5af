package dev.sallyport.extension.observe.signals;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What every route, upstream, listener and the gateway as a whole did in the last hours.
///
/// [#sample] takes the running totals and keeps what came since; everything else answers for stretches of time,
/// rounded to whole slices and never reaching back before there were signals. Any thread that may block.
@OffLoop("the sampler's thread and admin threads")
public final class Signals {
    private static final int MOST_SCOPES = 5_000;

    /// Slots that a late sample is spread over; what is later still counts as of its own time.
    private static final int MOST_LATE = 30;

    private final MetricSource source;
    private final Map<Scope, Timeline> timelines = new HashMap<>();
    private final Readings readings = new Readings(new Codes());
    private Resolution resolution;
    private boolean begun;
    private long firstSlot;
    private long lastSlot;
    private int kept;
    private int coarseKept;

    /// @param source states everything there is
    public Signals(MetricSource source, Resolution resolution) {
        this.source = source;
        this.resolution = resolution;
        this.kept = resolution.keep();
        this.coarseKept = resolution.coarse();
    }

    public synchronized Resolution resolution() {
        return resolution;
    }

    /// Forgets everything and goes on with another resolution, unless it is the same.
    public synchronized void resolution(Resolution next) {
        if (!next.equals(resolution)) {
            resolution = next;
            forget();
        }
    }

    private void forget() {
        timelines.clear();
        begun = false;
        kept = resolution.keep();
        coarseKept = resolution.coarse();
    }

    /// Takes the totals as they are at `now`, in milliseconds since 1970; at the ends of slices, by one thread.
    public void sample(long now) {
        // outside of the lock: a source may take its time
        readings.begin();
        source.collect(readings);
        synchronized (this) {
            record(now / resolution.fineMillis() - 1);
        }
    }

    private void record(long slot) {
        long late = slot - lastSlot;
        if (begun && late < -MOST_LATE) {
            forget(); // the clock was set back
        }
        Map<Scope, Tally> round = readings.end(begun);
        if (!begun) {
            begun = true;
            firstSlot = slot + 1;
            lastSlot = slot;
            return;
        }
        if (late <= 0) {
            record(lastSlot, 0, 1, round);
        } else {
            int slots = late > MOST_LATE ? 1 : (int) late;
            for (int i = 0; i < slots; i++) {
                record(slot - slots + 1 + i, i, slots, round);
            }
        }
    }

    private void record(long slot, int share, int slots, Map<Scope, Tally> round) {
        boolean folded = slot / resolution.fold() != lastSlot / resolution.fold();
        if (folded) {
            fold(lastSlot / resolution.fold());
        }
        lastSlot = slot;
        round.forEach((scope, tally) -> {
            Tally part = slots == 1 ? tally : tally.share(share, slots);
            if (!part.isEmpty()) {
                timeline(scope).add(slot, part);
            }
        });
        trim(folded);
    }

    private Timeline timeline(Scope scope) {
        Timeline known = timelines.get(scope);
        if (known != null) {
            return known;
        }
        Scope told = timelines.size() < MOST_SCOPES ? scope : new Scope(scope.kind(), Metrics.OTHER);
        return timelines.computeIfAbsent(told, _ -> new Timeline());
    }

    private void fold(long coarseSlot) {
        long from = coarseSlot * resolution.fold();
        timelines.values().forEach(timeline -> timeline.fold(coarseSlot, from, from + resolution.fold()));
    }

    /// Lets go of what is too old, and of more when memory does not suffice.
    ///
    /// @param folded whether a coarse slice was just made
    private void trim(boolean folded) {
        drop();
        if (octets() > resolution.octets()) {
            int least = 2 * resolution.fold();
            while (octets() > resolution.octets() && (kept > least || coarseKept > 1)) {
                if (kept > least) {
                    kept = Math.max(least, kept * 7 / 8);
                } else {
                    coarseKept = Math.max(1, coarseKept * 7 / 8);
                }
                drop();
            }
        } else if (octets() < resolution.octets() / 2) {
            kept = Math.min(resolution.keep(), kept + 1);
            coarseKept = Math.min(resolution.coarse(), coarseKept + (folded ? 1 : 0));
        }
    }

    private void drop() {
        long fine = fineFrom();
        long coarse = coarseFrom();
        timelines.values().removeIf(timeline -> {
            timeline.fine().dropBefore(fine);
            timeline.coarse().dropBefore(coarse);
            return timeline.isEmpty();
        });
    }

    /// The first slot whose fine slice is kept.
    private long fineFrom() {
        return Math.max(firstSlot, lastSlot + 1 - kept);
    }

    private long coarseFrom() {
        return Math.max(firstSlot / resolution.fold(), lastSlot / resolution.fold() - coarseKept);
    }

    /// About how much memory all slices take.
    public synchronized long octets() {
        long octets = 0;
        for (Timeline timeline : timelines.values()) {
            octets += timeline.octets();
        }
        return octets;
    }

    /// Everything that did anything in the time that is remembered.
    public synchronized List<Scope> scopes() {
        return timelines.keySet().stream().sorted().toList();
    }

    /// When the last slice ends, in milliseconds since 1970.
    public synchronized long end() {
        return (lastSlot + 1) * resolution.fineMillis();
    }

    /// For how long there have been signals, as far as they are remembered.
    public synchronized Duration remembered() {
        long from = Math.min(fineFrom(), Math.max(firstSlot, coarseFrom() * resolution.fold()));
        return Duration.ofMillis(Math.max(0, lastSlot + 1 - from) * resolution.fineMillis());
    }

    /// The last `back` of `scope`, until the end of the last slice.
    public synchronized Window last(Scope scope, Duration back) {
        return window(scope, end() - back.toMillis(), end());
    }

    /// The last `back` of every scope of one kind that did anything then.
    public synchronized Map<Scope, Window> last(Scope.Kind kind, Duration back) {
        Map<Scope, Window> all = new TreeMap<>();
        for (Scope scope : timelines.keySet()) {
            if (scope.kind() == kind) {
                Window window = last(scope, back);
                if (!window.isEmpty()) {
                    all.put(scope, window);
                }
            }
        }
        return all;
    }

    /// What `scope` did from `from` until before `to`, in milliseconds since 1970.
    public synchronized Window window(Scope scope, long from, long to) {
        long fineMillis = resolution.fineMillis();
        return slots(
                scope, Math.max(firstSlot, from / fineMillis), Math.min(lastSlot + 1, Math.ceilDiv(to, fineMillis)));
    }

    private Window slots(Scope scope, long from, long to) {
        int fold = resolution.fold();
        Tally sum = new Tally();
        Timeline timeline = timelines.get(scope);
        long begin = from;
        long fineBegin = from;
        if (from < fineFrom()) {
            // whole coarse slices up to where fine ones are whole again
            long coarseTo = Math.min(Math.ceilDiv(fineFrom(), fold), Math.ceilDiv(to, fold));
            long coarseBegin = Math.max(coarseFrom(), from / fold);
            begin = Math.max(firstSlot, coarseBegin * fold);
            fineBegin = coarseTo * fold;
            if (timeline != null) {
                Timeline.add(timeline.coarse(), coarseBegin, coarseTo, sum);
            }
        }
        long end = Math.max(begin, Math.max(to, fineBegin));
        if (timeline != null && fineBegin < to) {
            Timeline.add(timeline.fine(), fineBegin, to, sum);
        }
        long millis = resolution.fineMillis();
        return new Window(begin * millis, end * millis, sum, readings.codes(), readings.bounds());
    }

    /// What `scope` did from `from` until before `to`, cut in windows of `step`, oldest first. A step that is finer
    /// than what is remembered of that time is made coarser.
    public synchronized List<Window> slices(Scope scope, long from, long to, Duration step) {
        long fineMillis = resolution.fineMillis();
        long first = Math.max(firstSlot, from / fineMillis);
        long last = Math.min(lastSlot + 1, Math.ceilDiv(to, fineMillis));
        long width = Math.max(1, Math.ceilDiv(step.toMillis(), fineMillis));
        if (first < fineFrom()) {
            width = Math.ceilDiv(width, resolution.fold()) * resolution.fold();
            first = Math.max(first, coarseFrom() * resolution.fold());
        }
        List<Window> slices = new ArrayList<>();
        for (long slot = first / width * width; slot < last; slot += width) {
            slices.add(slots(scope, Math.max(first, slot), Math.min(last, slot + width)));
        }
        return slices;
    }
}
