package dev.sallyport.dataplane.http1;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.dataplane.message.FieldGrammar;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Parses HTTP/1.1 request heads, strictly (RFC 9112 §§2–6, threats SM-01 to SM-27). Reusable for many connections
/// of one loop: it keeps nothing between calls but the result of the last one.
public final class RequestParser {
    /// What a call of [RequestParser#parse] came to.
    public enum Outcome {
        /// More octets are needed.
        INCOMPLETE,
        /// A valid head; it has been consumed.
        HEAD,
        /// See [RequestParser#fault()].
        FAULT
    }

    private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.', '1', '\r', '\n'};

    private final int maxHead;
    private final int maxFields;
    private final FieldSection fields = new FieldSection();
    private byte[] scratch = new byte[4096];
    private @Nullable RequestFault fault;
    private @Nullable Method method;
    private HttpVersion version = HttpVersion.HTTP_1_1;
    private Headers headers = Headers.EMPTY;
    private int targetStart;
    private int targetEnd;
    private long bodyLength;
    private boolean keepAlive;
    private boolean expectsContinue;

    /// @param maxHead   octets of request line and fields together
    /// @param maxFields how many fields
    public RequestParser(int maxHead, int maxFields) {
        this.maxHead = maxHead;
        this.maxFields = maxFields;
    }

    public int maxHead() {
        return maxHead;
    }

    public int maxFields() {
        return maxFields;
    }

    /// Parses a head at the reader index of `in`, and moves that behind it when it is complete.
    public Outcome parse(ByteBuf in) {
        int available = Math.min(in.readableBytes(), maxHead + 1);
        if (scratch.length < available) {
            scratch = new byte[Math.max(available, Math.min(scratch.length * 2, maxHead + 1))];
        }
        byte[] b = scratch;
        in.getBytes(in.readerIndex(), b, 0, available);
        fault = null;
        int start = available >= 2 && b[0] == '\r' && b[1] == '\n' ? 2 : 0; // RFC 9112 §2.2: one empty line
        if (start == 0 && available == 1 && b[0] == '\r') {
            return Outcome.INCOMPLETE;
        }
        int fieldsStart = parseLine(b, start, available);
        if (fieldsStart < 0) {
            return incomplete(available, RequestFault.TARGET_TOO_LONG);
        }
        int end = fields.parse(b, fieldsStart, available, maxFields);
        if (end < 0) {
            switch (end) {
                case FieldSection.MALFORMED -> fault = RequestFault.FIELD;
                case FieldSection.TOO_MANY -> fault = RequestFault.TOO_MANY_FIELDS;
                default -> {}
            }
            return incomplete(available, RequestFault.HEAD_TOO_LARGE);
        }
        if (end > maxHead) {
            return fail(RequestFault.HEAD_TOO_LARGE);
        }
        headers = fields.take(b);
        fault = frame();
        if (fault != null) {
            return Outcome.FAULT;
        }
        in.skipBytes(end);
        return Outcome.HEAD;
    }

    private Outcome incomplete(int available, RequestFault tooLarge) {
        if (fault == null && available <= maxHead) {
            return Outcome.INCOMPLETE;
        }
        return fail(fault != null ? fault : tooLarge);
    }

    private Outcome fail(RequestFault why) {
        fault = why;
        return Outcome.FAULT;
    }

