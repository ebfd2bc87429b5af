package dev.sallyport.extension.observe.payload;

import dev.sallyport.api.http.Headers;
import dev.sallyport.extension.observe.redact.BodyRedaction;
import dev.sallyport.telemetry.JsonLine;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The beginning of a body, when it is one that people can read: JSON, a form or plain text, not encoded.
public final class CapturedBody {
    private static final String CONTENT_ENCODING = "content-encoding";
    private static final int FIRST = 512;
    private static final int LONGEST_WORD = 64;
    private static final byte[] TYPE = "{\"type\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENCODED = "\",\"encoded\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TEXT = "\",\"text\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUNCATED = "\",\"truncated\":true}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_ROOM =
            "\",\"truncated\":true,\"memory\":\"full\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = {};

    private final Captures captures;
    private final int most;
    private final MediaType type;
    private final String encoding;
    private byte[] octets = NONE;
    private int length;
    private long seen;
    private boolean full;
    private boolean freed;

    CapturedBody(Captures captures, int most, Headers headers) {
        this.captures = captures;
        this.most = most;
        this.type = MediaType.of(headers);
        this.encoding = encoding(headers);
    }

    private static String encoding(Headers headers) {
        int found = headers.indexOf(CONTENT_ENCODING, 0);
        if (found < 0) {
            return "";
        }
        String value = headers.value(found);
        return value.equalsIgnoreCase("identity") ? "" : value;
    }

    /// Copies what there is room for; leaves `data` as it is.
    void add(ByteBuf data) {
        int more = data.readableBytes();
        seen += more;
        if (type.kind() == MediaType.Kind.OTHER || !encoding.isEmpty() || full || freed) {
            return;
        }
        int wanted = Math.min(more, most - length);
        if (length + wanted > octets.length && !grow(length + wanted)) {
            wanted = octets.length - length;
            full = true;
        }
        data.getBytes(data.readerIndex(), octets, length, wanted);
        length += wanted;
    }

    private boolean grow(int needed) {
        int size = Math.min(most, Math.max(needed, Math.max(FIRST, octets.length * 2)));
        if (!captures.take(size - octets.length)) {
            return false;
        }
        octets = Arrays.copyOf(octets, size);
        return true;
    }

    void free() {
        if (!freed) {
            freed = true;
            captures.giveBack(octets.length);
            octets = NONE;
            length = 0;
        }
    }

    /// Whether there was any body, and it is still known.
    public boolean present() {
        return seen > 0 && !freed;
    }

    /// Adds what is known of it as an object of JSON, redacted.
    public void write(JsonLine line, BodyRedaction redaction) {
        line.raw(TYPE);
        line.text(type.text());
        if (!encoding.isEmpty()) {
            line.raw(ENCODED);
            line.text(encoding.length() > LONGEST_WORD ? encoding.substring(0, LONGEST_WORD) : encoding);
        } else if (type.kind() != MediaType.Kind.OTHER) {
            boolean whole = length == seen;
            line.raw(TEXT);
            if (type.kind() == MediaType.Kind.JSON) {
                redaction.json(line, octets, length, whole);
            } else {
                redaction.text(line, octets, length, whole);
            }
            if (!whole) {
                line.raw(full ? NO_ROOM : TRUNCATED);
                return;
            }
        }
        line.raw(END);
    }
}
