package dev.sallyport.extension.observe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/// Where an [AccessLog] writes its lines; used by its writing thread only.
public interface LogSink extends AutoCloseable {
    /// Writes whole lines, from the buffer's position to its limit, and moves the position past what was written; after
    /// a
    /// failure the rest is offered again. May block.
    ///
    /// @param lines a heap buffer whose content from 0 to the limit is whole lines
    void write(ByteBuffer lines) throws IOException;

    @Override
    void close() throws IOException;

    /// The standard output of the process, which is never closed.
    static LogSink standardOutput() {
        return to(new FileOutputStream(FileDescriptor.out));
    }

    /// A stream that is somebody else's to close.
    static LogSink to(OutputStream out) {
        WritableByteChannel channel =
                out instanceof FileOutputStream file ? file.getChannel() : Channels.newChannel(out);
        return new LogSink() {
            @Override
            public void write(ByteBuffer lines) throws IOException {
                while (lines.hasRemaining()) {
                    channel.write(lines);
                }
            }

            @Override
            public void close() {}
        };
    }
}
