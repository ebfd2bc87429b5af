package dev.sallyport.extension.authn.oidc;

import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.util.concurrent.atomic.LongAdder;

/// How logins and renewals of one authenticator came out.
final class Counts implements MetricSource {
    private final String authenticator;
    final LongAdder loginsBegun = new LongAdder();
    final LongAdder loginsDone = new LongAdder();
    final LongAdder loginsFailed = new LongAdder();
    final LongAdder renewed = new LongAdder();
    final LongAdder renewalsRefused = new LongAdder();
    final LongAdder renewalsUnanswered = new LongAdder();

    Counts(String authenticator) {
        this.authenticator = authenticator;
    }

    /// Whose counts they are.
    String authenticator() {
        return authenticator;
    }

    @Override
    public void collect(MetricSink sink) {
        sink.value(Metrics.LOGINS, loginsBegun.sum(), authenticator, "begun");
        sink.value(Metrics.LOGINS, loginsDone.sum(), authenticator, "done");
        sink.value(Metrics.LOGINS, loginsFailed.sum(), authenticator, "failed");
        sink.value(Metrics.SESSION_REFRESHES, renewed.sum(), authenticator, "done");
        sink.value(Metrics.SESSION_REFRESHES, renewalsRefused.sum(), authenticator, "refused");
        sink.value(Metrics.SESSION_REFRESHES, renewalsUnanswered.sum(), authenticator, "unanswered");
    }
}
