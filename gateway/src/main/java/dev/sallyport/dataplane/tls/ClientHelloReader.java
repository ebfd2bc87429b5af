package dev.sallyport.dataplane.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Finds the ClientHello at the start of a connection, however it is cut into records and reads.
///
/// Every octet is looked at once, and no more than [#MAX_OCTETS] are kept (threat TL-02). Confined to its event
/// loop; [#close()] gives its memory back.
final class ClientHelloReader implements AutoCloseable {
    /// Records included; real ones are below 4 KiB.
    static final int MAX_OCTETS = 64 * 1024;

    private static final int RECORD_HEADER = 5;
    private static final int MAX_RECORD = 1 << 14;
    private static final int HANDSHAKE_HEADER = 4;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;

    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf joined;
    private int scanned;
    private @Nullable ClientHello found;

    ClientHelloReader(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /// What is known after another look.
    enum State {
        INCOMPLETE,
        /// [#hello()] has it.
        FOUND,
        /// Not TLS at all.
        NOT_TLS,
        /// TLS, but no ClientHello that the engine would take.
        MALFORMED,
        TOO_LONG
    }

    /// Looks at `bytes`, all that was received so far: what was looked at before and more. They are not consumed.
    State look(ByteBuf bytes) {
        while (true) {
            int record = bytes.readerIndex() + scanned;
            int available = bytes.readableBytes() - scanned;
            if (available > 0 && bytes.getUnsignedByte(record) != HANDSHAKE) {
                return scanned == 0 ? State.NOT_TLS : State.MALFORMED;
            }
            if (available > 1 && bytes.getUnsignedByte(record + 1) != 3) {
                return scanned == 0 ? State.NOT_TLS : State.MALFORMED;
            }
            if (available < RECORD_HEADER) {
                return orTooLong(bytes);
            }
            int length = bytes.getUnsignedShort(record + 3);
            if (length == 0 || length > MAX_RECORD) {
                return State.MALFORMED;
            }
            if (available < RECORD_HEADER + length) {
                return orTooLong(bytes);
            }
            State state = fragment(bytes, record + RECORD_HEADER, length);
            scanned += RECORD_HEADER + length;
            if (state != State.INCOMPLETE) {
                return state;
            }
        }
    }

    private static State orTooLong(ByteBuf bytes) {
        return bytes.readableBytes() > MAX_OCTETS ? State.TOO_LONG : State.INCOMPLETE;
    }

    private State fragment(ByteBuf bytes, int start, int length) {
        if (joined == null) {
            State whole = message(bytes, start, length);
            if (whole != State.INCOMPLETE) {
                return whole;
            }
            joined = allocator.heapBuffer(Math.max(512, length * 2));
        }
        joined.writeBytes(bytes, start, length);
        return message(joined, 0, joined.readableBytes());
    }

    /// Judges a message of which `length` octets are there.
    private State message(ByteBuf bytes, int start, int length) {
        if (bytes.getUnsignedByte(start) != CLIENT_HELLO) {
            return State.MALFORMED;
        }
        if (length < HANDSHAKE_HEADER) {
            return State.INCOMPLETE;
        }
        int announced = bytes.getUnsignedMedium(start + 1);
        if (announced > MAX_OCTETS) {
            return State.TOO_LONG;
        }
        if (length < HANDSHAKE_HEADER + announced) {
            return State.INCOMPLETE;
        }
        int body = start + HANDSHAKE_HEADER;
        found = ClientHello.read(bytes, body, body + announced);
        return found == null ? State.MALFORMED : State.FOUND;
    }

    /// What was found, when [State#FOUND].
    ClientHello hello() {
        ClientHello hello = found;
        if (hello == null) {
            throw new IllegalStateException("no ClientHello was found");
        }
        return hello;
    }

    @Override
    public void close() {
        if (joined != null) {
            joined.release();
            joined = null;
        }
    }
}
