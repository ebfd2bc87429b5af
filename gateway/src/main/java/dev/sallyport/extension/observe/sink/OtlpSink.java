package dev.sallyport.extension.observe.sink;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.otlp.LogEntry;
import dev.sallyport.extension.observe.otlp.Outflow;
import dev.sallyport.telemetry.LogField;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A collector of OpenTelemetry's logs: each line becomes a log record, each field of it an attribute.
///
/// What waits for the collector is bounded; when that is full, lines wait where they are made, and are dropped and
/// counted
/// there.
@OffLoop("the thread of the access log")
public final class OtlpSink implements LogSink {
    private static final String EVENT = "gateway.request";
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /// What a record has a place of its own for.
    private static final Set<String> OWN_PLACE = Set.of(
            LogField.TIMESTAMP.otel(), LogField.SEVERITY.otel(), LogField.TRACE_ID.otel(), LogField.SPAN_ID.otel());

    private final Outflow<LogRecordData> outflow;
    private final int room;
    private final Resource resource;
    private volatile long lost;

    /// @param outflow what takes the records to the collector; closed with this
    /// @param room    how many records may wait there
    public OtlpSink(Outflow<LogRecordData> outflow, int room, Resource resource) {
        this.outflow = outflow;
        this.room = room;
        this.resource = resource;
    }

    @Override
    public boolean wantsOpenTelemetryNames() {
        return true;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void write(ByteBuffer lines) throws IOException {
        byte[] in = lines.array();
        int offset = lines.arrayOffset();
        int limit = offset + lines.limit();
        int from = offset + lines.position();
        while (from < limit) {
            if (outflow.waiting() >= room) {
                throw new IOException("the collector does not keep up");
            }
            int end = from;
            while (end < limit && in[end] != '\n') {
                end++;
            }
            LogEntry entry = entry(Arrays.copyOfRange(in, from, end));
            if (entry == null || !outflow.offer(entry)) {
                lost++;
            }
            from = Math.min(end + 1, limit);
            lines.position(from - offset);
        }
    }

    /// The record of one line; null when it is none.
    private @Nullable LogEntry entry(byte[] line) {
        Map<String, @Nullable Object> fields = StrictJson.object(line);
        if (fields == null) {
            return null;
        }
        String severity = text(fields, LogField.SEVERITY);
        return new LogEntry(
                resource,
                nanos(text(fields, LogField.TIMESTAMP)),
                severity(severity),
                severity,
                EVENT,
                summary(fields),
                attributes(fields),
                span(fields));
    }

    private static String text(Map<String, @Nullable Object> fields, LogField field) {
        Object value = fields.get(field.otel());
        return value == null ? "" : value.toString();
    }

    private static long nanos(String timestamp) {
        try {
            Instant instant = Instant.parse(timestamp);
            return instant.getEpochSecond() * NANOS_PER_SECOND + instant.getNano();
        } catch (DateTimeException e) {
            return 0;
        }
    }

    private static Severity severity(String text) {
        return switch (text) {
            case "ERROR" -> Severity.ERROR;
            case "WARN" -> Severity.WARN;
            default -> Severity.INFO;
        };
    }

    private static String summary(Map<String, @Nullable Object> fields) {
        String reason = text(fields, LogField.REASON);
        return (text(fields, LogField.METHOD) + " " + text(fields, LogField.PATH) + " " + text(fields, LogField.STATUS)
                        + (reason.isEmpty() ? "" : " " + reason))
                .strip();
    }

    private static SpanContext span(Map<String, @Nullable Object> fields) {
        String trace = text(fields, LogField.TRACE_ID);
        return trace.isEmpty()
                ? SpanContext.getInvalid()
                : SpanContext.create(
                        trace, text(fields, LogField.SPAN_ID), TraceFlags.getDefault(), TraceState.getDefault());
    }

    private static Attributes attributes(Map<String, @Nullable Object> fields) {
        AttributesBuilder attributes = Attributes.builder();
        fields.forEach((name, value) -> {
            if (!OWN_PLACE.contains(name)) {
                add(attributes, name, value);
            }
        });
        return attributes.build();
    }

    private static void add(AttributesBuilder to, String name, @Nullable Object value) {
        switch (value) {
            case null -> {}
            case Long number -> to.put(name, number);
            case Double number -> to.put(name, number);
            case Boolean flag -> to.put(name, flag);
            case List<?> list ->
                to.put(name, list.stream().map(OtlpSink::inList).toArray(String[]::new));
            case Map<?, ?> map -> map.forEach((below, one) -> add(to, name + "." + below, one));
            default -> to.put(name, value.toString());
        }
    }

    /// Lists of OpenTelemetry's attributes hold no objects.
    private static String inList(@Nullable Object one) {
        if (!(one instanceof Map<?, ?> map)) {
            return String.valueOf(one);
        }
        StringBuilder text = new StringBuilder();
        map.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : " ").append(name).append('=').append(value));
        return text.toString();
    }

    @Override
    public long lost() {
        return lost;
    }

    @Override
    public void close() {
        outflow.close();
    }
}
