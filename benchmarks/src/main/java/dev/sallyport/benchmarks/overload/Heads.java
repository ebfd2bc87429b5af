package dev.sallyport.benchmarks.overload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads messages as far as the benchmark needs them.
final class Heads {
    private Heads() {}

    /// Reads a request head; −1 when the connection ended.
    static int read(InputStream in) throws IOException {
        return head(in) == null ? -1 : 0;
    }

    /// Reads a response and returns its status.
    static int status(InputStream in) throws IOException {
        String head = head(in);
        if (head == null) {
            throw new IOException("closed");
        }
        int at = head.toLowerCase(Locale.ROOT).indexOf("content-length:");
        if (at >= 0) {
            in.skipNBytes(Long.parseLong(
                    head.substring(at + 15, head.indexOf('\r', at)).strip()));
        }
        return Integer.parseInt(head.substring(9, 12));
    }

    private static @Nullable String head(InputStream in) throws IOException {
        byte[] bytes = new byte[4096];
        int length = 0;
        while (length < 4 || bytes[length - 1] != '\n' || bytes[length - 3] != '\n') {
            int c = in.read();
            if (c < 0 || length == bytes.length) {
                return null;
            }
            bytes[length++] = (byte) c;
        }
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
}
