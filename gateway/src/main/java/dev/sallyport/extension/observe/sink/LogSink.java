package dev.sallyport.extension.observe.sink;

import dev.sallyport.api.plugin.OffLoop;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// Where an [AccessLog] writes its lines; used by its writing thread only.
@OffLoop("the thread of the access log")
public interface LogSink extends AutoCloseable {
    /// Writes whole lines, from the buffer's position to its limit, and moves the position past what was
    /// written; after a
    /// failure the rest is offered again. May block.
    ///
    /// @param lines a heap buffer whose content from 0 to the limit is whole lines
    void write(ByteBuffer lines) throws IOException;

    @Override
    void close() throws IOException;

    /// Has a write that hangs fail. From any thread.
    default void abort() {}

    /// Whether lines are to have the names of OpenTelemetry, whatever the format of others is.
    default boolean wantsOpenTelemetryNames() {
        return false;
    }

    /// How many lines were given up, because the destination took them and did not keep them. Any thread.
    default long lost() {
        return 0;
    }

    /// The disk that lines go to, null when there is none that could be full. Any thread.
    default @Nullable Disk disk() {
        return null;
    }

    /// A disk.
    ///
    /// @param taken octets that are used
    /// @param free  octets that may still be written
    record Disk(long taken, long free) {
        /// Which part is used, 0 to 1, of what anybody but the administrator may use.
        public double used() {
            long all = taken + free;
            return all <= 0 ? 0 : (double) taken / all;
        }
    }

    /// A stream that is somebody else's to close. The process's standard output is best given as a
    /// [FileOutputStream]: [System#out] keeps its errors to itself until it is asked.
    static LogSink to(OutputStream out) {
        return new LogSink() {
            private final @Nullable WritableByteChannel channel =
                    out instanceof FileOutputStream file ? file.getChannel() : null;

            @Override
            public void write(ByteBuffer lines) throws IOException {
                if (channel == null) {
                    out.write(lines.array(), lines.arrayOffset() + lines.position(), lines.remaining());
                    out.flush();
                    lines.position(lines.limit());
                    if (out instanceof PrintStream print && print.checkError()) {
                        throw new IOException("The stream has failed.");
                    }
                    return;
                }
                while (lines.hasRemaining()) {
                    channel.write(lines);
                }
            }

            @Override
            public void close() {}
        };
    }
}
