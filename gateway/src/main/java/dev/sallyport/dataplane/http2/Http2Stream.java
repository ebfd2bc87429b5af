package dev.sallyport.dataplane.http2;

import dev.sallyport.api.http.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// One stream: its windows, what waits to be sent, what was received and is not wanted yet. Confined to its
/// connection's loop.
public abstract class Http2Stream {
    private static final int HIGH = 64 * 1024;
    private static final int LOW = 32 * 1024;
    /// A receiver has to take so many octets, or all there are, to count as one that reads (threat DO-03).
    private static final int PROGRESS = 4096;

    private final Http2Session session;
    private final int id;
    private long sendWindow;
    private int receiveWindow;
    private int unacknowledged;

    private @Nullable SendQueue queue;
    private @Nullable Headers queuedTrailers;
    private boolean endQueued;
    private boolean outboundClosed;
    private boolean waiting;
    private boolean refusedMore;
    private long stalledSince;
    private int sentSinceStalled;

    private @Nullable ByteBuf held;
    private boolean endHeld;
    private boolean demanded;
    private boolean delivering;
    private boolean inboundClosed;
    private boolean gone;
    private long declared = -1;
    private long received;

    protected Http2Stream(Http2Session session, int id) {
        this.session = session;
        this.id = id;
        this.sendWindow = session.peerInitialWindow();
        this.receiveWindow = session.streamWindow();
    }

    public final int id() {
        return id;
    }

    /// A piece of the peer's body, wanted, and owned by this stream from here on.
    protected abstract void onData(ByteBuf data, boolean last);

    /// The peer ended the stream before its time, or broke its rules so that we did; the stream is closed.
    ///
    /// @param code as the peer sent it, or as we sent it
    /// @param byPeer whether the peer did it
    protected abstract void onReset(int code, boolean byPeer);

    /// The connection is gone, and the stream with it.
    protected abstract void onConnectionLost();

    /// More may be sent again.
    protected abstract void onWritable();

    /// Nothing of what waits was taken for as long as the connection allows.
    protected abstract void onStalled();

    /// A time to look at limits of one's own.
    protected void onTick(long now) {}

    // ---- what we send

    /// Whether more is welcome; [#onWritable()] says when it is again.
    public final boolean writable() {
        SendQueue waits = queue;
        boolean writable =
                (waits == null || waits.octets() < HIGH) && session.writer().writable();
        refusedMore |= !writable;
        return writable;
    }

    /// Sends a piece of body, owned from here on, now or as windows allow.
    protected final void write(ByteBuf data, boolean last) {
        if (gone || outboundClosed || endQueued) {
            data.release();
            return;
        }
        int size = data.readableBytes();
        SendQueue waits = queue;
        if (waits == null || waits.octets() == 0) {
            if (size == 0) {
                data.release();
                if (last) {
                    writeData(Unpooled.EMPTY_BUFFER, true);
                }
                return;
            }
            if (size <= Frames.MAX_PAYLOAD
                    && size <= sendable()
                    && session.writer().writable()) {
                writeData(data, last);
                return;
            }
        }
        if (waits == null) {
            waits = new SendQueue();
            queue = waits;
        }
        if (waits.octets() == 0) {
            stalledSince = System.nanoTime();
            sentSinceStalled = 0;
        }
        waits.add(data, session.channel().alloc());
        endQueued = last;
        session.pump(this);
    }

    /// Sends trailers and ends the stream, after what waits.
    protected final void endWith(Headers trailers) {
        if (gone || outboundClosed || endQueued) {
            return;
        }
        SendQueue waits = queue;
        if (waits != null && waits.octets() > 0) {
            queuedTrailers = trailers;
            endQueued = true;
        } else {
            writeTrailers(trailers);
        }
    }

    /// Sends the field block in the encoder as the first of this stream, or as an interim one.
    protected final void sendFields(boolean last) {
        outboundClosed = last;
        session.writer().fields(id, session.encoder(), last);
        if (last) {
            session.onSent(this);
        }
    }

    private void writeTrailers(Headers trailers) {
        HpackEncoder encoder = session.encoder();
        encoder.begin();
        encoder.trailers(trailers);
        if (encoder.length() == Frames.HEADER_LENGTH) {
            writeData(Unpooled.EMPTY_BUFFER, true);
        } else {
            sendFields(true);
        }
    }

    private long sendable() {
        return Math.min(sendWindow, session.sendWindow());
    }

    private void writeData(ByteBuf data, boolean last) {
        int size = data.readableBytes();
        sendWindow -= size;
        session.spend(size);
        outboundClosed = last;
        session.writer().data(id, data, last);
        if (last) {
            session.onSent(this);
        }
    }

    /// Sends one frame of what waits; whether more could be sent by this stream's window.
    final boolean sendSome() {
        SendQueue waits = queue;
        if (gone || waits == null || waits.octets() == 0) {
            return false;
        }
        int most = (int) Math.min(Frames.MAX_PAYLOAD, sendable());
        if (most <= 0) {
            return false;
        }
        ByteBuf data = waits.take(most);
        sentSinceStalled += data.readableBytes();
        Headers trailers = queuedTrailers;
        boolean all = waits.octets() == 0;
        writeData(data, all && endQueued && trailers == null);
        if (all && trailers != null) {
            queuedTrailers = null;
            writeTrailers(trailers);
        }
        return !all && sendWindow > 0;
    }

