package dev.sallyport.extension.observe.sink;

import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// The way to a collector of syslog, with nothing sent on it so far or in use. A write that takes longer than half a
/// minute ends the connection.
@OffLoop("the thread of the access log")
public final class SyslogConnection {
    static final int LARGEST_DATAGRAM = 65_000;

    /// How many KiB of what a collector says are passed over at one look.
    private static final int MOST_HEARD = 64;

    private static final int CONNECT_MILLIS = 5_000;
    private static final int HANDSHAKE_MILLIS = 10_000;
    private static final long LONGEST_WRITE = Duration.ofSeconds(30).toNanos();
    private static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();

    private final Way way;
    private final String host;
    private final int port;
    private final @Nullable SSLContext trust;
    private volatile @Nullable Socket socket;
    private volatile @Nullable DatagramSocket datagrams;
    private volatile long writingSince;
    private volatile boolean closed;

    /// How many connections there were; counted by the thread that writes.
    private volatile int opened;

    /// How messages travel.
    public enum Way {
        TLS,
        TCP,
        UDP
    }

    /// @param trust whom to believe, null for the authorities of the Java runtime; for [Way#TLS]
    public SyslogConnection(Way way, String host, int port, @Nullable SSLContext trust) {
        this.way = way;
        this.host = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        this.port = port;
        this.trust = trust;
    }

    /// Whether each message is a datagram of its own.
    boolean datagrams() {
        return way == Way.UDP;
    }

    /// Whether there is no connection, or the other side has ended it; collectors say nothing, so an end is
    /// all that there is to hear.
    boolean gone() {
        if (way == Way.UDP) {
            return datagrams == null;
        }
        Socket open = socket;
        if (open == null) {
            return true;
        }
        try {
            open.setSoTimeout(1);
            byte[] said = new byte[1024];
            for (int i = 0; open.getInputStream().read(said) >= 0; i++) {
                if (i == MOST_HEARD) {
                    return false; // somebody who never stops talking must not be listened to for ever
                }
            }
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            // as good as ended
        }
        drop();
        return true;
    }

    void open() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException(host);
        }
        if (way == Way.UDP) {
            DatagramSocket opened = new DatagramSocket();
            opened.connect(address);
            datagrams = opened;
            return;
        }
        Socket plain = new Socket();
        Socket ready;
        try {
            plain.connect(address, CONNECT_MILLIS);
            plain.setKeepAlive(true);
            ready = way == Way.TLS ? secured(plain) : plain;
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
        int mine = opened + 1;
        opened = mine;
        socket = ready;
        Thread.ofVirtual().name("syslog-watch").start(() -> watch(mine, ready));
    }

    private Socket secured(Socket plain) throws IOException {
        try {
            SSLContext context = trust == null ? SSLContext.getDefault() : trust;
            SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            secured.setSSLParameters(parameters);
            secured.setSoTimeout(HANDSHAKE_MILLIS);
            secured.startHandshake();
            return secured;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("no TLS in this Java runtime", e);
        }
    }

    /// Ends the connection when a write hangs.
    private void watch(int mine, Socket watched) {
        while (mine == opened && !watched.isClosed()) {
            LockSupport.parkNanos(LOOK_EVERY);
            long since = writingSince;
            if (since != 0 && System.nanoTime() - since > LONGEST_WRITE) {
                close(watched);
                return;
            }
        }
    }

    void send(byte[] octets, int length) throws IOException {
        DatagramSocket each = datagrams;
        Socket open = socket;
        if (each != null) {
            each.send(new DatagramPacket(octets, length));
        } else if (open != null) {
            writingSince = System.nanoTime();
            try {
                open.getOutputStream().write(octets, 0, length);
                open.getOutputStream().flush();
            } finally {
                writingSince = 0;
            }
        } else {
            throw new IOException("not connected");
        }
    }

    /// Whether a write is under way.
    boolean writing() {
        return writingSince != 0;
    }

    /// Ends the connection, if there is one; another may be opened. Any thread.
    void drop() {
        Socket open = socket;
        socket = null;
        if (open != null) {
            close(open);
        }
        DatagramSocket each = datagrams;
        datagrams = null;
        if (each != null) {
            each.close();
        }
    }

    private static void close(Socket open) {
        try {
            if (open instanceof SSLSocket) {
                // to say good-bye could hang
                open.setSoLinger(true, 0);
            }
            open.close();
        } catch (IOException e) {
            // gone all the same
        }
    }

    /// Ends it for good.
    void close() {
        closed = true;
        Socket open = socket;
        socket = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // gone all the same
            }
        }
        drop();
    }
}
