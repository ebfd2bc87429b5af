package dev.sallyport.extension.observe.log;

import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.http.Headers;
import dev.sallyport.extension.observe.redact.ReceivedText;
import dev.sallyport.extension.observe.redact.Redaction;
import dev.sallyport.telemetry.JsonLine;
import dev.sallyport.telemetry.LogField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Adds the header fields that were chosen for a log, as lists of their values: no secrets, no more than some values
/// of each, and each cut to a length. Confined to one thread.
final class ChosenHeaders {
    private static final int MOST_VALUES = 8;

    private final String[] names;
    private final byte[][] keys;
    private final ReceivedText received;

    ChosenHeaders(List<String> chosen, LogField field, LineFields fields, ReceivedText received) {
        this.received = received;
        names = chosen.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .distinct()
                .toArray(String[]::new);
        keys = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            keys[i] = fields.key(field, names[i]);
        }
    }

    /// Adds those of `headers`, as `edits` changed them.
    void write(JsonLine line, Headers headers, @Nullable HeaderEdits edits) {
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            boolean secret = received.secretHeader(name);
            int start = line.length();
            int count = 0;
            for (int at = headers.indexOf(name, 0); at >= 0; at = headers.indexOf(name, at + 1)) {
                if (edits == null || !edits.removes(headers, at)) {
                    if (begin(line, keys[i], count++, secret)) {
                        received.value(line, headers, at);
                    }
                }
            }
            for (int at = 0; edits != null && at < edits.additions(); at++) {
                if (edits.name(at).equalsIgnoreCase(name) && begin(line, keys[i], count++, secret)) {
                    received.query(line, edits.value(at));
                }
            }
            if (line.length() > start) {
                line.raw(']');
            }
        }
    }

    /// Begins value number `count` of a field; false when it is not to be shown.
    private static boolean begin(JsonLine line, byte[] key, int count, boolean secret) {
        if (count == 0) {
            line.raw(key);
            line.raw('[');
        } else if (secret || count >= MOST_VALUES) {
            return false;
        } else {
            line.raw(',');
        }
        if (secret) {
            line.raw('"');
            Redaction.redacted(line);
            line.raw('"');
        }
        return !secret;
    }
}
