package dev.sallyport.extension.observe.sink;

import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/// A collector of syslog: each line becomes a message of RFC 5424, over TLS (RFC 5425), TCP (RFC 6587, octet counting)
/// or
/// UDP (RFC 5426).
///
/// Severity and time are those of the line. A connection that is lost is made again, later and later while that fails;
/// what
/// was not sent by then is sent again, a few lines perhaps twice.
@OffLoop("the thread of the access log")
public final class SyslogSink implements LogSink {
    private static final long FIRST_DELAY = Duration.ofMillis(250).toNanos();
    private static final long LONGEST_DELAY = Duration.ofSeconds(5).toNanos();
    private static final int CHUNK = 16 * 1024;
    private static final int LONGEST_NAME = 255;

    private final SyslogConnection connection;
    private final SyslogMessage messages;
    private final LongSupplier nanos;
    private byte[] out = new byte[CHUNK];
    private long retryAt;
    private long delay = FIRST_DELAY;
    private IOException problem = new IOException("not connected yet");
    private volatile long lost;

    /// Who speaks.
    ///
    /// @param facility a number of RFC 5424, 0 to 23
    /// @param appName  1 to 48 visible characters of ASCII
    public record Speaker(int facility, String appName, String hostName, long processId) {
        /// This process on this machine.
        public static Speaker here(int facility, String appName) {
            return new Speaker(
                    facility, appName, nameOfHost(), ProcessHandle.current().pid());
        }

        private static String nameOfHost() {
            try {
                String name = InetAddress.getLocalHost().getHostName();
                boolean fine = !name.isEmpty()
                        && name.length() <= LONGEST_NAME
                        && name.chars().allMatch(c -> c > ' ' && c < 0x7f);
                return fine ? name : "-";
            } catch (UnknownHostException e) {
                return "-";
            }
        }
    }

    /// Connects when the first line is written.
    public SyslogSink(SyslogConnection connection, Speaker speaker) {
        this(connection, speaker, System::nanoTime);
    }

    /// @param nanos the time that attempts to connect go by
    SyslogSink(SyslogConnection connection, Speaker speaker, LongSupplier nanos) {
        this.nanos = nanos;
        this.connection = connection;
        this.messages = new SyslogMessage(speaker);
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        if (connection.gone()) {
            connect();
        }
        try {
            if (connection.datagrams()) {
                sendEach(lines);
            } else {
                sendChunks(lines);
            }
        } catch (IOException e) {
            connection.drop();
            throw e;
        }
    }

    private void connect() throws IOException {
        if (retryAt != 0 && nanos.getAsLong() - retryAt < 0) {
            throw problem;
        }
        try {
            connection.open();
            retryAt = 0;
            delay = FIRST_DELAY;
        } catch (IOException e) {
            problem = e;
            retryAt = nanos.getAsLong() + delay;
            delay = Math.min(LONGEST_DELAY, delay * 2);
            throw e;
        }
    }

    /// Several messages at once; the position stands before what may not have been taken.
    private void sendChunks(ByteBuffer lines) throws IOException {
        byte[] in = lines.array();
        int offset = lines.arrayOffset();
        int from = offset + lines.position();
        int limit = offset + lines.limit();
        while (from < limit) {
            int length = 0;
            while (from < limit && (length == 0 || length < CHUNK)) {
                int end = end(in, from, limit);
                length = append(length, in, from, end);
                from = end + 1;
            }
            connection.send(out, length);
            lines.position(Math.min(from, limit) - offset);
        }
    }

    private int append(int length, byte[] in, int from, int end) {
        int head = messages.head(in, from, end);
        byte[] count = (head + end - from + " ").getBytes(StandardCharsets.US_ASCII);
        int needed = length + count.length + head + end - from;
        if (needed > out.length) {
            out = Arrays.copyOf(out, Math.max(needed, out.length * 2));
        }
        System.arraycopy(count, 0, out, length, count.length);
        int at = length + count.length;
        System.arraycopy(messages.bytes(), 0, out, at, head);
        System.arraycopy(in, from, out, at + head, end - from);
        return needed;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void sendEach(ByteBuffer lines) throws IOException {
        byte[] in = lines.array();
        int offset = lines.arrayOffset();
        int from = offset + lines.position();
        int limit = offset + lines.limit();
        while (from < limit) {
            int end = end(in, from, limit);
            int head = messages.head(in, from, end);
            int length = head + end - from;
            if (length > SyslogConnection.LARGEST_DATAGRAM) {
                lost++;
            } else {
                if (length > out.length) {
                    out = new byte[SyslogConnection.LARGEST_DATAGRAM];
                }
                System.arraycopy(messages.bytes(), 0, out, 0, head);
                System.arraycopy(in, from, out, head, end - from);
                connection.send(out, length);
            }
            from = end + 1;
            lines.position(Math.min(from, limit) - offset);
        }
    }

    private static int end(byte[] in, int from, int limit) {
        int end = from;
        while (end < limit && in[end] != '\n') {
            end++;
        }
        return end;
    }

    @Override
    public long lost() {
        return lost;
    }

    /// Whether a write is under way. Any thread.
    boolean writing() {
        return connection.writing();
    }

    @Override
    public void abort() {
        connection.drop();
    }

    @Override
    public void close() {
        connection.close();
    }
}
