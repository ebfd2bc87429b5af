package dev.sallyport.dataplane.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/// Writes frames, many of them into one buffer, and flushes once per turn of the event loop. Confined to its
/// connection's loop.
final class FrameWriter {
    private static final int BUFFER = 4096;
    /// A buffer that is so full goes to the channel before the turn ends, so that its watermarks see it.
    private static final int FULL = 32 * 1024;
    /// Body pieces up to this size are copied behind their header: one buffer less to send costs less than the
    /// copy.
    private static final int COPIED = 4096;

    private final Channel channel;
    private final Runnable endOfTurn = this::endTurn;
    private @Nullable ByteBuf out;
    private boolean flushDue;
    private boolean scheduled;
    private boolean batch;

    FrameWriter(Channel channel) {
        this.channel = channel;
    }

    /// Room for `more` octets; a flush is due from here on.
    private ByteBuf room(int more) {
        ByteBuf buffer = out;
        if (buffer != null && buffer.readableBytes() + more > FULL) {
            channel.write(buffer, channel.voidPromise());
            buffer = null;
        }
        if (buffer == null) {
            buffer = channel.alloc().directBuffer(Math.max(BUFFER, more));
            out = buffer;
        }
        flushDue = true;
        if (!scheduled && !batch) {
            scheduled = true;
            channel.eventLoop().execute(endOfTurn);
        }
        return buffer;
    }

    private void endTurn() {
        scheduled = false;
        flush();
    }

    /// Says whether frames are being read, so that [#flush()] is sure to come.
    void batch(boolean is) {
        batch = is;
    }

    /// Sends what was written.
    void flush() {
        if (!flushDue) {
            return;
        }
        flushDue = false;
        ByteBuf buffer = out;
        out = null;
        if (buffer != null) {
            channel.write(buffer, channel.voidPromise());
        }
        channel.flush();
    }

    /// Whether the channel takes more without queueing beyond its watermark.
    boolean writable() {
        return channel.isWritable();
    }

    void release() {
        ByteBuf buffer = out;
        if (buffer != null) {
            out = null;
            buffer.release();
        }
    }

    private static void header(ByteBuf to, int length, int type, int flags, int stream) {
        to.writeInt(length << 8 | type);
        to.writeByte(flags);
        to.writeInt(stream);
    }

    void preface() {
        ByteBuf to = room(Frames.prefaceLength());
        for (int i = 0; i < Frames.prefaceLength(); i++) {
            to.writeByte(Frames.preface(i));
        }
    }

    /// @param idsAndValues of settings, in turn
    void settings(int... idsAndValues) {
        int length = idsAndValues.length / 2 * 6;
        ByteBuf to = room(Frames.HEADER_LENGTH + length);
        header(to, length, Frames.SETTINGS, 0, 0);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            to.writeShort(idsAndValues[i]);
            to.writeInt(idsAndValues[i + 1]);
        }
    }

    void settingsAck() {
        header(room(Frames.HEADER_LENGTH), 0, Frames.SETTINGS, Frames.ACK, 0);
    }

    void ping(long opaque, boolean ack) {
        ByteBuf to = room(Frames.HEADER_LENGTH + 8);
        header(to, 8, Frames.PING, ack ? Frames.ACK : 0, 0);
        to.writeLong(opaque);
    }

    void goAway(int lastStream, ErrorCode code) {
        ByteBuf to = room(Frames.HEADER_LENGTH + 8);
        header(to, 8, Frames.GOAWAY, 0, 0);
        to.writeInt(lastStream);
        to.writeInt(code.code());
    }

    void reset(int stream, ErrorCode code) {
        ByteBuf to = room(Frames.HEADER_LENGTH + 4);
        header(to, 4, Frames.RST_STREAM, 0, stream);
        to.writeInt(code.code());
    }

    void windowUpdate(int stream, int increment) {
        ByteBuf to = room(Frames.HEADER_LENGTH + 4);
        header(to, 4, Frames.WINDOW_UPDATE, 0, stream);
        to.writeInt(increment);
    }

    /// Writes the block that `encoder` holds, in as many frames as it takes.
    void fields(int stream, HpackEncoder encoder, boolean last) {
        byte[] block = encoder.block();
        int length = encoder.length() - Frames.HEADER_LENGTH;
        int flags = last ? Frames.END_STREAM : 0;
        if (length <= Frames.MAX_PAYLOAD) {
            int type = Frames.HEADERS;
            block[0] = (byte) (length >>> 16);
            block[1] = (byte) (length >>> 8);
            block[2] = (byte) length;
            block[3] = (byte) type;
            block[4] = (byte) (flags | Frames.END_HEADERS);
            block[5] = (byte) (stream >>> 24);
            block[6] = (byte) (stream >>> 16);
            block[7] = (byte) (stream >>> 8);
            block[8] = (byte) stream;
            room(encoder.length()).writeBytes(block, 0, encoder.length());
            return;
        }
        int type = Frames.HEADERS;
        for (int at = 0; at < length; at += Frames.MAX_PAYLOAD) {
            int part = Math.min(Frames.MAX_PAYLOAD, length - at);
            ByteBuf to = room(Frames.HEADER_LENGTH + part);
            header(to, part, type, at + part == length ? flags | Frames.END_HEADERS : flags, stream);
            to.writeBytes(block, Frames.HEADER_LENGTH + at, part);
            type = Frames.CONTINUATION;
            flags = 0;
        }
    }

    /// Writes `data`, which is owned from here on and no longer than a frame's payload.
    void data(int stream, ByteBuf data, boolean last) {
        int length = data.readableBytes();
        boolean copied = length <= COPIED;
        ByteBuf to = room(Frames.HEADER_LENGTH + (copied ? length : 0));
        header(to, length, Frames.DATA, last ? Frames.END_STREAM : 0, stream);
        if (copied) {
            to.writeBytes(data);
            data.release();
        } else {
            channel.write(to, channel.voidPromise());
            out = null;
            channel.write(data, channel.voidPromise());
        }
    }
}
