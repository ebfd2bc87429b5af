package dev.sallyport.api.exchange;

import org.jspecify.annotations.Nullable;

/// One endpoint that was asked for an exchange; kept for exchanges whose trace may be told.
///
/// Confined to the exchange's event loop until it is recorded. Times are nanoseconds of [System#nanoTime()], 0 where
/// the
/// moment was never reached.
public final class Attempt {
    /// Odd, so that no two numbers of attempts make the same span id.
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private final @Nullable Attempt before;
    private final int number;
    private final String upstream;
    private final String endpoint;
    private final long startedAt;
    private long connectedAt;
    private long respondedAt;
    private long endedAt;
    private int status;
    private @Nullable Failure failure;

    Attempt(@Nullable Attempt before, int number, String upstream, String endpoint, long startedAt) {
        this.before = before;
        this.number = number;
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.startedAt = startedAt;
    }

    /// The one before it, or null for the first.
    public @Nullable Attempt before() {
        return before;
    }

    /// 1 for the first.
    public int number() {
        return number;
    }

    /// The name of the upstream.
    public String upstream() {
        return upstream;
    }

    /// Its `host:port`.
    public String endpoint() {
        return endpoint;
    }

    /// Its span in `trace`; never 0, and unlike those of other attempts and of the exchange.
    public long spanId(TraceContext trace) {
        long id = trace.spanId() + SPREAD * number;
        // the one number that is left out stands for the exchange itself, which is never asked for here
        return id == 0 ? trace.spanId() + SPREAD * -1 : id;
    }

    /// When the endpoint was chosen.
    public long startedAt() {
        return startedAt;
    }

    /// When a connection was in hand.
    public long connectedAt() {
        return connectedAt;
    }

    /// When the head of its response was in hand.
    public long respondedAt() {
        return respondedAt;
    }

    /// When it failed; 0 for one that did not, which lasts as long as the exchange.
    public long endedAt() {
        return endedAt;
    }

    /// The status it gave, 0 when it gave none.
    public int status() {
        return status;
    }

    /// Why it came to nothing, null when it did not.
    public @Nullable Failure failure() {
        return failure;
    }

    void connectedAt(long nanos) {
        connectedAt = nanos;
    }

    void responded(int given, long nanos) {
        status = given;
        respondedAt = nanos;
    }

    void failed(Failure reason, long nanos) {
        failure = reason;
        endedAt = nanos;
    }
}