    /// The index after the request line, or −1 when it is incomplete or [#fault] says what is wrong.
    private int parseLine(byte[] b, int start, int to) {
        int i = FieldGrammar.skipToken(b, start, to);
        if (i == to) {
            return -1;
        }
        if (b[i] != ' ' || i == start) {
            fault = RequestFault.REQUEST_LINE;
            return -1;
        }
        int methodEnd = i++;
        targetStart = i;
        while (i < to && (b[i] > ' ' || b[i] < 0) && b[i] != 0x7f) {
            i++;
        }
        if (i == to) {
            return -1;
        }
        if (b[i] != ' ' || i == targetStart) {
            fault = RequestFault.REQUEST_LINE;
            return -1;
        }
        targetEnd = i++;
        version = HttpVersion.HTTP_1_1;
        boolean otherVersion = false;
        for (int j = 0; j < VERSION.length; j++, i++) {
            if (i == to) {
                return -1;
            }
            if (b[i] != VERSION[j]) {
                if ((j != 5 && j != 7) || b[i] < '0' || b[i] > '9') {
                    fault = RequestFault.REQUEST_LINE;
                    return -1;
                }
                if (j == 7 && b[i] == '0' && !otherVersion) {
                    version = HttpVersion.HTTP_1_0;
                } else {
                    otherVersion = true;
                }
            }
        }
        method = Method.of(b, start, methodEnd);
        if (otherVersion) {
            fault = isPreface(b, start, methodEnd) ? RequestFault.REQUEST_LINE : RequestFault.VERSION;
            return -1;
        }
        if (method == null) {
            fault = RequestFault.METHOD;
            return -1;
        }
        return i;
    }

    /// Whether the method is that of the HTTP/2 connection preface (threat SM-27).
    private static boolean isPreface(byte[] b, int start, int end) {
        return end - start == 3 && b[start] == 'P' && b[start + 1] == 'R' && b[start + 2] == 'I';
    }

    private @Nullable RequestFault frame() {
        keepAlive = version == HttpVersion.HTTP_1_1;
        bodyLength = 0;
        expectsContinue = false;
        Headers h = headers;
        if ((h.present() & FRAMING) == 0) {
            return null;
        }
        if (h.has(FieldName.WEBSOCKET_DRAFT_KEY)) {
            return RequestFault.FIELD;
        }
        if (h.has(FieldName.CONNECTION) && Framing.hasToken(h, FieldName.CONNECTION, "close")) {
            keepAlive = false;
        }
        if (h.has(FieldName.TRANSFER_ENCODING)) {
            if (h.has(FieldName.CONTENT_LENGTH) || version != HttpVersion.HTTP_1_1) {
                return RequestFault.FRAMING;
            }
            if (!Framing.chunked(h)) {
                return Framing.unknownCoding(h) ? RequestFault.TRANSFER_CODING : RequestFault.FRAMING;
            }
            bodyLength = -1;
        } else if (h.has(FieldName.CONTENT_LENGTH)) {
            bodyLength = Framing.contentLength(h);
            if (bodyLength < 0) {
                return RequestFault.FRAMING;
            }
        }
        if (h.has(FieldName.EXPECT) && version == HttpVersion.HTTP_1_1) {
            if ((h.repeated() & FieldName.EXPECT.bit()) != 0
                    || !h.valueIs(h.indexOf(FieldName.EXPECT), "100-continue")) {
                return RequestFault.EXPECTATION;
            }
            expectsContinue = bodyLength != 0;
        }
        return null;
    }

    private static final long FRAMING = FieldName.CONNECTION.bit()
            | FieldName.TRANSFER_ENCODING.bit()
            | FieldName.CONTENT_LENGTH.bit()
            | FieldName.EXPECT.bit()
            | FieldName.WEBSOCKET_DRAFT_KEY.bit();

    /// What is wrong, after [Outcome#FAULT].
    public RequestFault fault() {
        RequestFault found = fault;
        if (found == null) {
            throw new IllegalStateException("the head parsed last has no fault");
        }
        return found;
    }

    public Method method() {
        Method known = method;
        if (known == null) {
            throw new IllegalStateException("no head was parsed");
        }
        return known;
    }

    public HttpVersion version() {
        return version;
    }

    public Headers headers() {
        return headers;
    }

    /// Holds the request target at `[targetStart(), targetEnd())`, until the next call.
    public byte[] bytes() {
        return scratch;
    }

    public int targetStart() {
        return targetStart;
    }

    public int targetEnd() {
        return targetEnd;
    }

    /// Octets of body declared, 0 for none, −1 for a chunked one.
    public long bodyLength() {
        return bodyLength;
    }

    /// Whether the client lets the connection live on.
    public boolean keepAlive() {
        return keepAlive;
    }

    /// Whether the client waits for `100 Continue` before it sends its body.
    public boolean expectsContinue() {
        return expectsContinue;
    }
}
