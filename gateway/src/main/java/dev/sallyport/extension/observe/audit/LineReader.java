package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a file line by line as octets, and knows where it is. What is longer than any line of ours comes cut.
@OffLoop("the thread of the audit log, and commands")
final class LineReader implements AutoCloseable {
    private static final int LONGEST = 1 << 20;
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private byte[] line = new byte[1024];
    private int length;
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
        return new LineReader(in, offset);
    }

    /// The next line without its end, or null behind the last one.
    byte @Nullable [] next() throws IOException {
        length = 0;
        ended = false;
        long before = offset;
        while (!ended) {
            if (from == to) {
                from = 0;
                to = Math.max(0, in.read(buffer));
                if (to == 0) {
                    return offset > before ? Arrays.copyOf(line, length) : null;
                }
            }
            take();
        }
        return Arrays.copyOf(line, length);
    }

    /// Takes what is in the buffer, up to the end of the line.
    private void take() {
        int end = from;
        while (end < to && buffer[end] != '\n') {
            end++;
        }
        int more = Math.min(end - from, LONGEST - length);
        if (length + more > line.length) {
            line = Arrays.copyOf(line, Math.max(length + more, 2 * line.length));
        }
        System.arraycopy(buffer, from, line, length, more);
        length += more;
        offset += end - from;
        from = end;
        if (end < to) {
            ended = true;
            offset++;
            from++;
        }
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
