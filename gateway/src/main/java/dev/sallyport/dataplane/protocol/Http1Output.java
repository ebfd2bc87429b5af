package dev.sallyport.dataplane.protocol;

import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.http1.ChunkWriter;
import dev.sallyport.dataplane.http1.HeadWriter;
import dev.sallyport.dataplane.loop.Deadline;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.dataplane.snapshot.ListenerSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The sending side of an HTTP/1.1 client connection: heads and small pieces travel in one buffer, so that a small
/// response is one system call. Watches that the client keeps taking what it is sent.
final class Http1Output {
    private static final int COALESCED = 8 * 1024;
    private static final int ROOM = 1024;

    private final Worker worker;
    private final Channel channel;
    private final ListenerSettings.Limits limits;
    private final Runnable onStalled;
    private final Deadline stall = new StallDeadline();
    private @Nullable ByteBuf pending;
    private boolean unflushed;
    private boolean chunked;
    private boolean endsWithConnection;
    private boolean ended;
    private long pendingAtLastCheck;

    Http1Output(Worker worker, Channel channel, ListenerSettings.Limits limits, Runnable onStalled) {
        this.worker = worker;
        this.channel = channel;
        this.limits = limits;
        this.onStalled = onStalled;
    }

    /// Fires when a client that is owed octets has taken too few of them.
    private final class StallDeadline extends Deadline {
        @Override
        protected void passed() {
            checkProgress();
        }
    }

    /// Begins a response.
    void begin() {
        ended = false;
        endsWithConnection = false;
        chunked = false;
    }

    /// Sends the head that `writer` holds.
    ///
    /// @param chunks     whether the body that follows is chunked
    /// @param untilClose whether the body that follows ends with the connection
    /// @param last       no body follows
    void head(HeadWriter writer, boolean chunks, boolean untilClose, boolean last) {
        chunked = chunks;
        endsWithConnection = untilClose;
        room(writer.length()).writeBytes(writer.bytes(), 0, writer.length());
        if (last) {
            ended = true;
            flush();
        }
    }

    void interim(HeadWriter writer) {
        room(writer.length()).writeBytes(writer.bytes(), 0, writer.length());
        flush();
    }

    /// Sends a piece of body, owned from here on.
    void body(ByteBuf data, boolean last) {
        int size = data.readableBytes();
        if (ended || !channel.isActive()) {
            data.release();
            return;
        }
        if (chunked && size > 0) {
            ChunkWriter.beginChunk(room(ChunkWriter.OVERHEAD), size);
        }
        if (size <= COALESCED) {
            if (size > 0) {
                room(size).writeBytes(data);
            }
            data.release();
        } else {
            writePending();
            channel.write(data, channel.voidPromise());
            unflushed = true;
        }
        if (chunked && size > 0) {
            ChunkWriter.endChunk(room(ChunkWriter.OVERHEAD));
        }
        if (last) {
            if (chunked) {
                ChunkWriter.end(room(ChunkWriter.OVERHEAD));
            }
            ended = true;
            flush();
        }
    }

    /// Ends a chunked body with `trailers`; a body of another form just ends.
    void end(Headers trailers) {
        if (ended) {
            return;
        }
        if (chunked) {
            ChunkWriter.end(room(trailers.lineStart(trailers.count()) + ChunkWriter.OVERHEAD), trailers);
        }
        ended = true;
        flush();
    }

    /// A buffer with room for `size` more octets, whose octets are sent before anything else.
    private ByteBuf room(int size) {
        ByteBuf buffer = pending;
        if (buffer != null && buffer.writableBytes() < size) {
            writePending();
            buffer = null;
        }
        if (buffer == null) {
            buffer = channel.alloc().directBuffer(size + ROOM);
            pending = buffer;
        }
        return buffer;
    }

    private void writePending() {
        ByteBuf buffer = pending;
        if (buffer != null) {
            pending = null;
            channel.write(buffer, channel.voidPromise());
            unflushed = true;
        }
    }

    void flush() {
        ByteBuf buffer = pending;
        if (buffer != null) {
            pending = null;
            unflushed = false;
            channel.writeAndFlush(buffer, channel.voidPromise());
        } else if (unflushed) {
            unflushed = false;
            channel.flush();
        }
        if (!channel.isWritable() && !stall.isSet()) {
            watch();
        }
    }

    private void watch() {
        pendingAtLastCheck = owed();
        worker.deadlines().set(stall, System.nanoTime(), limits.idleTimeout());
    }

    private long owed() {
        return channel.bytesBeforeWritable();
    }

    private void checkProgress() {
        if (channel.isWritable()) {
            return;
        }
        long taken = pendingAtLastCheck - owed();
        if (taken < limits.bodyMinRate() * Math.max(1, TimeUnit.NANOSECONDS.toSeconds(limits.idleTimeout()))) {
            onStalled.run();
        } else {
            watch();
        }
    }

    /// Notes that the channel became writable or full; true when it became writable.
    boolean onWritabilityChanged() {
        if (channel.isWritable()) {
            worker.deadlines().clear(stall);
            return true;
        }
        return false;
    }

    /// Sends what is written, then says that nothing follows.
    void finish() {
        writePending();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) sent -> {
            Channel to = sent.channel();
            SslHandler tls = to.pipeline().get(SslHandler.class);
            if (!sent.isSuccess()) {
                to.close();
            } else if (tls != null) {
                tls.closeOutbound();
            } else if (to instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
        });
    }

    /// Ends the response visibly incomplete: without last chunk, short of its length, or by a reset.
    void abort() {
        if (endsWithConnection) {
            // nothing but a reset tells an incomplete body that ends with its connection from a complete one
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } else {
            flush();
        }
        channel.close();
    }

    /// The connection is gone.
    void close() {
        worker.deadlines().clear(stall);
        ended = true;
        ByteBuf buffer = pending;
        pending = null;
        if (buffer != null) {
            buffer.release();
        }
    }
}
