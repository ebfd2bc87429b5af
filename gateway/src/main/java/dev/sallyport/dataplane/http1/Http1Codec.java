package dev.sallyport.dataplane.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// The parsers and writers that all HTTP/1.1 connections of one loop share. Confined to that loop.
public final class Http1Codec {
    private final HeadWriter writer = new HeadWriter();
    private final ResponseParser responses = new ResponseParser();

    public HeadWriter writer() {
        return writer;
    }

    public ResponseParser responses() {
        return responses;
    }

    /// One buffer with the octets of `waiting`, then those of `data`; both are owned by this call.
    public static ByteBuf append(ByteBufAllocator allocator, ByteBuf waiting, ByteBuf data) {
        int needed = waiting.readableBytes() + data.readableBytes();
        ByteBuf joined = waiting;
        if (waiting.refCnt() > 1 || waiting.isReadOnly() || waiting.writableBytes() < data.readableBytes()) {
            // the memory may be shared with pieces on their way out: it is not written to again
            joined = allocator.directBuffer(Math.max(needed + (needed >> 1), 1024));
            joined.writeBytes(waiting);
            waiting.release();
        }
        joined.writeBytes(data);
        data.release();
        return joined;
    }
}
