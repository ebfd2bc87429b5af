package dev.sallyport.dataplane.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the gateway wants to know of a ClientHello before the TLS engine sees it (RFC 8446 §4.1.2, RFC 5246
/// §7.4.1.2).
///
/// It serves for early and exact refusals only: certificate and protocol are chosen by the engine, out of what the
/// engine
/// reads.
///
/// @param serverName as sent, null when there is none
/// @param protocols  ALPN names offered, null when the client does not use ALPN
record ClientHello(@Nullable String serverName, @Nullable List<String> protocols) {
    private static final int VERSION_AND_RANDOM = 34;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int ALPN = 16;

    /// Reads the body of a ClientHello, `hello[start, end)`; null when it is malformed.
    static @Nullable ClientHello read(ByteBuf hello, int start, int end) {
        Cursor at = new Cursor(hello, start + VERSION_AND_RANDOM, end);
        if (!at.skipVector(1) || !at.skipVector(2) || !at.skipVector(1)) {
            return null;
        }
        if (at.position == end) {
            return new ClientHello(null, null);
        }
        int length = at.number(2);
        if (length != end - at.position) {
            return null;
        }
        String serverName = null;
        List<String> protocols = null;
        while (at.position < end) {
            int type = at.number(2);
            int size = at.number(2);
            if (type < 0 || size < 0 || size > end - at.position) {
                return null;
            }
            Cursor extension = new Cursor(hello, at.position, at.position + size);
            at.position += size;
            if (type == SERVER_NAME) {
                if (serverName != null || (serverName = serverName(extension)) == null) {
                    return null;
                }
            } else if (type == ALPN) {
                if (protocols != null || (protocols = protocols(extension)) == null) {
                    return null;
                }
            }
        }
        return new ClientHello(serverName, protocols);
    }

    /// The one host name of a list of one (RFC 6066 §3), or null when it is malformed.
    private static @Nullable String serverName(Cursor extension) {
        if (extension.number(2) != extension.end - extension.position || extension.number(1) != HOST_NAME) {
            return null;
        }
        int length = extension.number(2);
        return length > 0 && length == extension.end - extension.position ? extension.text(length) : null;
    }

    /// The names of a list that is not empty (RFC 7301 §3.1), or null when it is malformed.
    private static @Nullable List<String> protocols(Cursor extension) {
        if (extension.number(2) != extension.end - extension.position) {
            return null;
        }
        List<String> names = new ArrayList<>(4);
        while (extension.position < extension.end) {
            int length = extension.number(1);
            if (length <= 0 || length > extension.end - extension.position) {
                return null;
            }
            names.add(extension.text(length));
        }
        return names.isEmpty() ? null : names;
    }

    /// Reads forward within bounds; −1 where there is nothing more to read.
    private static final class Cursor {
        private final ByteBuf bytes;
        private final int end;
        private int position;

        Cursor(ByteBuf bytes, int start, int end) {
            this.bytes = bytes;
            this.position = start;
            this.end = end;
        }

        int number(int octets) {
            if (end - position < octets) {
                return -1;
            }
            int value = 0;
            for (int i = 0; i < octets; i++) {
                value = value << 8 | bytes.getUnsignedByte(position++);
            }
            return value;
        }

        boolean skipVector(int lengthOctets) {
            int length = number(lengthOctets);
            if (length < 0 || length > end - position) {
                return false;
            }
            position += length;
            return true;
        }

        String text(int length) {
            String text = bytes.toString(position, length, StandardCharsets.ISO_8859_1);
            position += length;
            return text;
        }
    }
}
