package dev.sallyport.app.cli.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A log that is read as it grows, line by line, also when it is rotated: what is left of the old file is read, then
/// the new one from its beginning.
final class FollowedFile implements AutoCloseable {
    private final Path path;
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private SeekableByteChannel channel;
    private @Nullable Object identity;

    FollowedFile(Path path) throws IOException {
        this.path = path;
        this.channel = Files.newByteChannel(path);
        this.identity = identity(path);
    }

    private static @Nullable Object identity(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /// Goes near the end: `lines` whole lines before it, or to the beginning when there are fewer.
    void last(int lines) throws IOException {
        long at = channel.size();
        int wanted = lines + 1;
        while (at > 0 && wanted > 0) {
            long from = Math.max(0, at - buffer.capacity());
            buffer.clear().limit((int) (at - from));
            channel.position(from);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // until the stretch is whole
            }
            for (int i = buffer.position() - 1; i >= 0 && wanted > 0; i--) {
                if (buffer.get(i) == '\n' && --wanted == 0) {
                    channel.position(from + i + 1);
                    return;
                }
            }
            at = from;
        }
        channel.position(0);
    }

    /// Gives all lines that are whole by now to `lines`.
    void read(Consumer<String> lines) throws IOException {
        drain(lines);
        if (replaced()) {
            drain(lines);
            channel.close();
            begun.reset();
            channel = Files.newByteChannel(path);
            identity = identity(path);
            drain(lines);
        }
    }

    private boolean replaced() {
        try {
            return !Objects.equals(identity, identity(path)) || Files.size(path) < channel.position();
        } catch (IOException e) {
            return false; // between two files: the next look finds it
        }
    }

    private void drain(Consumer<String> lines) throws IOException {
        for (buffer.clear(); channel.read(buffer) > 0; buffer.clear()) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte octet = buffer.get();
                if (octet == '\n') {
                    lines.accept(begun.toString(StandardCharsets.UTF_8));
                    begun.reset();
                } else {
                    begun.write(octet);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
