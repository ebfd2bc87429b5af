package dev.sallyport.extension.observe.notify;

import dev.sallyport.telemetry.JsonLine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// JSON being written, on one line.
final class Body {
    private static final int CAPACITY = 1_024;

    private final JsonLine line = new JsonLine(CAPACITY);
    private boolean first = true;

    private void separate() {
        if (!first) {
            line.raw(',');
        }
        first = false;
    }

    private void key(@Nullable String key) {
        separate();
        if (key != null) {
            quoted(key);
            line.raw(':');
        }
    }

    private void quoted(String text) {
        line.raw('"');
        line.text(text);
        line.raw('"');
    }

    /// Begins an object or an array, as member `key` or, where that is null, as the whole or an element.
    Body begin(@Nullable String key, char bracket) {
        key(key);
        line.raw(bracket);
        first = true;
        return this;
    }

    Body end(char bracket) {
        line.raw(bracket);
        first = false;
        return this;
    }

    Body put(String key, @Nullable String value) {
        if (value != null) {
            key(key);
            quoted(value);
        }
        return this;
    }

    Body put(String key, @Nullable Instant value) {
        return put(
                key, value == null ? null : value.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    Body put(String key, long value) {
        key(key);
        line.number(value);
        return this;
    }

    Body put(String key, boolean value) {
        key(key);
        line.text(Boolean.toString(value));
        return this;
    }

    /// Left out when it is no number that JSON knows.
    Body put(String key, double value) {
        if (!Double.isFinite(value)) {
            return this;
        }
        key(key);
        line.text(String.format(Locale.ROOT, "%.2f", value));
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(line.bytes(), line.length());
    }
}
