package dev.sallyport.dataplane.http2;

import dev.sallyport.dataplane.loop.Deadline;
import dev.sallyport.dataplane.loop.Http2Counters;
import dev.sallyport.dataplane.loop.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.collection.IntObjectHashMap;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 connection, either end of it: settings, windows, streams, limits, and how it ends (RFC 9113). What a
/// stream carries is for those who extend it. Confined to its channel's loop.
public abstract class Http2Session extends ChannelInboundHandlerAdapter {
    private static final long LINGER = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long DRAIN_WAIT = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_TICK = TimeUnit.SECONDS.toNanos(5);
    static final long DRAIN_PING = 0x73616c6c79706f72L;
    private static final int LINGER_OCTETS = 1024 * 1024;
    /// Streams that a peer is taken to accept before its settings are known (RFC 9113 §6.5.2).
    private static final int UNTOLD_STREAMS = 100;

    private static final int REMEMBERED = 256;
    private static final Http2Stream[] NONE = {};

    private final Worker worker;
    private final Channel channel;
    final SessionSettings settings;
    final Http2Counters counters;
    final FloodGuard guard;
    private final FrameReader reader;
    final FrameWriter writer;
    final HpackDecoder decoder = new HpackDecoder();
    final HpackEncoder encoder = new HpackEncoder();
    final FieldSection section;
    final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
    private final ArrayDeque<Http2Stream> line = new ArrayDeque<>();
    private final Deadline watch = new Watch();
    private final Deadline ending = new Ending();
    private final long tick;
    private final long startedAt;

    int peerInitialWindow = Frames.DEFAULT_WINDOW;
    int peerMaxStreams = UNTOLD_STREAMS;
    int toldStreams = Integer.MAX_VALUE;
    long sendWindow = Frames.DEFAULT_WINDOW;
    int receiveWindow = SessionSettings.CONNECTION_WINDOW;
    private int unacknowledged;
    private int lastPeerStream;
    private final int[] remembered = new int[REMEMBERED];
    private int rememberedNext;

    private boolean started;
    boolean settingsSeen;
    boolean settingsAcked;
    boolean draining;
    private boolean refusing;
    boolean ended;
    private boolean pumping;
    private long lastActivity;
    private long unusedSince;
    private long partialSince;
    private long blockedSince;
    private int discarded;

    @SuppressWarnings("this-escape") // frames come in only after the channel has the complete handler
    protected Http2Session(Worker worker, Channel channel, SessionSettings settings) {
        long now = System.nanoTime();
        this.worker = worker;
        this.channel = channel;
        this.settings = settings;
        this.counters = worker.http2();
        this.guard = new FloodGuard(now);
        this.reader = new FrameReader(
                new IncomingFrames(this), guard, settings.server(), Math.max(64 * 1024, 2 * settings.maxHead()));
        this.writer = new FrameWriter(channel);
        this.section = new FieldSection(settings.maxHead(), settings.maxFields());
        this.tick = Math.max(1, Math.min(LONGEST_TICK, Math.min(settings.headTimeout(), settings.idleTimeout()) / 4));
        this.startedAt = now;
        this.lastActivity = now;
        this.unusedSince = now;
    }

    // ---- what those who extend it say and hear

    /// A field section on `stream`, which is new or `open`; the section is decoded and has to be finished by the
    /// receiver. It has to be judged even when the stream is of no interest any more.
    protected abstract void onSection(int stream, @Nullable Http2Stream open, FieldSection fields, boolean last);

    /// Whether `stream` was never opened.
    protected abstract boolean isIdle(int stream);

    /// All that we had to send on `stream` is sent.
    protected abstract void onOutboundClosed(Http2Stream stream);

    /// The peer accepts no streams after `lastStream`.
    protected void onGoAway(int lastStream) {}

    /// The peer's settings changed, perhaps how many streams it takes.
    protected void onPeerSettings() {}

    /// What was at hand is read.
    protected void onBatchEnd() {}

    /// The connection takes nothing new any more, and its streams are gone.
    protected void onEnded() {}

    // ---- the pipeline

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (channel.isActive()) {
            start();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        start();
    }