    /// Tells the owner that more is welcome, if it was told otherwise and that has changed.
    final void tellWritable() {
        if (refusedMore && !gone && !endQueued && !outboundClosed) {
            SendQueue waits = queue;
            if ((waits == null || waits.octets() <= LOW) && session.writer().writable()) {
                refusedMore = false;
                onWritable();
            }
        }
    }

    /// Whether something waits for windows.
    final boolean hasWaiting() {
        SendQueue waits = queue;
        return waits != null && waits.octets() > 0;
    }

    /// Octets that wait to be sent.
    protected final int waitingOctets() {
        SendQueue waits = queue;
        return waits == null ? 0 : waits.octets();
    }

    final boolean inLine() {
        return waiting;
    }

    final void inLine(boolean is) {
        waiting = is;
    }

    /// Grows or shrinks the send window; false when it would leave its range.
    final boolean widen(long by) {
        sendWindow += by;
        return sendWindow <= Integer.MAX_VALUE;
    }

    final void tick(long now, long stallLimit) {
        if (hasWaiting()) {
            if (sentSinceStalled >= PROGRESS) {
                sentSinceStalled = 0;
                stalledSince = now;
            } else if (now - stalledSince > stallLimit) {
                onStalled();
                return;
            }
        }
        if (!gone) {
            onTick(now);
        }
    }

    // ---- what we receive

    /// What `content-length` declares, −1 for nothing; the body has to keep to it (RFC 9113 §8.1.1).
    protected final void declare(long length) {
        declared = length;
    }

    /// Octets of body received so far.
    protected final long received() {
        return received;
    }

    /// Asks for body (`true`) or for a pause (`false`).
    protected final void want(boolean wanted) {
        demanded = wanted;
        deliverHeld();
    }

    /// Takes in a piece as it came; what is wrong with it, or null.
    final @Nullable ErrorCode receive(ByteBuf data, int padding, boolean last) {
        int size = data.readableBytes();
        if (inboundClosed) {
            data.release();
            return ErrorCode.STREAM_CLOSED;
        }
        receiveWindow -= size + padding;
        received += size;
        boolean overdrawn = receiveWindow < 0;
        if (overdrawn || (declared >= 0 && (received > declared || (last && received != declared)))) {
            data.release();
            session.consumed(size + padding);
            return overdrawn ? ErrorCode.FLOW_CONTROL_ERROR : ErrorCode.PROTOCOL_ERROR;
        }
        inboundClosed = last;
        if (padding > 0) {
            session.consumed(padding);
            acknowledge(padding);
        }
        if (demanded && !delivering && held == null) {
            if (size == 0 && !last) {
                data.release();
            } else {
                deliver(data, last);
            }
        } else {
            hold(data, last);
        }
        return null;
    }

    /// The peer ended its body with trailers, or with the head; what is wrong with that, or null.
    protected final @Nullable ErrorCode receiveEnd() {
        return receive(Unpooled.EMPTY_BUFFER, 0, true);
    }

    /// The peer's head was all there is.
    protected final void bodiless() {
        inboundClosed = true;
    }

    private void hold(ByteBuf data, boolean last) {
        endHeld |= last;
        if (data.isReadable()) {
            ByteBuf into = held;
            if (into == null) {
                into = session.channel().alloc().directBuffer(data.readableBytes());
                held = into;
            }
            into.writeBytes(data);
        }
        data.release();
    }

    private void deliver(ByteBuf data, boolean last) {
        int size = data.readableBytes();
        delivering = true;
        session.consumed(size);
        acknowledge(size);
        onData(data, last);
        delivering = false;
        if (held != null || endHeld) {
            deliverHeld();
        }
    }

    private void deliverHeld() {
        if (!demanded || delivering || gone || (held == null && !endHeld)) {
            return;
        }
        ByteBuf data = held;
        boolean last = endHeld;
        held = null;
        endHeld = false;
        deliver(data == null ? Unpooled.EMPTY_BUFFER : data, last);
    }

    /// Lets the peer send as much again, once that is worth a frame.
    private void acknowledge(int octets) {
        unacknowledged += octets;
        if (!inboundClosed && !gone && unacknowledged >= session.streamWindow() / 2) {
            session.writer().windowUpdate(id, unacknowledged);
            receiveWindow += unacknowledged;
            unacknowledged = 0;
        }
    }

    // ---- the end

    /// Whether the peer sent all it has to send.
    public final boolean inboundClosed() {
        return inboundClosed;
    }

    /// Whether all we have to send was sent.
    public final boolean outboundClosed() {
        return outboundClosed;
    }

    /// Whether all we have to send was sent or waits.
    protected final boolean outboundEnding() {
        return outboundClosed || endQueued;
    }

    /// Whether the stream is closed and forgotten.
    public final boolean gone() {
        return gone;
    }

    /// Ends the stream before its time.
    protected final void reset(ErrorCode code) {
        if (!gone) {
            session.reset(this, code);
        }
    }

    final void discard() {
        gone = true;
        SendQueue waits = queue;
        if (waits != null) {
            waits.release();
        }
        ByteBuf data = held;
        if (data != null) {
            held = null;
            session.consumed(data.readableBytes());
            data.release();
        }
    }
}
