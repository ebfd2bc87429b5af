package dev.sallyport.dataplane.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts octets into frames and checks each frame's shape (RFC 9113 §4, §6). Confined to its connection's loop.
///
/// DATA is passed on as it arrives; other frames are collected whole, in memory that grows with what was received,
/// not with what was announced.
final class FrameReader {
    /// CONTINUATION frames per field block (threat DO-07).
    static final int MAX_CONTINUATIONS = 16;

    private static final byte[] NOTHING = new byte[0];
    private static final int KEEP = 1024;
    private static final int SETTINGS_COST = 10;
    private static final int EMPTY_COST = 20;

    private final FrameListener listener;
    private final FloodGuard guard;
    private final int maxBlock;
    private int preface;
    private boolean settingsSeen;
    private boolean failed;

    /// The part of a frame's header or payload that has arrived.
    private byte[] held = NOTHING;

    private int heldLength;

    private boolean inPayload;
    private int length;
    private int type;
    private int flags;
    private int stream;

    private boolean padLengthKnown;
    private int dataLeft;
    private int paddingLeft;

    private byte[] block = NOTHING;
    private int blockLength;
    private int blockStream;
    private boolean blockEndsStream;
    private int continuations;

    /// @param expectPreface whether the peer is a client, which begins with its preface
    /// @param maxBlock      octets of a field block, compressed
    FrameReader(FrameListener listener, FloodGuard guard, boolean expectPreface, int maxBlock) {
        this.listener = listener;
        this.guard = guard;
        this.maxBlock = maxBlock;
        this.preface = expectPreface ? 0 : Frames.prefaceLength();
    }

    /// Whether a frame or field block has begun that is not complete; the payload of DATA does not count.
    boolean within() {
        return heldLength > 0 || blockStream != 0 || (inPayload && type != Frames.DATA);
    }

    /// Reads what is there; the caller still owns `in`.
    void read(ByteBuf in) {
        while (!failed && preface < Frames.prefaceLength() && in.isReadable()) {
            if (in.readByte() != Frames.preface(preface++)) {
                fail(ErrorCode.PROTOCOL_ERROR);
                return;
            }
        }
        while (!failed && (inPayload ? readPayload(in) : readHeader(in))) {
            // one frame's part after the other
        }
        if (heldLength == 0 && held.length > KEEP) {
            held = NOTHING;
        }
    }

    private boolean readHeader(ByteBuf in) {
        if (heldLength == 0 && in.readableBytes() >= Frames.HEADER_LENGTH) {
            length = in.readUnsignedMedium();
            type = in.readByte();
            flags = in.readByte();
            stream = in.readInt() & 0x7fffffff;
        } else {
            if (!collect(in, Frames.HEADER_LENGTH)) {
                return false;
            }
            length = (held[0] & 0xff) << 16 | (held[1] & 0xff) << 8 | (held[2] & 0xff);
            type = held[3];
            flags = held[4];
            stream = int32(5) & 0x7fffffff;
            heldLength = 0;
        }
        ErrorCode error = checkHeader();
        if (error != null) {
            fail(error);
            return false;
        }
        inPayload = true;
        if (type == Frames.DATA) {
            padLengthKnown = (flags & Frames.PADDED) == 0;
            dataLeft = length;
            paddingLeft = 0;
        }
        return true;
    }

    private @Nullable ErrorCode checkHeader() {
        if (length > Frames.MAX_PAYLOAD) {
            return ErrorCode.FRAME_SIZE_ERROR;
        }
        if (blockStream != 0 && (type != Frames.CONTINUATION || stream != blockStream)) {
            return ErrorCode.PROTOCOL_ERROR;
        }
        if (!settingsSeen) {
            if (type != Frames.SETTINGS || (flags & Frames.ACK) != 0) {
                return ErrorCode.PROTOCOL_ERROR;
            }
            settingsSeen = true;
        }
        boolean connection = stream == 0;
        return switch (type) {
            case Frames.DATA -> connection ? ErrorCode.PROTOCOL_ERROR : checkData();
            case Frames.HEADERS -> connection ? ErrorCode.PROTOCOL_ERROR : null;
            case Frames.CONTINUATION -> {
                if (blockStream == 0) {
                    yield ErrorCode.PROTOCOL_ERROR;
                }
                boolean endless = ++continuations > MAX_CONTINUATIONS;
                yield endless ? ErrorCode.ENHANCE_YOUR_CALM : length == 0 ? cost(EMPTY_COST) : null;
            }
            case Frames.PUSH_PROMISE -> ErrorCode.PROTOCOL_ERROR;
            case Frames.SETTINGS -> {
                boolean wrong = length % 6 != 0 || ((flags & Frames.ACK) != 0 && length != 0);
                yield check(connection, !wrong, SETTINGS_COST + length / 6);
            }
            case Frames.PRIORITY -> check(!connection, true, 1);
            case Frames.RST_STREAM -> check(!connection, length == 4, 1);
            case Frames.PING -> check(connection, length == 8, 1);
            case Frames.GOAWAY -> check(connection, length >= 8, 1);
            case Frames.WINDOW_UPDATE -> check(true, length == 4, 1);
            default -> cost(1 + length / 1024);
        };
    }

    private @Nullable ErrorCode checkData() {
        if (length == 0 && (flags & Frames.PADDED) != 0) {
            return ErrorCode.FRAME_SIZE_ERROR;
        }
        return length == 0 && (flags & Frames.END_STREAM) == 0 ? cost(EMPTY_COST) : null;
    }

    private @Nullable ErrorCode check(boolean placed, boolean sized, int units) {
        return !placed ? ErrorCode.PROTOCOL_ERROR : !sized ? ErrorCode.FRAME_SIZE_ERROR : cost(units);
    }

