package dev.sallyport.extension.observe.log;

import dev.sallyport.extension.observe.redact.ReceivedText;
import dev.sallyport.telemetry.JsonLine;
import dev.sallyport.telemetry.LogField;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Adds single fields to lines, with the names of one format; confined to one thread.
final class LineFields {
    private static final String TLS_PREFIX = "TLSv";
    private static final int REMEMBERED = 16;

    private final boolean ecs;
    private final byte[][] keys = new byte[LogField.values().length][];
    private final @Nullable Entry[][] remembered = new Entry[LogField.values().length][REMEMBERED];

    /// A field with its value as it stands in a line.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Entry(String value, byte[] encoded) {}

    LineFields(boolean ecs) {
        this.ecs = ecs;
        for (LogField field : LogField.values()) {
            keys[index(field)] = key(name(field));
        }
    }

    private String name(LogField field) {
        return ecs ? field.ecs() : field.otel();
    }

    private static byte[] key(String name) {
        JsonLine key = new JsonLine(64);
        key.raw(',');
        key.raw('"');
        key.text(name);
        key.raw('"');
        key.raw(':');
        return Arrays.copyOf(key.bytes(), key.length());
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    private static int index(LogField field) {
        return field.ordinal();
    }

    /// What comes before a value of `field`.
    byte[] key(LogField field) {
        return keys[index(field)];
    }

    /// What comes before a value of `field`, which is one of many that differ in `name`.
    byte[] key(LogField field, String name) {
        return key(name(field).replace("NAME", name));
    }

    /// Adds a field whose value is one of few, such as the name of a route: most are copied as they were last
    /// encoded.
    void text(JsonLine line, LogField field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return;
        }
        @Nullable Entry[] entries = remembered[index(field)];
        int slot = value.hashCode() & (REMEMBERED - 1);
        Entry entry = entries[slot];
        if (entry == null || !entry.value.equals(value)) {
            JsonLine encoded = new JsonLine(64);
            encoded.raw(keys[index(field)]);
            boolean tls = field == LogField.TLS_VERSION && value.startsWith(TLS_PREFIX);
            quoted(encoded, tls ? value.substring(TLS_PREFIX.length()) : value);
            entry = new Entry(value, Arrays.copyOf(encoded.bytes(), encoded.length()));
            entries[slot] = entry;
        }
        line.raw(entry.encoded);
    }

    /// Adds a field whose value may be any.
    void anyText(JsonLine line, LogField field, String value) {
        line.raw(keys[index(field)]);
        quoted(line, value);
    }

    /// Adds a field whose value may be any and as long as a token allows.
    void cutText(JsonLine line, LogField field, String value) {
        anyText(line, field, ReceivedText.cut(value));
    }

    static void quoted(JsonLine line, String value) {
        line.raw('"');
        line.text(value);
        line.raw('"');
    }

    static void octets(JsonLine line, byte[] value) {
        line.raw('"');
        line.octets(value, 0, value.length);
        line.raw('"');
    }

    void number(JsonLine line, LogField field, long value) {
        line.raw(keys[index(field)]);
        line.number(value);
    }

    void positive(JsonLine line, LogField field, long value) {
        if (value > 0) {
            number(line, field, value);
        }
    }

    void millis(JsonLine line, LogField field, long nanos) {
        line.raw(keys[index(field)]);
        line.millis(nanos);
    }
}
