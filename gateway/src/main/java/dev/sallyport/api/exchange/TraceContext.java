package dev.sallyport.api.exchange;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import org.jspecify.annotations.Nullable;

/// The trace an exchange belongs to (W3C Trace Context): 128-bit trace id, our own 64-bit span id, the sampled
/// flag.
///
/// @param parentId the caller's span id, or 0 when the trace begins here
public record TraceContext(long traceIdHigh, long traceIdLow, long spanId, long parentId, boolean sampled) {
    private static final int TRACEPARENT_LENGTH = 55;
    private static final int NO_VERSION = 0xff;

    /// The trace that `traceparent` states, gone on with by `spanId`; null when it states none that is valid,
    /// or is there twice. Of versions above 00 is read what 00 has (W3C Trace Context §3.2.3, §4.3). Whether
    /// it is believed is another matter.
    public static @Nullable TraceContext stated(Headers headers, long spanId) {
        int index = headers.indexOf(FieldName.TRACEPARENT);
        if (index < 0 || headers.indexOf(FieldName.TRACEPARENT, index + 1) >= 0) {
            return null;
        }
        byte[] b = headers.bytes();
        int at = headers.valueStart(index);
        int length = headers.valueEnd(index) - at;
        if (length < TRACEPARENT_LENGTH || digit(b[at]) < 0 || digit(b[at + 1]) < 0) {
            return null;
        }
        long version = hex(b, at, 2);
        boolean longer = length > TRACEPARENT_LENGTH;
        if (version == NO_VERSION
                || (longer && (version == 0 || b[at + TRACEPARENT_LENGTH] != '-'))
                || b[at + 2] != '-'
                || b[at + 35] != '-'
                || b[at + 52] != '-') {
            return null;
        }
        for (int i = 3; i < TRACEPARENT_LENGTH; i++) {
            if (i != 35 && i != 52 && digit(b[at + i]) < 0) {
                return null;
            }
        }
        long high = hex(b, at + 3, 16);
        long low = hex(b, at + 19, 16);
        long parent = hex(b, at + 36, 16);
        if ((high | low) == 0 || parent == 0) {
            return null;
        }
        return new TraceContext(high, low, spanId, parent, (hex(b, at + 53, 2) & 1) != 0);
    }

    private static int digit(byte c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    private static long hex(byte[] b, int from, int digits) {
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            value = (value << 4) | digit(b[i]);
        }
        return value;
    }

    /// One endpoint that was asked for an exchange; kept for exchanges whose trace may be told.
    ///
    /// Confined to the exchange's event loop until it is recorded. Times are nanoseconds of
    /// [System#nanoTime()], 0 where the
    /// moment was never reached.
    public static final class Attempt {
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
}
