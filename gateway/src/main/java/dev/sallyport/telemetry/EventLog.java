package dev.sallyport.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The log of the process itself: one line per [Event] with keys and values. From any thread except event loops.
///
/// Values are data, never format strings (threat LG-03).
public final class EventLog {
    /// Says nothing to anybody.
    public static final EventLog SILENT = new EventLog(OutputStream.nullOutputStream(), Format.LOGFMT);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final OutputStream out;
    private final Format format;
    private final InstantSource clock;
    private final Listener listener;
    private final JsonLine line = new JsonLine(512);

    /// How lines are written.
    public enum Format {
        /// `time=… level=info event=listener.bound name=public port=8443`
        LOGFMT,
        /// One JSON object a line.
        JSON
    }

    /// Hears of every event, in the thread it happened in, before its line is written.
    @FunctionalInterface
    public interface Listener {
        /// Takes note of `event`.
        ///
        /// @param keysAndValues in turn, as they were given to [EventLog#event]
        void on(Event event, @Nullable Object... keysAndValues);
    }

    public EventLog(OutputStream out, Format format) {
        this(out, format, InstantSource.system());
    }

    public EventLog(OutputStream out, Format format, InstantSource clock) {
        this(out, format, clock, (_, _) -> {});
    }

    private EventLog(OutputStream out, Format format, InstantSource clock, Listener listener) {
        this.out = out;
        this.format = format;
        this.clock = clock;
        this.listener = listener;
    }

    /// A log with the same lines in the same place, of whose events `other` hears.
    public EventLog heardBy(Listener other) {
        return new EventLog(out, format, clock, other);
    }

    /// Writes one line.
    ///
    /// @param keysAndValues in turn; numbers and booleans stay what they are, a [Throwable] is its type and
    ///     message, anything else is its `toString()`
    public void event(Event event, @Nullable Object... keysAndValues) {
        write(event, null, keysAndValues);
    }

    /// Writes one line with the whole stack trace of `cause`: for bugs, not for what users get wrong.
    public void failure(Event event, Throwable cause, @Nullable Object... keysAndValues) {
        write(event, cause, keysAndValues);
    }

    private void write(Event event, @Nullable Throwable cause, @Nullable Object... keysAndValues) {
        if (keysAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("keysAndValues: " + keysAndValues.length + " (expected: pairs)");
        }
        listener.on(event, keysAndValues);
        writeLine(event, cause, keysAndValues);
    }

    private synchronized void writeLine(Event event, @Nullable Throwable cause, @Nullable Object... keysAndValues) {
        line.truncate(0);
        begin(event);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            entry(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        if (cause != null) {
            entry("exception", cause);
            StringWriter trace = new StringWriter();
            cause.printStackTrace(new PrintWriter(trace, true));
            entry("exception.stacktrace", trace.toString());
        }
        line.raw(format == Format.JSON ? "}\n".getBytes(StandardCharsets.US_ASCII) : new byte[] {'\n'});
        try {
            out.write(line.bytes(), 0, line.length());
            out.flush();
        } catch (IOException e) {
            // Nowhere left to say it: the process goes on without its log.
        }
    }

    private void begin(Event event) {
        String severity = event.severity().name();
        Instant now = clock.instant();
        if (format == Format.JSON) {
            line.raw('{');
            entry("timestamp", TIME.format(now));
            entry("severity", severity);
            entry("event.name", event.code());
        } else {
            entry("time", TIME.format(now));
            entry("level", severity.toLowerCase(Locale.ROOT));
            entry("event", event.code());
        }
    }

    private void entry(String key, @Nullable Object value) {
        boolean first = line.length() <= 1;
        if (format == Format.JSON) {
            if (!first) {
                line.raw(',');
            }
            quoted(key);
            line.raw(':');
        } else {
            if (!first) {
                line.raw(' ');
            }
            line.text(plain(key) ? key : "key");
            line.raw('=');
        }
        value(value);
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> line.text(format == Format.JSON ? "null" : "");
            case Integer number -> line.number(number);
            case Long number -> line.number(number);
            case Boolean flag -> line.text(flag.toString());
            case Throwable thrown -> string(thrown.getClass().getName() + ": " + thrown.getMessage());
            default -> string(value.toString());
        }
    }

    private void string(String text) {
        if (format == Format.LOGFMT && plain(text)) {
            line.text(text);
        } else {
            quoted(text);
        }
    }

    private void quoted(String text) {
        line.raw('"');
        line.text(text);
        line.raw('"');
    }

    /// Whether `text` needs no quotes in logfmt.
    private static boolean plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
