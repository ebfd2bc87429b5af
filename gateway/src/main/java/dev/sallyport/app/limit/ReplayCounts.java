package dev.sallyport.app.limit;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.dataplane.limit.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a replay counts. Confined to one thread.
public final class ReplayCounts {
    /// Keys of one limit that are told apart.
    private static final int MOST_KEYS = 100_000;

    private static final String OTHERS = "(others)";

    long unread;
    long unrouted;
    long stopped;
    long unknownCallers;
    long undecided;
    long leftOut;
    long sampledOut;
    long passed;
    private @Nullable Instant first;
    private @Nullable Instant last;
    private final Map<String, PerLimit> limits = new LinkedHashMap<>();

    /// What one limit said.
    static final class PerLimit {
        long asked;
        long refused;
        long wouldRefuse;
        final Map<String, Long> keys = new HashMap<>();
        private final Map<String, Long> askedKeys = new HashMap<>();

        private static void count(Map<String, Long> keys, String key) {
            keys.merge(keys.size() < MOST_KEYS || keys.containsKey(key) ? key : OTHERS, 1L, Long::sum);
        }

        /// The keys that were refused most often.
        List<Map.Entry<String, Long>> most(int count) {
            return keys.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(count)
                    .toList();
        }

        int distinct() {
            return askedKeys.size();
        }
    }

    PerLimit of(Limit limit) {
        return limits.computeIfAbsent(limit.name(), _ -> new PerLimit());
    }

    void saw(Instant at) {
        if (first == null) {
            first = at;
        }
        last = at;
    }

    Duration span() {
        return first == null || last == null ? Duration.ZERO : Duration.between(first, last);
    }

    long requests() {
        long requests = passed + stopped + unknownCallers + undecided;
        for (PerLimit one : limits.values()) {
            requests += one.refused;
        }
        return requests;
    }

    void asked(Limit limit, Exchange exchange) {
        if (limit.counts(exchange.request().method())) {
            PerLimit counts = of(limit);
            counts.asked++;
            PerLimit.count(counts.askedKeys, limit.keyText(exchange));
        }
    }

    void refused(List<Limit> by, Exchange exchange) {
        for (Limit limit : by) {
            if (limit.name().equals(exchange.limitedBy())) {
                PerLimit counts = of(limit);
                counts.refused++;
                PerLimit.count(counts.keys, limit.keyText(exchange));
                return;
            }
        }
        undecided++;
    }

    void passed(Exchange exchange) {
        passed++;
        if (!exchange.shadowLimitedBy().isEmpty()) {
            PerLimit counts = limits.get(exchange.shadowLimitedBy());
            if (counts != null) {
                counts.wouldRefuse++;
            }
        }
    }
}
