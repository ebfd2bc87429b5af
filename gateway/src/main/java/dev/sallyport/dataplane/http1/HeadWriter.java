package dev.sallyport.dataplane.http1;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.message.HttpDate;
import dev.sallyport.dataplane.message.OutgoingHead;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes HTTP/1.1 heads from the model, never from received octets of a start line or framing field (oracle G2).
/// Scratch of one loop: [#bytes()] is valid until the next head.
public final class HeadWriter {
    private static final byte[] VERSION_AND_HOST = ascii(" HTTP/1.1\r\nhost: ");
    private static final byte[] CONTENT_LENGTH = ascii("content-length: ");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final byte[] TE_TRAILERS = ascii("te: trailers\r\nconnection: te\r\n");
    private static final byte[] CLOSE = ascii("connection: close\r\n");
    private static final byte[] DATE = ascii("date: ");
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[][] STATUS_LINES = statusLines();

    private final HttpDate date = new HttpDate();
    private byte[] b = new byte[4096];
    private int length;

    /// The head written last, [#length()] octets from index 0.
    public byte[] bytes() {
        return b;
    }

    public int length() {
        return length;
    }

    /// Writes a request head.
    ///
    /// @param target          path and query, in origin form
    /// @param authority       for `Host`
    /// @param bodyLength      0 for no body, −1 for a chunked one
    /// @param acceptsTrailers whether to send `TE: trailers`
    /// @throws IllegalArgumentException when target or authority hold an octet that has no place there (threat
    ///     SM-25)
    public void request(
            Method method,
            String target,
            String authority,
            OutgoingHead fields,
            long bodyLength,
            boolean acceptsTrailers) {
        length = 0;
        put(method.bytes());
        ensure(1);
        b[length++] = ' ';
        putVisible(target);
        put(VERSION_AND_HOST);
        putVisible(authority);
        endLine();
        putFields(fields);
        if (bodyLength > 0 || (bodyLength == 0 && !method.safe() && method != Method.DELETE)) {
            putLength(bodyLength);
        } else if (bodyLength < 0) {
            put(CHUNKED);
        }
        if (acceptsTrailers) {
            put(TE_TRAILERS);
        }
        endLine();
    }

    /// Writes the head of a final response.
    ///
    /// @param contentLength what `Content-Length` says, −1 for no such field
    /// @param chunked       whether the body is chunked
    /// @param close         whether the connection ends with this response
    public void response(int status, OutgoingHead fields, long contentLength, boolean chunked, boolean close) {
        length = 0;
        putStatusLine(status);
        putFields(fields);
        if (!fields.received().has(FieldName.DATE)) {
            put(DATE);
            put(date.now());
            endLine();
        }
        if (contentLength >= 0) {
            putLength(contentLength);
        } else if (chunked) {
            put(CHUNKED);
        }
        if (close) {
            put(CLOSE);
        }
        endLine();
    }

    /// Writes an interim head (1xx).
    public void interim(int status, OutgoingHead fields) {
        length = 0;
        putStatusLine(status);
        putFields(fields);
        endLine();
    }

    /// Writes `100 Continue`.
    public void interimContinue() {
        length = 0;
        put(CONTINUE);
    }

    private void putStatusLine(int status) {
        put(STATUS_LINES[status]);
    }

    private void putFields(OutgoingHead fields) {
        Headers received = fields.received();
        byte[] lines = received.bytes();
        int count = received.count();
        if (fields.keepsAll()) {
            put(lines, received.lineStart(0), received.lineStart(count));
        } else {
            int i = 0;
            while (i < count) {
                if (!fields.keeps(i)) {
                    i++;
                    continue;
                }
                int from = i;
                do {
                    i++;
                } while (i < count && fields.keeps(i));
                put(lines, received.lineStart(from), received.lineStart(i));
            }
        }
        put(fields.added(), 0, fields.addedLength());
    }

    private void putLength(long value) {
        put(CONTENT_LENGTH);
        ensure(22);
        length = Digits.decimal(value, b, length);
        endLine();
    }

    @SuppressWarnings("deprecation") // narrows ISO-8859-1 text to octets without a charset encoder
    private void putVisible(String text) {
        int size = text.length();
        ensure(size);
        text.getBytes(0, size, b, length);
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                throw new IllegalArgumentException("target or authority holds a character that cannot be sent");
            }
        }
        length += size;
    }

    private void endLine() {
        ensure(2);
        b[length++] = '\r';
        b[length++] = '\n';
    }

    private void put(byte[] source) {
        put(source, 0, source.length);
    }

    private void put(byte[] source, int from, int to) {
        int size = to - from;
        ensure(size);
        System.arraycopy(source, from, b, length, size);
        length += size;
    }

    private void ensure(int more) {
        if (b.length - length < more) {
            b = Arrays.copyOf(b, Math.max(b.length * 2, length + more));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[][] statusLines() {
        byte[][] lines = new byte[600][];
        for (int status = 100; status < 600; status++) {
            lines[status] = ascii("HTTP/1.1 " + status + " " + ReasonPhrase.of(status) + "\r\n");
        }
        return lines;
    }
}
