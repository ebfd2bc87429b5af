package dev.sallyport.dataplane.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Body that waits for windows. Small pieces are copied together, so that none of them keeps a large buffer alive.
final class SendQueue {
    private static final int SMALL = 2048;
    private static final int COLLECTOR = 4096;

    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(4);
    private @Nullable ByteBuf collector;
    private int octets;

    int octets() {
        return octets;
    }

    void add(ByteBuf data, ByteBufAllocator alloc) {
        int size = data.readableBytes();
        octets += size;
        if (size >= SMALL) {
            pieces.addLast(data);
            collector = null;
            return;
        }
        if (size > 0) {
            ByteBuf into = collector;
            if (into == null || into.maxFastWritableBytes() < size) {
                into = alloc.directBuffer(COLLECTOR);
                collector = into;
                pieces.addLast(into);
            }
            into.writeBytes(data);
        }
        data.release();
    }

    /// Takes up to `most` octets, more than none, from the front; only when it is not empty.
    ByteBuf take(int most) {
        ByteBuf first = pieces.getFirst();
        int size = first.readableBytes();
        if (size > most) {
            octets -= most;
            return first.readRetainedSlice(most);
        }
        pieces.removeFirst();
        if (pieces.isEmpty()) {
            // the collector is always the last
            collector = null;
        }
        octets -= size;
        return first;
    }

    void release() {
        octets = 0;
        collector = null;
        for (ByteBuf piece = pieces.pollFirst(); piece != null; piece = pieces.pollFirst()) {
            piece.release();
        }
    }
}
