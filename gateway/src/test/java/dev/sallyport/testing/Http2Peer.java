package dev.sallyport.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One end of an HTTP/2 connection that sends any frames and reads those of the other end. Every wait has a
/// deadline.
///
/// Field blocks are written plain, so that any octets can stand in them; they are read by Netty's HPACK decoder,
/// which is not the gateway's. Settings are acknowledged and pings are answered while reading.
public final class Http2Peer implements AutoCloseable {
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
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket;
    private final InputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private boolean acknowledges = true;

    /// A frame as it came.
    ///
    /// @param payload with padding and priority, where there is any
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    public record Frame(int type, int flags, int stream, byte[] payload) {
        public boolean endStream() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /// The 32 bits at `at`.
        public int int32(int at) {
            return Unpooled.wrappedBuffer(payload).getInt(at);
        }
    }

    /// What a stream carried, up to its end.
    ///
    /// @param fields  of the final head, `name: value` each, pseudo-fields too
    /// @param reset   the code of RST_STREAM, −1 when the stream ended well
    public record Message(
            List<List<String>> interims, List<String> fields, String body, List<String> trailers, int reset) {
        public String status() {
            return field(":status");
        }

        /// The value of the first field called `name`, or an empty string.
        public String field(String name) {
            return fields.stream()
                    .filter(field -> field.startsWith(name + ": "))
                    .map(field -> field.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }
    }

    private Http2Peer(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        socket.setSoTimeout((int) Eventually.DEADLINE.toMillis());
        socket.setTcpNoDelay(true);
    }

    /// A client that has sent nothing yet.
    public static Http2Peer connectSilently(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new Http2Peer(socket);
    }

    /// A client that has sent its preface and these settings, ids and values in turn.
    public static Http2Peer connect(int port, int... settings) throws IOException {
        Http2Peer peer = connectSilently(port);
        peer.send(Octets.of(PREFACE));
        return peer.settings(settings);
    }

    /// A client over a socket that is connected already, such as one with TLS.
    public static Http2Peer over(Socket socket) throws IOException {
        Http2Peer peer = new Http2Peer(socket);
        peer.send(Octets.of(PREFACE));
        return peer.settings();
    }

    /// A server over an accepted socket, which has read the client's preface and sent its settings.
    public static Http2Peer accepted(Socket socket, int... settings) throws IOException {
        Http2Peer peer = new Http2Peer(socket);
        String preface = Octets.text(peer.in.readNBytes(PREFACE.length()));
        if (!preface.equals(PREFACE)) {
            throw new MalformedMessage("not a preface: " + Octets.visible(preface));
        }
        return peer.settings(settings);
    }

    /// Does not acknowledge settings any more.
    public Http2Peer withoutAcknowledging() {
        acknowledges = false;
        return this;
    }

    /// Sends octets; those the other end no longer takes are dropped, as a network would.
    public Http2Peer send(byte[] octets) throws IOException {
        try {
            socket.getOutputStream().write(octets);
        } catch (SocketException ended) {
            // what it answered is still to be read
        }
        return this;
    }

    public static byte[] frame(int type, int flags, int stream, byte... payload) {
        return frame(type, flags, stream, payload.length, payload);
    }

    /// A frame that announces `length` whatever its payload is.
    public static byte[] frame(int type, int flags, int stream, int length, byte[] payload) {
        ByteBuf frame = Unpooled.buffer()
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
        byte[] octets = new byte[frame.readableBytes()];
        frame.readBytes(octets);
        return octets;
    }

    /// Sends a frame.
    public Http2Peer send(int type, int flags, int stream, byte... payload) throws IOException {
        return send(frame(type, flags, stream, payload));
    }

    public Http2Peer settings(int... idsAndValues) throws IOException {
        ByteBuf payload = Unpooled.buffer();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.writeShort(idsAndValues[i]).writeInt(idsAndValues[i + 1]);
        }
        return send(SETTINGS, 0, 0, bytes(payload));
    }

    /// Sends a head in one frame; names and values in turn.
    public Http2Peer headers(int stream, boolean last, String... namesAndValues) throws IOException {
        return send(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block(namesAndValues));
    }

    /// Sends a request head for `path`, with more fields after it.
    public Http2Peer request(int stream, boolean last, String method, String path, String... more) throws IOException {
        List<String> fields =
                new ArrayList<>(List.of(":method", method, ":scheme", "http", ":authority", "a.test", ":path", path));
        fields.addAll(List.of(more));
        return headers(stream, last, fields.toArray(String[]::new));
    }

    public Http2Peer get(int stream, String path) throws IOException {
        return request(stream, true, "GET", path);
    }

    public Http2Peer data(int stream, boolean last, String body) throws IOException {
        return send(DATA, last ? END_STREAM : 0, stream, Octets.of(body));
    }

    public Http2Peer reset(int stream, int code) throws IOException {
        return send(RST_STREAM, 0, stream, bytes(Unpooled.buffer().writeInt(code)));
    }

    public Http2Peer windowUpdate(int stream, int increment) throws IOException {
        return send(WINDOW_UPDATE, 0, stream, bytes(Unpooled.buffer().writeInt(increment)));
    }

    public Http2Peer goAway(int lastStream, int code) throws IOException {
        return send(GOAWAY, 0, 0, bytes(Unpooled.buffer().writeInt(lastStream).writeInt(code)));
    }

