package dev.sallyport.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A collector of syslog that counts octets (RFC 6587 §3.4.1) and takes nothing that is framed otherwise.
public final class SyslogCollector implements AutoCloseable {
    private final Thread acceptor;
    private final ServerSocket server;
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private volatile boolean deaf;

    private SyslogCollector(ServerSocket server) {
        this.server = server;
        acceptor = Thread.ofVirtual().start(this::accept);
    }

    /// A collector on a free port of the loopback address.
    public static SyslogCollector start() throws IOException {
        return at(0);
    }

    /// A collector on `port`.
    public static SyslogCollector at(int port) throws IOException {
        return new SyslogCollector(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()));
    }

    /// A collector that speaks TLS.
    public static SyslogCollector start(SSLContext context) throws IOException {
        return new SyslogCollector(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /// From now on accepts connections and reads nothing.
    public SyslogCollector deaf() {
        deaf = true;
        return this;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.add(socket);
                if (!deaf) {
                    Thread.ofVirtual().start(() -> read(socket));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void read(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            String message;
            while ((message = next(in)) != null) {
                messages.add(message);
            }
        } catch (IOException e) {
            // a client that is gone, or is none
        }
    }

    private @Nullable String next(InputStream in) throws IOException {
        StringBuilder count = new StringBuilder();
        int c;
        while ((c = in.read()) >= '0' && c <= '9') {
            count.append((char) c);
        }
        if (c < 0 && count.isEmpty()) {
            return null;
        }
        if (c != ' ' || count.isEmpty()) {
            faults.add(count + " followed by " + c);
            throw new IOException("no count");
        }
        int length = Integer.parseInt(count.toString());
        byte[] octets = in.readNBytes(length);
        return octets.length < length ? null : new String(octets, StandardCharsets.UTF_8);
    }

    public int port() {
        return server.getLocalPort();
    }

    /// Every message so far.
    public List<String> messages() {
        return new ArrayList<>(messages);
    }

    /// What was not framed as it has to be.
    public List<String> faults() {
        return faults;
    }

    /// Ends every connection, without a word.
    public void disconnect() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
        connections.clear();
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            // until it has noticed, connections are accepted
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        disconnect();
    }
}
