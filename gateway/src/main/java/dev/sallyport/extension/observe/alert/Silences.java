package dev.sallyport.extension.observe.alert;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Alerts that nobody is told of for a time, by `RULE` or `RULE/GROUP`; bounded.
final class Silences {
    private static final int MOST = 1_000;

    private final Map<String, Instant> until = new TreeMap<>();

    void add(String name, Instant end) {
        if (until.size() >= MOST && !until.containsKey(name)) {
            throw new IllegalArgumentException("more than " + MOST + " silences (expected: end some first)");
        }
        until.put(name, end);
    }

    boolean remove(String name) {
        return until.remove(name) != null;
    }

    void forgetBefore(Instant now) {
        until.values().removeIf(end -> !end.isAfter(now));
    }

    /// Until when an alert is silenced, null when it is not.
    @Nullable
    Instant until(String rule, String group) {
        Instant whole = until.get(rule);
        Instant one = until.get(rule + "/" + group);
        return whole == null || (one != null && one.isAfter(whole)) ? one : whole;
    }

    Map<String, Instant> all() {
        return new TreeMap<>(until);
    }
}
