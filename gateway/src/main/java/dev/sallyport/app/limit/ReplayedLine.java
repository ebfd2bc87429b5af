package dev.sallyport.app.limit;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.telemetry.LogField;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request as its line in the access log tells it, in either format.
///
/// @param at    when its head was there
/// @param until when it was over
record ReplayedLine(Map<String, @Nullable Object> line, Instant at, Instant until) {
    private static final String HEADER = "http.request.header.";
    private static final double NANOS_PER_MILLI = 1e6;

    /// Reads a line; null when it tells of no request that was understood.
    static @Nullable ReplayedLine parse(String text) {
        Map<String, @Nullable Object> line = StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
        if (line == null || text(line, LogField.PATH).isEmpty()) {
            return null;
        }
        try {
            Instant at = OffsetDateTime.parse(text(line, LogField.TIMESTAMP)).toInstant();
            return new ReplayedLine(line, at, at.plusNanos(duration(line)));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /// Nanoseconds in one format, milliseconds in the other.
    private static long duration(Map<String, @Nullable Object> line) {
        if (line.get(LogField.DURATION.otel()) instanceof Number millis) {
            return Math.max(0, Math.round(millis.doubleValue() * NANOS_PER_MILLI));
        }
        return line.get(LogField.DURATION.ecs()) instanceof Number nanos ? Math.max(0, nanos.longValue()) : 0;
    }

    private static @Nullable Object value(Map<String, @Nullable Object> line, LogField field) {
        Object value = field.otel().isEmpty() ? null : line.get(field.otel());
        return value == null && !field.ecs().isEmpty() ? line.get(field.ecs()) : value;
    }

    private static String text(Map<String, @Nullable Object> line, LogField field) {
        Object value = value(line, field);
        return value == null ? "" : value.toString();
    }

    String text(LogField field) {
        return text(line, field);
    }

    int number(LogField field) {
        return value(line, field) instanceof Number number ? number.intValue() : 0;
    }

    List<String> roles() {
        return value(line, LogField.ROLES) instanceof List<?> roles
                ? roles.stream().map(String::valueOf).toList()
                : List.of();
    }

    /// The header fields that are logged, each as `name: value`.
    List<String> headers() {
        List<String> headers = new ArrayList<>();
        line.forEach((name, value) -> {
            if (name.startsWith(HEADER) && value instanceof List<?> values) {
                values.forEach(one -> {
                    String text = String.valueOf(one);
                    if (text.chars().noneMatch(c -> c < ' ')) {
                        headers.add(name.substring(HEADER.length()) + ": " + text);
                    }
                });
            }
        });
        return headers;
    }

    /// Whether the header field called `name` is logged.
    boolean tells(String name) {
        return line.containsKey(HEADER + name);
    }
}
