package dev.sallyport.benchmarks.overload;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/// A service that does so many requests at once, each in the same time; the others wait in line. Whatever it has read
/// it
/// does, also for callers who are gone: that is how services break down.
final class SlowService implements AutoCloseable {
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    private final Semaphore atWork;
    private final long millis;
    private final ServerSocket socket;

    SlowService(int atOnce, long millis) throws IOException {
        this.atWork = new Semaphore(atOnce, true);
        this.millis = millis;
        this.socket = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    /// How many requests wait or are being done.
    int waiting() {
        return atWork.getQueueLength();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connection.setTcpNoDelay(true);
                Thread.startVirtualThread(() -> serve(connection));
            }
        } catch (IOException closed) {
            if (!socket.isClosed()) {
                throw new UncheckedIOException(closed);
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            while (Heads.read(in) >= 0) {
                atWork.acquire();
                try {
                    Thread.sleep(millis);
                } finally {
                    atWork.release();
                }
                connection.getOutputStream().write(ANSWER);
            }
        } catch (IOException gone) {
            // its caller has given up
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
