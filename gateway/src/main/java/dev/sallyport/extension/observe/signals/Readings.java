package dev.sallyport.extension.observe.signals;

import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes the running totals of one round after the other and tells what came since the round before.
///
/// A series that went down, because some of what it counted is gone, counts nothing in that round; one that vanishes
/// is remembered for a while, so that it does not come back as a spike. Confined to one thread.
final class Readings implements MetricSink {
    /// Series that are remembered though no longer stated.
    private static final int MOST_VANISHED = 10_000;

    private static final double MICROS = 1e6;
    private static final Set<Metric> COUNTERS = Set.of(
            Metrics.SERVER_DURATION,
            Metrics.CLIENT_DURATION,
            Metrics.REQUESTS,
            Metrics.REQUEST_BODY,
            Metrics.RESPONSE_BODY,
            Metrics.REFUSALS,
            Metrics.MALFORMED,
            Metrics.UPSTREAM_ATTEMPTS,
            Metrics.UPSTREAM_CONNECT_FAILURES,
            Metrics.CONNECTIONS_ACCEPTED,
            Metrics.CONNECTIONS_REFUSED,
            Metrics.ACCESS_LOG_DROPPED,
            Metrics.ACCESS_LOG_WRITE_ERRORS,
            Metrics.AUDIT_LOG_DROPPED,
            Metrics.AUDIT_LOG_WRITE_ERRORS,
            Metrics.OTLP_DROPPED,
            Metrics.OTLP_FAILURES,
            Metrics.LOOP_LAG_MAX);
    private static final long[] NO_COUNTS = {};

    private final Codes codes;
    private final LinkedHashMap<Key, Total> totals = new LinkedHashMap<>();
    private final Map<Scope, Tally> round = new LinkedHashMap<>();
    private volatile double[] bounds = {};
    private int number;

    private record Key(Metric metric, List<String> labels) {}

    /// A series: what it is in this round and was in the one it was last stated in.
    private static final class Total {
        private double now;
        private double before;
        private long[] counts = NO_COUNTS;
        private long[] countsBefore = NO_COUNTS;
        private int statedIn;
    }

    /// A series that came further: by `amount`, with so many more in each bucket.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Step(Metric metric, List<String> labels, double amount, long[] counts) {
        String label(int index) {
            return labels.get(index);
        }

        long whole() {
            return Math.round(amount);
        }

        long micros() {
            return Math.round(amount * MICROS);
        }
    }

    Readings(Codes codes) {
        this.codes = codes;
    }

    /// The bounds of all histograms.
    double[] bounds() {
        return bounds;
    }

    Codes codes() {
        return codes;
    }

    /// What came in this round for `scope`.
    Tally of(Scope scope) {
        return round.computeIfAbsent(scope, _ -> new Tally());
    }

    void begin() {
        round.clear();
        number++;
    }

    private Total total(Metric metric, String[] labelValues) {
        Total total = totals.computeIfAbsent(new Key(metric, List.of(labelValues)), _ -> new Total());
        if (total.statedIn != number) {
            total.statedIn = number;
            total.now = 0;
            total.counts = new long[total.counts.length];
        }
        return total;
    }

    @Override
    public void value(Metric metric, double value, String... labelValues) {
        if (COUNTERS.contains(metric)) {
            total(metric, labelValues).now += value;
        } else {
            Meaning.level(this, metric, value, labelValues);
        }
    }

    @Override
    public void histogram(Metric metric, double[] upperBounds, long[] counts, double sum, String... labelValues) {
        if (!COUNTERS.contains(metric)) {
            return;
        }
        if (counts.length > Tally.BUCKETS) {
            throw new IllegalArgumentException(
                    "buckets: " + counts.length + " (expected: at most " + Tally.BUCKETS + ")");
        }
        bounds = upperBounds;
        Total total = total(metric, labelValues);
        total.now += sum;
        if (total.counts.length != counts.length) {
            total.counts = new long[counts.length];
        }
        for (int i = 0; i < counts.length; i++) {
            total.counts[i] += counts[i];
        }
    }

    /// What came since the last round, by scope.
    ///
    /// @param counting false for the very first round: what came before is nobody's business
    Map<Scope, Tally> end(boolean counting) {
        int vanished = 0;
        for (Map.Entry<Key, Total> entry : totals.entrySet()) {
            Total total = entry.getValue();
            if (total.statedIn != number) {
                vanished++;
                continue;
            }
            if (counting && !wentDown(total)) {
                step(entry.getKey(), total);
            }
            total.before = total.now;
            total.countsBefore = total.counts.clone();
        }
        if (vanished > MOST_VANISHED) {
            forget(vanished - MOST_VANISHED);
        }
        return round;
    }

    private static boolean wentDown(Total total) {
        if (total.now < total.before) {
            return true;
        }
        for (int i = 0; i < total.countsBefore.length; i++) {
            if (total.counts[i] < total.countsBefore[i]) {
                return true;
            }
        }
        return false;
    }

    private void step(Key key, Total total) {
        double amount = total.now - total.before;
        long[] counts = total.counts.clone();
        boolean any = amount > 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] -= total.countsBefore.length == 0 ? 0 : total.countsBefore[i];
            any |= counts[i] > 0;
        }
        if (any) {
            Meaning.step(this, new Step(key.metric(), key.labels(), amount, counts), total.now);
        }
    }

    /// Forgets some of the series that are no longer stated, those that were first met first.
    private void forget(int count) {
        int left = count;
        Iterator<Total> all = totals.values().iterator();
        while (left > 0 && all.hasNext()) {
            if (all.next().statedIn != number) {
                all.remove();
                left--;
            }
        }
    }
}
