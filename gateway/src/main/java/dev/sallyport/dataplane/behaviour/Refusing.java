package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.limit.QuietLog;
import java.util.concurrent.TimeUnit;

/// What those are told who are refused because of their conduct; made beforehand for the waits that are usual, so that
/// refusing costs nothing. Confined to one loop.
final class Refusing {
    /// Every code begins like this: such refusals are no signals themselves.
    static final String CODE = "behaviour-";

    private static final int USUAL = 600;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static final Refusal TOO_MANY = new Refusal(
            429,
            CODE + "delayed",
            "Too many requests",
            "Too many requests wait already. Try again later.",
            Headers.of("retry-after", "5"),
            "too-many-requests");

    private static final Refusal[] USUAL_WAITS = new Refusal[USUAL + 1];

    static {
        for (int i = 1; i <= USUAL; i++) {
            USUAL_WAITS[i] = refusal(i);
        }
    }

    private final QuietLog log = new QuietLog();

    private static Refusal refusal(long seconds) {
        return new Refusal(
                429,
                CODE + "hostile",
                "Too many requests",
                "Requests from here are refused for a while. Try again in " + seconds
                        + (seconds == 1 ? " second." : " seconds."),
                Headers.of("retry-after", Long.toString(seconds)),
                "refused-for-a-while");
    }

    /// The refusal of `exchange`, whose caller or network is refused for `nanos`.
    Refusal refuse(Exchange exchange, long nanos) {
        quieten(exchange);
        long seconds = nanos <= SECOND ? 1 : (nanos - 1) / SECOND + 1;
        return seconds <= USUAL ? USUAL_WAITS[(int) seconds] : refusal(seconds);
    }

    /// The refusal of one that should wait where too many do.
    Refusal tooMany(Exchange exchange) {
        quieten(exchange);
        return TOO_MANY;
    }

    /// Only some of many alike have a line in the access log (threat RL-07).
    private void quieten(Exchange exchange) {
        int leftOut = log.next(System.nanoTime());
        if (leftOut < 0) {
            exchange.leaveOut();
        } else {
            exchange.leftOutBefore(leftOut);
        }
    }
}
