package dev.sallyport.dataplane.http1;

import dev.sallyport.api.http.Headers;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// Frames body pieces as chunks (RFC 9112 §7.1).
public final class ChunkWriter {
    private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private ChunkWriter() {}

    /// Octets that a chunk takes beside its data, at most.
    public static final int OVERHEAD = 12;

    /// Writes the size line of a chunk of `size` octets; the data and [#endChunk] follow. Nothing for an empty
    /// chunk, which would end the body.
    public static void beginChunk(ByteBuf out, int size) {
        byte[] line = new byte[10];
        int length = Digits.hexadecimal(size, line, 0);
        line[length++] = '\r';
        line[length++] = '\n';
        out.writeBytes(line, 0, length);
    }

    public static void endChunk(ByteBuf out) {
        out.writeByte('\r').writeByte('\n');
    }

    /// Writes the last chunk, without trailers.
    public static void end(ByteBuf out) {
        out.writeBytes(LAST);
    }

    /// Writes the last chunk with `trailers`.
    public static void end(ByteBuf out, Headers trailers) {
        out.writeByte('0').writeByte('\r').writeByte('\n');
        out.writeBytes(
                trailers.bytes(), trailers.lineStart(0), trailers.lineStart(trailers.count()) - trailers.lineStart(0));
        out.writeByte('\r').writeByte('\n');
    }
}
