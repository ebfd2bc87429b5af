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

    /// The trace that `traceparent` states (version 00), gone on with by `spanId`; null when it states none
    /// that is valid. Whether it is believed is another matter.
    public static @Nullable TraceContext stated(Headers headers, long spanId) {
        int index = headers.indexOf(FieldName.TRACEPARENT);
        if (index < 0) {
            return null;
        }
        byte[] b = headers.bytes();
        int at = headers.valueStart(index);
        if (headers.valueEnd(index) - at != TRACEPARENT_LENGTH
                || b[at] != '0'
                || b[at + 1] != '0'
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
}
