package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import java.util.concurrent.atomic.LongAdder;

/// Counts what became of tokens.
final class Outcomes {
    private final LongAdder remembered = new LongAdder();
    private final LongAdder verified = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder busy = new LongAdder();

    /// Counts `found` when it is a refusal.
    Authentication counted(Authentication found) {
        if (found instanceof Authentication.BadCredential) {
            refused.increment();
        }
        return found;
    }

    /// Counts a token that was verified before.
    void remembered() {
        remembered.increment();
    }

    /// Counts a signature that was good.
    void verified() {
        verified.increment();
    }

    /// Counts a token that nobody had time for.
    void busy() {
        busy.increment();
    }

    void collect(MetricSink sink, String authenticator) {
        sink.value(Metrics.TOKENS, remembered.sum(), authenticator, "remembered");
        sink.value(Metrics.TOKENS, verified.sum(), authenticator, "verified");
        sink.value(Metrics.TOKENS, refused.sum(), authenticator, "refused");
        sink.value(Metrics.TOKENS, busy.sum(), authenticator, "busy");
    }
}