    /// A field block of literals that stay out of the table; names and values in turn, as they are.
    public static byte[] block(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.write(0);
            string(out, namesAndValues[i]);
            string(out, namesAndValues[i + 1]);
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        int length = text.length();
        if (length < 127) {
            out.write(length);
        } else {
            out.write(127);
            int rest = length - 127;
            while (rest >= 128) {
                out.write((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }
        out.writeBytes(Octets.of(text));
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] octets = new byte[buffer.readableBytes()];
        buffer.readBytes(octets);
        return octets;
    }

    /// The next frame of any kind, or null at the end of the connection.
    public @Nullable Frame next() throws IOException {
        try {
            byte[] header = in.readNBytes(9);
            if (header.length == 0) {
                return null;
            }
            if (header.length < 9) {
                throw new EOFException("the connection ended within a frame header");
            }
            ByteBuf head = Unpooled.wrappedBuffer(header);
            byte[] payload = in.readNBytes(head.getUnsignedMedium(0));
            Frame frame = new Frame(header[3], header[4], head.getInt(5), payload);
            if (frame.type == SETTINGS && (frame.flags & 1) == 0 && acknowledges) {
                send(SETTINGS, 1, 0);
            } else if (frame.type == PING && (frame.flags & 1) == 0) {
                send(PING, 1, 0, payload);
            }
            return frame;
        } catch (SocketTimeoutException timeout) {
            throw new AssertionError("no frame came in time", timeout);
        } catch (SocketException ended) {
            return null;
        }
    }

    /// The next frame of any kind; fails at the end of the connection.
    public Frame some() throws IOException {
        Frame frame = next();
        if (frame == null) {
            throw new AssertionError("the connection ended");
        }
        return frame;
    }

    /// The next frame of `type`; others before it are skipped.
    public Frame next(int type) throws IOException {
        List<Integer> others = new ArrayList<>();
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type == type) {
                return frame;
            }
            others.add(frame.type);
        }
        throw new AssertionError("the connection ended without a frame of type " + type + ", after " + others);
    }

    /// The code of the GOAWAY that ends the connection; fails when there is none.
    public int goAwayCode() throws IOException {
        int code = next(GOAWAY).int32(4);
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type == GOAWAY) {
                code = frame.int32(4);
            }
        }
        return code;
    }

    /// Whether the connection ends without GOAWAY.
    public boolean endsSilently() throws IOException {
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type == GOAWAY) {
                return false;
            }
        }
        return true;
    }

    /// Reads until `stream` ends; frames of other streams are skipped. Windows are given back as body arrives.
    public Message message(int stream) throws IOException {
        return message(stream, true);
    }

    /// Reads until `stream` ends.
    ///
    /// @param generous whether windows are given back as body arrives
    public Message message(int stream, boolean generous) throws IOException {
        List<List<String>> interims = new ArrayList<>();
        List<String> fields = List.of();
        List<String> trailers = List.of();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type == HEADERS) {
                List<String> section = fields(frame);
                if (frame.stream != stream) {
                    continue;
                }
                if (section.contains(":status: 100") || section.getFirst().startsWith(":status: 1")) {
                    interims.add(section);
                } else if (fields.isEmpty()) {
                    fields = section;
                } else {
                    trailers = section;
                }
            } else if (frame.type == DATA) {
                if (frame.payload.length > 0 && generous) {
                    windowUpdate(0, frame.payload.length);
                    if (!frame.endStream()) {
                        windowUpdate(frame.stream, frame.payload.length);
                    }
                }
                if (frame.stream == stream) {
                    body.writeBytes(frame.payload);
                }
            } else if (frame.type == RST_STREAM && frame.stream == stream) {
                return new Message(interims, fields, Octets.text(body.toByteArray()), trailers, frame.int32(0));
            } else if (frame.type == GOAWAY && frame.int32(4) != 0) {
                throw new AssertionError("GOAWAY with code " + frame.int32(4) + " instead of an end of " + stream);
            }
            if (frame.stream == stream && frame.endStream()) {
                return new Message(interims, fields, Octets.text(body.toByteArray()), trailers, -1);
            }
        }
        throw new AssertionError("the connection ended before stream " + stream);
    }

    /// The code with which `stream` is reset; fails when it ends well.
    public int resetCode(int stream) throws IOException {
        Message message = message(stream);
        if (message.reset < 0) {
            throw new AssertionError("stream " + stream + " was answered: " + message);
        }
        return message.reset;
    }

    /// The fields of a HEADERS frame, `name: value` each.
    public List<String> fields(Frame frame) throws IOException {
        if ((frame.flags & END_HEADERS) == 0) {
            throw new AssertionError("a field block in several frames");
        }
        try {
            Http2Headers decoded = decoder.decodeHeaders(frame.stream, Unpooled.wrappedBuffer(frame.payload));
            List<String> fields = new ArrayList<>();
            for (Map.Entry<CharSequence, CharSequence> field : decoded) {
                fields.add(field.getKey() + ": " + field.getValue());
            }
            return fields;
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    /// Whether the other end answers a PING, so that the connection lives and everything before was taken in.
    public boolean alive() throws IOException {
        send(PING, 0, 0, Octets.of("liveness"));
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type == PING && (frame.flags & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
