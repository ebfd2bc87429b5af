package dev.sallyport.extension.observe.redact;

import dev.sallyport.api.json.JsonPaths;
import dev.sallyport.telemetry.JsonLine;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/// Writes bodies into lines of a log, without secrets (threat LG-02). Confined to one thread.
///
/// What looks like JSON is taken for JSON whatever it calls itself: clients send it as a form or as text too.
public final class BodyRedaction {
    private static final byte[] NO_TEXT = "[no text from here]".getBytes(StandardCharsets.US_ASCII);

    private final Redaction redaction;
    private final JsonRedaction json;

    /// @param parameters names whose values are secret, beside those that are anyway
    /// @param paths      to places in JSON that are secret, beside members with such names
    public BodyRedaction(Collection<String> parameters, JsonPaths paths) {
        redaction = new Redaction(List.of(), parameters);
        json = new JsonRedaction(redaction, paths);
    }

    /// Adds the inside of a string from JSON.
    ///
    /// @param whole whether nothing is missing at the end
    public void json(JsonLine line, byte[] source, int length, boolean whole) {
        json.write(line, source, 0, length, whole);
    }

    /// Adds the inside of a string from a form or from text.
    ///
    /// @param whole whether nothing is missing at the end
    public void text(JsonLine line, byte[] source, int length, boolean whole) {
        if (looksLikeJson(source, length)) {
            json.write(line, source, 0, length, whole);
            return;
        }
        int end = 0;
        while (end < length && source[end] != 0) {
            end++;
        }
        redaction.query(line, source, 0, end);
        if (end < length) {
            // text of another encoding, in which no name would be found
            line.raw(NO_TEXT);
        }
    }

    private static boolean looksLikeJson(byte[] source, int length) {
        for (int i = 0; i < length; i++) {
            switch (source[i]) {
                case ' ', '\t', '\r', '\n', (byte) 0xef, (byte) 0xbb, (byte) 0xbf -> {}
                case '{', '[', '"' -> {
                    return true;
                }
                default -> {
                    return false;
                }
            }
        }
        return false;
    }
}
