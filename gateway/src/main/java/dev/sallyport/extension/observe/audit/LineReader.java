package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.plugin.OffLoop;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Reads a file line by line as octets, and knows where it is. What is longer than any line of ours comes cut.
@OffLoop("the thread of the audit log, and commands")
final class LineReader implements AutoCloseable {
    private static final int LONGEST = 1 << 20;
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private long offset;
    private boolean ended = true;

    private LineReader(InputStream in, long offset) {
        this.in = in;
        this.offset = offset;
    }

    static LineReader of(Path file) throws IOException {
        return at(file, 0);
    }

    /// Begins at an offset, which is where a line begins.
    static LineReader at(Path file, long offset) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            in.skipNBytes(offset);
        } catch (IOException e) {
            in.close();
            throw e;
        }
        return new LineReader(new BufferedInputStream(in, BUFFER), offset);
    }

    /// The next line without its end, or null behind the last one.
    byte @Nullable [] next() throws IOException {
        line.reset();
        ended = false;
        int octet;
        long before = offset;
        while ((octet = in.read()) >= 0) {
            offset++;
            if (octet == '\n') {
                ended = true;
                return line.toByteArray();
            }
            if (line.size() < LONGEST) {
                line.write(octet);
            }
        }
        return offset > before ? line.toByteArray() : null;
    }

    /// Whether the line last read had an end.
    boolean ended() {
        return ended;
    }

    /// Where the line last read ends.
    long offset() {
        return offset;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