    private void start() {
        if (started) {
            return;
        }
        started = true;
        if (settings.server()) {
            writer.settings(
                    Frames.MAX_CONCURRENT_STREAMS, settings.maxStreams(),
                    Frames.INITIAL_WINDOW_SIZE, SessionSettings.STREAM_WINDOW,
                    Frames.MAX_HEADER_LIST_SIZE, settings.maxHead());
        } else {
            writer.preface();
            writer.settings(
                    Frames.ENABLE_PUSH,
                    0,
                    Frames.INITIAL_WINDOW_SIZE,
                    SessionSettings.STREAM_WINDOW,
                    Frames.MAX_HEADER_LIST_SIZE,
                    settings.maxHead());
        }
        writer.windowUpdate(0, SessionSettings.CONNECTION_WINDOW - Frames.DEFAULT_WINDOW);
        writer.flush();
        worker.deadlines().set(watch, startedAt, tick);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        writer.batch(true);
        try {
            if (ended) {
                discarded += in.readableBytes();
                if (discarded > LINGER_OCTETS) {
                    channel.close();
                }
            } else {
                reader.read(in);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        writer.batch(false);
        if (ended) {
            return;
        }
        long now = System.nanoTime();
        lastActivity = now;
        guard.refill(now);
        if (!reader.within()) {
            partialSince = 0;
        } else if (partialSince == 0) {
            partialSince = now;
        }
        onBatchEnd();
        writer.flush();
        if (!channel.isWritable() && channel.bytesBeforeWritable() > SessionSettings.STREAM_WINDOW) {
            // it sends requests and reads no answers: body waits in streams, but heads and acknowledgements do not
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!channel.isWritable()) {
            blockedSince = System.nanoTime();
            return;
        }
        blockedSince = 0;
        if (!channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
        pump();
        for (Http2Stream stream : openNow()) {
            stream.tellWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        worker.deadlines().clear(ending);
        writer.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            channel.close();
        } else {
            fail(ErrorCode.INTERNAL_ERROR);
        }
    }

    // ---- the end

    /// Ends the connection because of `code`: GOAWAY, then close once the peer did or had the time to.
    protected final void fail(ErrorCode code) {
        if (ended) {
            return;
        }
        writer.goAway(lastPeerStream, code);
        counters.goAwaySent(settings.server(), code.code());
        end();
        writer.flush();
        worker.deadlines().set(ending, System.nanoTime(), LINGER);
    }

    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        reader.stop();
        worker.deadlines().clear(watch);
        Http2Stream[] lost = openNow();
        streams.clear();
        line.clear();
        for (Http2Stream stream : lost) {
            stream.discard();
            stream.onConnectionLost();
        }
        onEnded();
    }

    /// Begins to end the connection: GOAWAY in two steps (RFC 9113 §6.8), streams that are open may finish.
    protected final void drain() {
        if (draining || ended) {
            return;
        }
        draining = true;
        writer.goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR);
        writer.ping(DRAIN_PING, false);
        worker.deadlines().set(ending, System.nanoTime(), DRAIN_WAIT);
    }

    void drainOn() {
        if (refusing || ended) {
            return;
        }
        refusing = true;
        worker.deadlines().clear(ending);
        if (streams.isEmpty()) {
            fail(ErrorCode.NO_ERROR);
        } else {
            writer.goAway(lastPeerStream, ErrorCode.NO_ERROR);
            counters.goAwaySent(settings.server(), ErrorCode.NO_ERROR.code());
        }
    }

    /// Whether the connection is over, or about to be.
    protected final boolean ended() {
        return ended;
    }

    /// The wait before the second GOAWAY, and after the last one.
    private final class Ending extends Deadline {
        @Override
        protected void passed() {
            if (ended) {
                channel.close();
            } else {
                drainOn();
            }
        }
    }

    /// Looks at the limits in time, a few times within the shortest of them.
    private final class Watch extends Deadline {
        @Override
        protected void passed() {
            long now = System.nanoTime();
            look(now);
            if (!ended) {
                worker.deadlines().set(watch, now, tick);
            }
        }
    }

    private void look(long now) {
        boolean late = now - startedAt > settings.headTimeout();
        if (late && !settingsSeen) {
            fail(ErrorCode.PROTOCOL_ERROR);
        } else if (late && !settingsAcked) {
            fail(ErrorCode.SETTINGS_TIMEOUT);
        } else if (partialSince != 0 && now - partialSince > settings.headTimeout()) {
            fail(ErrorCode.PROTOCOL_ERROR);
        } else if (blockedSince != 0 && now - blockedSince > settings.idleTimeout()) {
            end();
            channel.close();
        } else if (streams.isEmpty()) {
            if (now - lastActivity > settings.idleTimeout()) {
                fail(ErrorCode.NO_ERROR);
            }
        } else {
            for (Http2Stream stream : openNow()) {
                if (!stream.gone()) {
                    stream.tick(now, settings.idleTimeout());
                }
            }
        }
    }

    // ---- streams

    /// Adds a stream that the peer opened, or that we did.
    protected final void add(Http2Stream stream) {
        streams.put(stream.id(), stream);
        counters.streamOpened(settings.server());
        if (settings.server()) {
            lastPeerStream = stream.id();
        }
    }

    /// Notes a stream that the peer opened, whatever becomes of it.
    protected final void opened(int stream) {
        lastPeerStream = stream;
    }

    protected final int lastPeerStream() {
        return lastPeerStream;
    }

    /// How many streams are open.
    protected final int openStreams() {
        return streams.size();
    }

    /// How many streams the peer lets us have open at once.
    protected final int peerMaxStreams() {
        return peerMaxStreams;
    }

    /// Whether no new stream is taken because the connection ends.
    protected final boolean refusing() {
        return refusing;
    }

    /// Since when it has had no streams, as far as it has none now; by [System#nanoTime()].
    protected final long unusedSince() {
        return unusedSince;
    }

    /// Forgets a stream that came to its regular end.
    protected final void finish(Http2Stream stream) {
        guard.completed();
        forget(stream);
    }

    void forget(Http2Stream stream) {
        if (streams.remove(stream.id()) == null) {
            return;
        }
        stream.discard();
        if (streams.isEmpty()) {
            lastActivity = System.nanoTime();
            unusedSince = lastActivity;
            if (refusing) {
                fail(ErrorCode.NO_ERROR);
            }
        }
    }

    /// Ends a stream before its time.
    final void reset(Http2Stream stream, ErrorCode code) {
        reset(stream.id(), code);
        forget(stream);
    }

    /// Tells the peer that a stream is of no use.
    protected final void reset(int stream, ErrorCode code) {
        writer.reset(stream, code);
        remember(stream);
        counters.resetSent(settings.server());
    }

    /// Resets a stream that broke the rules; too many of those end the connection (threat DO-05).
    protected final void resetByFault(int stream, @Nullable Http2Stream open, ErrorCode code) {
        reset(stream, code);
        if (open != null) {
            forget(open);
            open.onReset(code.code(), false);
        }
        if (!guard.reset()) {
            fail(ErrorCode.ENHANCE_YOUR_CALM);
        }
    }

    private void remember(int stream) {
        remembered[rememberedNext++ & (REMEMBERED - 1)] = stream;
    }

    /// Whether we reset `stream` a short while ago, so that the peer may not know yet.
    protected final boolean wasReset(int stream) {
        for (int id : remembered) {
            if (id == stream) {
                return true;
            }
        }
        return false;
    }

    /// The streams open now, in an array of their own.
    protected final Http2Stream[] openNow() {
        return streams.isEmpty() ? NONE : streams.values().toArray(NONE);
    }

    // ---- windows

    final int peerInitialWindow() {
        return peerInitialWindow;
    }

    final int streamWindow() {
        return SessionSettings.STREAM_WINDOW;
    }

    final long sendWindow() {
        return sendWindow;
    }

    final void spend(int octets) {
        sendWindow -= octets;
        guard.useful();
    }

    /// Lets the peer send as much again on the connection, once that is worth a frame.
    final void consumed(int octets) {
        unacknowledged += octets;
        if (unacknowledged >= SessionSettings.CONNECTION_WINDOW / 2 && !ended) {
            writer.windowUpdate(0, unacknowledged);
            receiveWindow += unacknowledged;
            unacknowledged = 0;
        }
    }

    final void pump(Http2Stream stream) {
        if (!stream.inLine()) {
            stream.inLine(true);
            line.addLast(stream);
        }
        pump();
    }

    /// Sends what waits, frame by frame and stream by stream in turn.
    void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (sendWindow > 0 && writer.writable()) {
            Http2Stream stream = line.pollFirst();
            if (stream == null) {
                break;
            }
            if (stream.sendSome()) {
                line.addLast(stream);
            } else {
                stream.inLine(false);
                stream.tellWritable();
            }
        }
        pumping = false;
    }

    final void onSent(Http2Stream stream) {
        onOutboundClosed(stream);
    }

    final FrameWriter writer() {
        return writer;
    }

    protected final HpackEncoder encoder() {
        return encoder;
    }

    protected final Channel channel() {
        return channel;
    }

    protected final Worker worker() {
        return worker;
    }

    /// Sends what was written, now rather than at the end of the turn.
    protected final void flush() {
        writer.flush();
    }
}
