package dev.sallyport.dataplane.http2;

import java.nio.charset.StandardCharsets;

/// Numbers of the frame layer (RFC 9113 §4, §6).
public final class Frames {
    public static final int HEADER_LENGTH = 9;
    /// The largest payload either side may send unless told otherwise; we never tell otherwise.
    public static final int MAX_PAYLOAD = 16_384;

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 0x1;
    public static final int ACK = 0x1;
    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;
    public static final int PRIORITISED = 0x20;

    public static final int HEADER_TABLE_SIZE = 1;
    public static final int ENABLE_PUSH = 2;
    public static final int MAX_CONCURRENT_STREAMS = 3;
    public static final int INITIAL_WINDOW_SIZE = 4;
    public static final int MAX_FRAME_SIZE = 5;
    public static final int MAX_HEADER_LIST_SIZE = 6;

    /// The window of a stream and of a connection before anything was agreed.
    public static final int DEFAULT_WINDOW = 65_535;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Frames() {}

    /// How many octets a client begins with (RFC 9113 §3.4).
    public static int prefaceLength() {
        return PREFACE.length;
    }

    /// Octet `index` of what a client begins with.
    public static byte preface(int index) {
        return PREFACE[index];
    }
}