    private @Nullable ErrorCode cost(int units) {
        return guard.control(units) ? null : ErrorCode.ENHANCE_YOUR_CALM;
    }

    private boolean readPayload(ByteBuf in) {
        if (type == Frames.DATA) {
            return readData(in);
        }
        if (!collect(in, length)) {
            return false;
        }
        inPayload = false;
        heldLength = 0;
        deliver();
        return true;
    }

    /// Collects octets until `wanted` are held.
    private boolean collect(ByteBuf in, int wanted) {
        int more = Math.min(wanted - heldLength, in.readableBytes());
        if (heldLength + more > held.length) {
            int roomy = Math.max(heldLength + more, Math.min(wanted, 2 * (heldLength + more)));
            held = Arrays.copyOf(held, Math.max(64, roomy));
        }
        in.readBytes(held, heldLength, more);
        heldLength += more;
        return heldLength == wanted;
    }

    private boolean readData(ByteBuf in) {
        int padding = 0;
        if (!padLengthKnown) {
            if (!in.isReadable()) {
                return false;
            }
            paddingLeft = in.readUnsignedByte();
            padLengthKnown = true;
            padding = 1;
            dataLeft = length - 1 - paddingLeft;
            if (dataLeft < 0) {
                fail(ErrorCode.PROTOCOL_ERROR);
                return false;
            }
        }
        int data = Math.min(dataLeft, in.readableBytes());
        ByteBuf piece = data == 0 ? Unpooled.EMPTY_BUFFER : in.readRetainedSlice(data);
        dataLeft -= data;
        int skipped = dataLeft > 0 ? 0 : Math.min(paddingLeft, in.readableBytes());
        in.skipBytes(skipped);
        paddingLeft -= skipped;
        padding += skipped;
        boolean complete = dataLeft == 0 && paddingLeft == 0;
        if (complete) {
            inPayload = false;
        } else if (data + padding == 0) {
            return false;
        }
        listener.onData(stream, piece, padding, complete && (flags & Frames.END_STREAM) != 0);
        return true;
    }

    private void deliver() {
        switch (type) {
            case Frames.HEADERS -> deliverHeaders();
            case Frames.CONTINUATION -> {
                if (extendBlock(0, length) && (flags & Frames.END_HEADERS) != 0) {
                    byte[] whole = block;
                    int ended = blockStream;
                    block = NOTHING;
                    blockStream = 0;
                    listener.onFieldBlock(ended, whole, 0, blockLength, blockEndsStream);
                }
            }
            case Frames.PRIORITY -> {
                if (length != 5) {
                    listener.onStreamError(stream, ErrorCode.FRAME_SIZE_ERROR);
                }
            }
            case Frames.RST_STREAM -> listener.onReset(stream, int32(0));
            case Frames.SETTINGS -> deliverSettings();
            case Frames.PING ->
                listener.onPing((long) int32(0) << 32 | (int32(4) & 0xffffffffL), (flags & Frames.ACK) != 0);
            case Frames.GOAWAY -> listener.onGoAway(int32(0) & 0x7fffffff, int32(4));
            case Frames.WINDOW_UPDATE -> {
                int increment = int32(0) & 0x7fffffff;
                if (increment > 0) {
                    listener.onWindowUpdate(stream, increment);
                } else if (stream == 0) {
                    fail(ErrorCode.PROTOCOL_ERROR);
                } else {
                    listener.onStreamError(stream, ErrorCode.PROTOCOL_ERROR);
                }
            }
            default -> {} // RFC 9113 §4.1: frames of unknown type are ignored
        }
    }

    private void deliverHeaders() {
        int from = 0;
        int to = length;
        if ((flags & Frames.PADDED) != 0) {
            from = 1;
            to -= length == 0 ? 1 : held[0] & 0xff;
        }
        if ((flags & Frames.PRIORITISED) != 0) {
            from += 5;
        }
        if (to < from) {
            fail(length < from ? ErrorCode.FRAME_SIZE_ERROR : ErrorCode.PROTOCOL_ERROR);
            return;
        }
        boolean last = (flags & Frames.END_STREAM) != 0;
        if ((flags & Frames.END_HEADERS) != 0) {
            listener.onFieldBlock(stream, held, from, to, last);
            return;
        }
        blockStream = stream;
        blockEndsStream = last;
        blockLength = 0;
        continuations = 0;
        extendBlock(from, to);
    }

    private boolean extendBlock(int from, int to) {
        int more = to - from;
        if (blockLength + more > maxBlock) {
            fail(ErrorCode.ENHANCE_YOUR_CALM);
            return false;
        }
        if (blockLength + more > block.length) {
            block = Arrays.copyOf(block, Math.max(blockLength + more, 2 * block.length));
        }
        System.arraycopy(held, from, block, blockLength, more);
        blockLength += more;
        return true;
    }

    private void deliverSettings() {
        if ((flags & Frames.ACK) != 0) {
            listener.onSettingsAck();
            return;
        }
        for (int at = 0; at < length && !failed; at += 6) {
            listener.onSetting((held[at] & 0xff) << 8 | (held[at + 1] & 0xff), int32(at + 2) & 0xffffffffL);
        }
        if (!failed) {
            listener.onSettingsEnd();
        }
    }

    private int int32(int at) {
        return (held[at] & 0xff) << 24
                | (held[at + 1] & 0xff) << 16
                | (held[at + 2] & 0xff) << 8
                | (held[at + 3] & 0xff);
    }

    /// Reads nothing more.
    void stop() {
        failed = true;
    }

    private void fail(ErrorCode code) {
        failed = true;
        listener.onConnectionError(code);
    }
}
