package dev.sallyport.extension.observe;

import dev.sallyport.api.exchange.Exchange;
import org.jspecify.annotations.Nullable;

/// What one event loop has counted of requests that went alike.
final class Series {
    private static final int REQUEST_BYTES = 0;
    private static final int RESPONSE_BYTES = 1;
    private static final int ATTEMPTS = 2;
    private static final int ALLOWED = 3;
    private static final int DENIED = 4;
    private static final int SHADOW_DENIED = 5;

    private final Key key;
    private final Kept since;
    private final Histogram durations = new Histogram();
    private final Cells sums = new Cells(6);

    /// What requests of one series have in common.
    ///
    /// @param owner  the name of a route, or of an upstream
    /// @param path   the route's path template
    /// @param status 0 when there was none
    /// @param reason a stable code, or null
    record Key(
            String owner,
            String path,
            String method,
            int status,
            Outcome outcome,
            @Nullable String reason) {}

    Series(Key key, Kept since) {
        this.key = key;
        this.since = since;
    }

    Key key() {
        return key;
    }

    /// What was to be kept when this series began.
    Kept since() {
        return since;
    }

    void add(long nanos, long bytesReceived, long bytesSent, int attempts) {
        durations.add(nanos);
        sums.add(REQUEST_BYTES, bytesReceived);
        sums.add(RESPONSE_BYTES, bytesSent);
        sums.add(ATTEMPTS, attempts);
    }

    /// Counts what access rules said of one exchange, if they said anything.
    void addAccess(Exchange exchange) {
        if (!exchange.admittedBy().isEmpty()) {
            sums.add(exchange.shadowDeniedBy().isEmpty() ? ALLOWED : SHADOW_DENIED, 1);
        } else if (!exchange.deniedBy().isEmpty()) {
            sums.add(DENIED, 1);
        }
    }

    Histogram durations() {
        return durations;
    }

    long requestBytes() {
        return sums.get(REQUEST_BYTES);
    }

    long responseBytes() {
        return sums.get(RESPONSE_BYTES);
    }

    long attempts() {
        return sums.get(ATTEMPTS);
    }

    long allowed() {
        return sums.get(ALLOWED);
    }

    long denied() {
        return sums.get(DENIED);
    }

    long shadowDenied() {
        return sums.get(SHADOW_DENIED);
    }
}
