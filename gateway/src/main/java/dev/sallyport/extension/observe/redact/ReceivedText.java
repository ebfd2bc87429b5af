package dev.sallyport.extension.observe.redact;

import dev.sallyport.api.http.Headers;
import dev.sallyport.telemetry.JsonLine;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/// Writes text that a client sent into lines of a log: without secrets (threat LG-02), and cut to a length with a
/// marker that tells how many octets follow (LG-04). Confined to one thread.
public final class ReceivedText {
    /// How many octets of a path, query, user agent or chosen header are logged.
    public static final int LONGEST_VALUE = 1024;

    private static final byte[] TRUNCATED = "[truncated ".getBytes(StandardCharsets.US_ASCII);

    private final Redaction redaction;
    private final byte[] scratch = new byte[LONGEST_VALUE + 1];

    /// @param secretHeaders    headers whose values are secret, beside those that are anyway
    /// @param secretParameters query parameters whose values are secret, beside those that are anyway
    public ReceivedText(Collection<String> secretHeaders, Collection<String> secretParameters) {
        redaction = new Redaction(secretHeaders, secretParameters);
    }

    /// Whether values of the header called `name`, in lower case, are secret.
    public boolean secretHeader(String name) {
        return redaction.secretHeader(name);
    }

    /// Adds a string: text that is no query, whose characters are octets.
    public void text(JsonLine line, String received) {
        int taken = take(received);
        line.raw('"');
        Redaction.text(line, scratch, 0, taken);
        end(line, received.length() - taken);
    }

    /// Adds a string: a path, whose characters are octets, without what stands for parameters of `template`
    /// that are secret by their names.
    public void path(JsonLine line, String path, String template) {
        text(line, template.indexOf('{') < 0 ? path : redaction.path(path, template));
    }

    /// Adds a string: a query, whose characters are octets.
    public void query(JsonLine line, String received) {
        int taken = take(received);
        line.raw('"');
        redaction.query(line, scratch, 0, taken);
        end(line, received.length() - taken);
    }

    /// Adds a string: the value of field `index`.
    public void value(JsonLine line, Headers from, int index) {
        int start = from.valueStart(index);
        int end = cut(from.bytes(), start, from.valueEnd(index));
        line.raw('"');
        redaction.value(line, from.bytes(), start, end);
        end(line, from.valueEnd(index) - end);
    }

    /// Text that was understood already, at most as long as is logged.
    public static String cut(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + '…';
    }

    /// Copies the beginning of text that was received to the scratch array; returns how much of it is to be
    /// logged.
    @SuppressWarnings("deprecation") // narrows characters to octets without a charset encoder
    private int take(String received) {
        int taken = Math.min(received.length(), LONGEST_VALUE + 1);
        received.getBytes(0, taken, scratch, 0);
        return cut(scratch, 0, taken);
    }

    /// Where to stop, at most [#LONGEST_VALUE] from the start and not within a character of UTF-8.
    private static int cut(byte[] octets, int start, int end) {
        int longest = start + LONGEST_VALUE;
        if (end <= longest) {
            return end;
        }
        int cut = longest;
        while (cut > longest - 3 && (octets[cut] & 0xc0) == 0x80) {
            cut--;
        }
        return cut;
    }

    private static void end(JsonLine line, int left) {
        if (left > 0) {
            line.raw(TRUNCATED);
            line.number(left);
            line.raw(']');
        }
        line.raw('"');
    }
}
