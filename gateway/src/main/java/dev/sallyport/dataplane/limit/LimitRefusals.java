package dev.sallyport.dataplane.limit;

import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.limit.Charge;
import java.util.concurrent.TimeUnit;

/// What callers are told when one limit refuses; made beforehand for the waits that are usual.
final class LimitRefusals {
    /// What a decision is when nobody can say what a request costs or how its key stands.
    static final Refusal UNDECIDED =
            Refusal.of(503, "limit-undecided", "Not decided", "How much this caller may is not known now.");

    private static final String TYPE = "https://iana.org/assignments/http-problem-types#quota-exceeded";
    private static final int USUAL = 120;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final Refusal[] usual = new Refusal[USUAL + 1];

    LimitRefusals(String name) {
        this.name = name;
        for (int seconds = 1; seconds <= USUAL; seconds++) {
            usual[seconds] = refusal(seconds);
        }
    }

    private Refusal refusal(long seconds) {
        String unit = seconds == 1 ? " second." : " seconds.";
        return new Refusal(
                429,
                "limit-exceeded",
                "Too many requests",
                "Limit " + name + " is exceeded. Try again in " + seconds + unit,
                Headers.of("retry-after", Long.toString(seconds)),
                "limit-exceeded",
                new Refusal.Problem(TYPE, ",\"violated-policies\":[\"" + name + "\"]"));
    }

    /// What is said when part number `part` of `charge` refuses. Nobody is told to come back at once.
    Refusal of(Charge charge, int part) {
        long seconds = seconds(charge.retryNanos(part));
        return seconds <= USUAL ? usual[(int) seconds] : refusal(seconds);
    }

    /// Whole seconds, rounded up, at least one.
    static long seconds(long nanos) {
        return nanos <= SECOND ? 1 : (nanos - 1) / SECOND + 1;
    }
}
