package dev.sallyport.benchmarks.compare;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/// One client from 127.0.0.2 that sends at a fixed rate over one connection. Latency is counted from when a request
/// was due, so that a stall counts for all that it held up.
final class HonestClient {
    private static final int PER_SECOND = 200;
    private static final int CLOSED = 0;
    private static final int TIMEOUT_MILLIS = 10_000;

    private final int port;
    private final List<String> tokens;
    private int next;

    /// @param tokens sent in turn; empty for requests without
    HonestClient(int port, List<String> tokens) {
        this.port = port;
        this.tokens = tokens;
    }

    Felt ask(int seconds) throws IOException {
        double[] millis = new double[seconds * PER_SECOND];
        int refused = 0;
        Socket socket = connect();
        try {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            long begin = System.nanoTime();
            for (int i = 0; i < millis.length; i++) {
                long due = begin + i * 1_000_000_000L / PER_SECOND;
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                socket.getOutputStream().write(request());
                int status = status(in);
                millis[i] = (System.nanoTime() - due) / 1e6;
                refused += status == 200 ? 0 : 1;
                if (status == CLOSED) {
                    socket.close();
                    socket = connect();
                    in = new BufferedInputStream(socket.getInputStream());
                }
            }
        } finally {
            socket.close();
        }
        Arrays.sort(millis);
        return new Felt(at(millis, 0.5), at(millis, 0.99), refused);
    }

    /// Milliseconds, and how many requests were not answered 200.
    record Felt(double p50, double p99, int refused) {}

    private byte[] request() {
        String token = tokens.isEmpty() ? "" : "Authorization: Bearer " + tokens.get(next++ % tokens.size()) + "\r\n";
        return ("GET / HTTP/1.1\r\nHost: localhost\r\n" + token + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.0.2", 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    /// The status of the answer, whose body is read away, or [#CLOSED].
    private static int status(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int octet = in.read();
            if (octet < 0) {
                return CLOSED;
            }
            head.append((char) octet);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int length = lower.indexOf("content-length: ");
        if (length >= 0) {
            int end = lower.indexOf('\r', length);
            in.skipNBytes(Long.parseLong(lower.substring(length + "content-length: ".length(), end)));
        }
        return Integer.parseInt(lower.substring("http/1.1 ".length(), "http/1.1 ".length() + 3));
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * sorted.length))];
    }
}
