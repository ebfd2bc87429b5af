package dev.sallyport.dataplane.http1;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.dataplane.message.FieldGrammar;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Parses HTTP/1.1 response heads of upstreams, which are trusted no more than clients (threats SM-24, US-07).
/// Reusable for many connections of one loop: it keeps nothing between calls but the result of the last one.
public final class ResponseParser {
    /// Body length of a response that ends when its connection does.
    public static final long UNTIL_CLOSE = -2;
    /// Body length of a chunked response.
    public static final long CHUNKED = -1;

    private static final int MAX_FIELDS = 200;
    private static final int STATUS_LINE = 12;

    private final FieldSection fields = new FieldSection();
    private byte[] scratch = new byte[4096];
    private @Nullable ResponseHead head;
    private long bodyLength;
    private boolean keepAlive;

    /// What a call of [ResponseParser#parse] came to.
    public enum Outcome {
        INCOMPLETE,
        /// A valid head; it has been consumed.
        HEAD,
        MALFORMED
    }

    /// Parses a head at the reader index of `in`, and moves that behind it when it is complete.
    ///
    /// @param request the method that is answered, which decides whether there is a body
    /// @param maxHead octets of status line and fields together
    public Outcome parse(ByteBuf in, Method request, int maxHead) {
        int available = Math.min(in.readableBytes(), maxHead + 1);
        if (scratch.length < available) {
            scratch = new byte[Math.max(available, Math.min(scratch.length * 2, maxHead + 1))];
        }
        byte[] b = scratch;
        in.getBytes(in.readerIndex(), b, 0, available);
        int line = statusLine(b, available);
        if (line == FieldSection.MALFORMED) {
            return Outcome.MALFORMED;
        }
        int end = line < 0 ? line : fields.parse(b, line, available, MAX_FIELDS);
        if (end == FieldSection.INCOMPLETE) {
            return available > maxHead ? Outcome.MALFORMED : Outcome.INCOMPLETE;
        }
        if (end < 0 || end > maxHead) {
            return Outcome.MALFORMED;
        }
        HttpVersion version = b[7] == '1' ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0;
        int status = (b[9] - '0') * 100 + (b[10] - '0') * 10 + (b[11] - '0');
        Headers headers = fields.take(b);
        if (!frame(request, status, version, headers)) {
            return Outcome.MALFORMED;
        }
        head = new ResponseHead(status, headers, version);
        in.skipBytes(end);
        return Outcome.HEAD;
    }

    /// The index after the status line, or [FieldSection#INCOMPLETE], or [FieldSection#MALFORMED].
    private static int statusLine(byte[] b, int to) {
        for (int i = 0; i < Math.min(STATUS_LINE, to); i++) {
            int c = b[i];
            boolean good = switch (i) {
                case 0 -> c == 'H';
                case 1, 2 -> c == 'T';
                case 3 -> c == 'P';
                case 4 -> c == '/';
                case 5 -> c == '1';
                case 6 -> c == '.';
                case 7 -> c == '0' || c == '1';
                case 8 -> c == ' ';
                case 9 -> c >= '1' && c <= '5';
                default -> c >= '0' && c <= '9';
            };
            if (!good) {
                return FieldSection.MALFORMED;
            }
        }
        if (to <= STATUS_LINE) {
            return FieldSection.INCOMPLETE;
        }
        if (b[STATUS_LINE] != ' ' && b[STATUS_LINE] != '\r') {
            return FieldSection.MALFORMED;
        }
        int i = FieldGrammar.skipValue(b, STATUS_LINE, to);
        if (i + 1 >= to) {
            return i == to || b[i] == '\r' ? FieldSection.INCOMPLETE : FieldSection.MALFORMED;
        }
        return b[i] == '\r' && b[i + 1] == '\n' ? i + 2 : FieldSection.MALFORMED;
    }

    private boolean frame(Method request, int status, HttpVersion version, Headers h) {
        keepAlive = version == HttpVersion.HTTP_1_1
                ? !(h.has(FieldName.CONNECTION) && Framing.hasToken(h, FieldName.CONNECTION, "close"))
                : h.has(FieldName.CONNECTION) && Framing.hasToken(h, FieldName.CONNECTION, "keep-alive");
        boolean coded = h.has(FieldName.TRANSFER_ENCODING);
        long declared = -1;
        if (h.has(FieldName.CONTENT_LENGTH)) {
            declared = Framing.contentLength(h);
            if (declared < 0 || coded) {
                return false;
            }
        }
        if (coded && (version != HttpVersion.HTTP_1_1 || !Framing.chunked(h))) {
            return false;
        }
        if (status < 200 || status == 204) {
            bodyLength = 0;
            return !coded && declared <= 0;
        }
        if (request == Method.HEAD || status == 304) {
            bodyLength = declared;
            return true;
        }
        bodyLength = coded ? CHUNKED : declared >= 0 ? declared : UNTIL_CLOSE;
        return true;
    }

    /// The head parsed last.
    public ResponseHead head() {
        ResponseHead parsed = head;
        if (parsed == null) {
            throw new IllegalStateException("no head was parsed");
        }
        return parsed;
    }

    /// Octets of body declared, [#CHUNKED] or [#UNTIL_CLOSE]. For an answer to HEAD and for 304, which have no
    /// body: what `Content-Length` says, −1 when it is absent.
    public long bodyLength() {
        return bodyLength;
    }

    /// Whether the endpoint lets the connection live on.
    public boolean keepAlive() {
        return keepAlive;
    }
}
