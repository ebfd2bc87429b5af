package dev.sallyport.app.limit;

import java.time.Duration;
import java.time.Instant;

/// The time of a log: it stands until the next request, and never goes back.
final class ReplayedTime {
    private Instant now = Instant.EPOCH;
    private Instant first = Instant.EPOCH;

    void advance(Instant to) {
        if (now.equals(Instant.EPOCH)) {
            first = to;
            now = to;
        } else if (to.isAfter(now)) {
            now = to;
        }
    }

    Instant now() {
        return now;
    }

    long nanos() {
        return Duration.between(first, now).toNanos();
    }
}
