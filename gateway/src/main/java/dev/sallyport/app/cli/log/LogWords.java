package dev.sallyport.app.cli.log;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.sallyport.telemetry.LogField;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an expression about the access log may speak of: short names of its fields, in either format. A field that a
/// line lacks is an empty text, a 0, or an empty list.
enum LogWords {
    TIME("time", LogField.TIMESTAMP, SimpleType.STRING),
    SEVERITY("severity", LogField.SEVERITY, SimpleType.STRING),
    CLIENT("client", LogField.CLIENT_ADDRESS, SimpleType.STRING),
    NETWORK("network", LogField.CLIENT_NETWORK, SimpleType.STRING),
    METHOD("method", LogField.METHOD, SimpleType.STRING),
    HOST("host", LogField.SERVER_ADDRESS, SimpleType.STRING),
    PATH("path", LogField.PATH, SimpleType.STRING),
    QUERY("query", LogField.QUERY, SimpleType.STRING),
    STATUS("status", LogField.STATUS, SimpleType.INT),
    SENT("sent", LogField.RESPONSE_BYTES, SimpleType.INT),
    RECEIVED("received", LogField.REQUEST_BYTES, SimpleType.INT),
    AGENT("agent", LogField.USER_AGENT, SimpleType.STRING),
    TRACE("trace", LogField.TRACE_ID, SimpleType.STRING),
    REQUEST("request", LogField.REQUEST_ID, SimpleType.STRING),
    LISTENER("listener", LogField.LISTENER, SimpleType.STRING),
    ROUTE("route", LogField.ROUTE, SimpleType.STRING),
    DECISION("decision", LogField.DECISION, SimpleType.STRING),
    REASON("reason", LogField.REASON, SimpleType.STRING),
    RULE("rule", LogField.RULE, SimpleType.STRING),
    LIMIT("limit", LogField.LIMIT, SimpleType.STRING),
    LEVEL("level", LogField.BEHAVIOUR_LEVEL, SimpleType.STRING),
    USER("user", LogField.PRINCIPAL, SimpleType.STRING),
    ROLES("roles", LogField.ROLES, ListType.create(SimpleType.STRING)),
    AUTHENTICATOR("authenticator", LogField.AUTHENTICATOR, SimpleType.STRING),
    UPSTREAM("upstream", LogField.UPSTREAM, SimpleType.STRING),
    ENDPOINT("endpoint", LogField.UPSTREAM_ADDRESS, SimpleType.STRING),
    ATTEMPTS("attempts", LogField.ATTEMPTS, SimpleType.INT),
    MILLIS("millis", LogField.DURATION, SimpleType.DOUBLE),
    OVERHEAD("overhead", LogField.OVERHEAD, SimpleType.DOUBLE);

    /// All that is in a line, by the names that it has there.
    static final String LINE = "line";

    static final CelType LINE_TYPE = MapType.create(SimpleType.STRING, SimpleType.DYN);

    private static final double NANOS_PER_MILLI = 1e6;

    private final String word;
    private final LogField field;
    private final CelType type;

    LogWords(String word, LogField field, CelType type) {
        this.word = word;
        this.field = field;
        this.type = type;
    }

    String word() {
        return word;
    }

    CelType type() {
        return type;
    }

    /// What the words mean in one line.
    static Map<String, Object> of(Map<String, @Nullable Object> line) {
        Map<String, Object> values = new HashMap<>();
        for (LogWords one : values()) {
            values.put(one.word, one.in(line));
        }
        Map<String, Object> present = new HashMap<>();
        line.forEach((name, value) -> {
            if (value != null) {
                present.put(name, value instanceof Number number ? widened(number) : value);
            }
        });
        values.put(LINE, present);
        return values;
    }

    private static Object widened(Number number) {
        double value = number.doubleValue();
        return value == Math.rint(value) && Math.abs(value) < 9e15 ? (Object) number.longValue() : (Object) value;
    }

    private Object in(Map<String, @Nullable Object> line) {
        Object value = line.get(field.otel());
        boolean ecs = value == null && !field.otel().equals(field.ecs());
        if (ecs) {
            value = line.get(field.ecs());
        }
        if (type.equals(SimpleType.INT)) {
            return value instanceof Number number ? number.longValue() : 0L;
        }
        if (type.equals(SimpleType.DOUBLE)) {
            double number = value instanceof Number found ? found.doubleValue() : 0;
            // that format counts its duration in nanoseconds
            return ecs && field == LogField.DURATION ? number / NANOS_PER_MILLI : number;
        }
        if (type.equals(SimpleType.STRING)) {
            return value == null ? "" : value.toString();
        }
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
