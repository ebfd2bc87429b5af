package dev.sallyport.extension.observe.trace;

import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.plugin.OffLoop;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// What W3C Trace Context says, in OpenTelemetry's words.
@OffLoop("the thread of traces")
final class TraceFields {
    private static final HexFormat HEX = HexFormat.of();
    private static final int MOST_ENTRIES = 32;

    private TraceFields() {}

    /// A span of `trace`.
    static SpanContext span(TraceContext trace, long spanId, TraceState state) {
        return SpanContext.create(id(trace), HEX.toHexDigits(spanId), flags(trace), state);
    }

    /// The caller's span, or none when the trace begins here.
    static SpanContext parent(TraceContext trace, TraceState state) {
        return trace.parentId() == 0
                ? SpanContext.getInvalid()
                : SpanContext.createFromRemoteParent(id(trace), HEX.toHexDigits(trace.parentId()), flags(trace), state);
    }

    private static String id(TraceContext trace) {
        return HEX.toHexDigits(trace.traceIdHigh()) + HEX.toHexDigits(trace.traceIdLow());
    }

    private static TraceFlags flags(TraceContext trace) {
        return trace.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault();
    }

    /// `tracestate` as a trusted caller sent it; nothing of another's.
    static TraceState state(TraceContext trace, Headers received) {
        if (trace.parentId() == 0) {
            return TraceState.getDefault();
        }
        List<String> entries = new ArrayList<>();
        for (int i = received.indexOf(FieldName.TRACESTATE);
                i >= 0;
                i = received.indexOf(FieldName.TRACESTATE, i + 1)) {
            entries.addAll(List.of(received.value(i).split(",", -1)));
        }
        TraceStateBuilder state = TraceState.builder();
        // what is put last stands first; what is not of the form is left out
        for (String entry :
                entries.subList(0, Math.min(entries.size(), MOST_ENTRIES)).reversed()) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                state.put(
                        entry.substring(0, equals).strip(),
                        entry.substring(equals + 1).strip());
            }
        }
        return state.build();
    }
}
