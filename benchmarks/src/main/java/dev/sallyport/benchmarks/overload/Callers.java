package dev.sallyport.benchmarks.overload;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Callers who ask at random intervals, whether or not others have their answers yet, and who give up after a second.
/// Times count from the moment a request was due.
final class Callers {
    private static final long PATIENCE_MILLIS = 1000;
    private static final double SECOND = 1e9;

    private final int port;
    private final byte[] request;
    private final double perSecond;
    private final SplittableRandom random = new SplittableRandom(11);
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Long> times = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private volatile long countFrom = Long.MAX_VALUE;
    private volatile long countTo = Long.MAX_VALUE;

    private record Connection(Socket socket, InputStream in) {}

    /// What became of the requests that were counted.
    record Felt(int sent, int served, int refused, int late, double p50, double p99) {}

    Callers(int port, String path, double perSecond) {
        this.port = port;
        this.request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        this.perSecond = perSecond;
    }

    /// Asks for so many seconds, of which those after the first few count.
    Felt ask(int warmUp, int seconds) throws InterruptedException {
        long begin = System.nanoTime();
        countFrom = begin + (long) (warmUp * SECOND);
        countTo = countFrom + (long) (seconds * SECOND);
        long due = begin;
        while (due < countTo) {
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
                continue;
            }
            long mine = due;
            Thread.startVirtualThread(() -> one(mine));
            due += (long) (-Math.log(1 - random.nextDouble()) * SECOND / perSecond);
        }
        Thread.sleep(PATIENCE_MILLIS + 200);
        idle.forEach(Callers::close);
        long[] sorted = times.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return new Felt(
                sent.get(), sorted.length, refused.get(), late.get(), quantile(sorted, 0.5), quantile(sorted, 0.99));
    }

    private static double quantile(long[] sorted, double q) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) (q * (sorted.length - 1))] / 1e6;
    }

    private void one(long due) {
        boolean counts = due >= countFrom && due < countTo;
        if (counts) {
            sent.incrementAndGet();
        }
        Connection connection = idle.poll();
        try {
            if (connection == null) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                connection = new Connection(socket, new BufferedInputStream(socket.getInputStream()));
            }
            long left = PATIENCE_MILLIS - (System.nanoTime() - due) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            connection.socket.setSoTimeout((int) left);
            connection.socket.getOutputStream().write(request);
            int status = Heads.status(connection.in);
            idle.add(connection);
            if (counts && status == 200) {
                times.add(System.nanoTime() - due);
            } else if (counts) {
                refused.incrementAndGet();
            }
        } catch (IOException gaveUp) {
            close(connection);
            if (counts) {
                late.incrementAndGet();
            }
        }
    }

    private static void close(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.socket.close();
            } catch (IOException _) {
                // it is gone either way
            }
        }
    }
}
