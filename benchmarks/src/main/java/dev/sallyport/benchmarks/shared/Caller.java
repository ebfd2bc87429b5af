package dev.sallyport.benchmarks.shared;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One connection to a gateway.
final class Caller implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final String LENGTH = "content-length: ";

    private final Socket socket = new Socket();
    private final InputStream in;

    Caller(int port) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /// The status of the answer.
    ///
    /// @param field a header field with its end of line, or nothing
    int ask(String path, String field) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n" + field + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("the connection ended");
            }
            head.append((char) octet);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int length = lower.indexOf(LENGTH);
        if (length >= 0) {
            int end = lower.indexOf('\r', length);
            in.skipNBytes(Long.parseLong(lower.substring(length + LENGTH.length(), end)));
        }
        return Integer.parseInt(lower.substring(9, 12));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
