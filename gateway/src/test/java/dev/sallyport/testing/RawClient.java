package dev.sallyport.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A client that sends any octets over a plain socket and reads answers strictly. Every wait has a deadline.
public final class RawClient implements AutoCloseable {
    private static final int FIRST_PORT = 10_000;
    /// The kernel's own choice of ports, and so every listener on port 0, is above this.
    private static final int PORTS = 22_000;

    private static final AtomicInteger CLIENTS =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 1000 % PORTS));

    private final Socket socket;
    private InputStream in;
    private StrictReader reader;

    /// How the gateway ended a connection.
    public enum End {
        /// In order: everything it had to say was said.
        CLOSED,
        /// With a reset.
        RESET
    }

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.reader = new StrictReader(in);
    }

    /// Connects to a port of this machine.
    public static RawClient connect(int port) throws IOException {
        return over(new Socket(), port);
    }

    /// Connects with a receive buffer so small that a large response stalls when it is not read.
    public static RawClient connectWithSmallWindow(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        return over(socket, port);
    }

    /// Connects to a port of this machine by TLS, asking for the server called `name`, which needs a dot in it.
    public static RawClient connect(int port, String name, SSLContext context) throws IOException {
        Socket plain = connect(port).socket;
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true);
        socket.startHandshake();
        return new RawClient(socket);
    }

    /// Connects from another address of this machine, such as `127.0.0.7`.
    public static RawClient connectFrom(String address, int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) Eventually.DEADLINE.toMillis());
        socket.setSoTimeout((int) Eventually.DEADLINE.toMillis());
        return new RawClient(socket);
    }

    private static RawClient over(Socket socket, int port) throws IOException {
        int deadline = (int) Eventually.DEADLINE.toMillis();
        socket.setTcpNoDelay(true);
        bindToAPortOfItsOwn(socket);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), deadline);
        socket.setSoTimeout(deadline);
        return new RawClient(socket);
    }

    /// Lines of the access log are found by the client's port: the kernel gives the same one again too soon.
    private static void bindToAPortOfItsOwn(Socket socket) throws IOException {
        for (int i = 0; i < PORTS; i++) {
            int port = FIRST_PORT + CLIENTS.getAndIncrement() % PORTS;
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (BindException taken) {
                // the next one
            }
        }
        throw new BindException("no free port from " + FIRST_PORT + " to " + (FIRST_PORT + PORTS));
    }

    /// Sends octets; those the gateway no longer takes are dropped, as a network would.
    public RawClient send(String octets) throws IOException {
        try {
            socket.getOutputStream().write(Octets.of(octets));
        } catch (SocketException ended) {
            // closed or reset by the gateway: what it answered is still to be read
        }
        return this;
    }

    /// Sends octets in pieces of `size`, each in a write of its own.
    public RawClient sendInPieces(String octets, int size) throws IOException {
        for (int i = 0; i < octets.length(); i += size) {
            send(octets.substring(i, Math.min(octets.length(), i + size)));
        }
        return this;
    }

    /// Reads the next response.
    public Response response() throws IOException {
        return reader.response(false);
    }

    /// Reads the next response, which answers a HEAD request.
    public Response responseToHead() throws IOException {
        return reader.response(true);
    }

    /// Sends a request and reads its response.
    public Response exchange(String octets) throws IOException {
        return send(octets).response();
    }

    /// Reads octets as they come, up to `length`.
    public String read(int length) throws IOException {
        return Octets.text(in.readNBytes(length));
    }

    /// Waits for the end of the connection; fails when more octets come first.
    public End end() throws IOException {
        try {
            int next = in.read();
            if (next < 0) {
                return End.CLOSED;
            }
            StringBuilder more = new StringBuilder().append((char) next);
            while (in.available() > 0 && more.length() < 2000) {
                more.append((char) in.read());
            }
            throw new AssertionError("expected the end of the connection, found: " + Octets.visible(more.toString()));
        } catch (SocketTimeoutException timeout) {
            throw new AssertionError("the connection stayed open", timeout);
        } catch (SocketException ended) {
            return End.RESET;
        }
    }

    /// All octets up to the end of the connection, in whatever way it ends.
    public String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        byte[] buffer = new byte[8192];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                rest.append(Octets.text(java.util.Arrays.copyOf(buffer, n)));
            }
        } catch (SocketTimeoutException timeout) {
            throw new AssertionError("the connection stayed open after " + Octets.visible(rest.toString()), timeout);
        } catch (SocketException ended) {
            // reset
        }
        return rest.toString();
    }

    /// Whether nothing arrives and the connection stays open for `time`.
    public boolean silentFor(Duration time) throws IOException {
        int before = socket.getSoTimeout();
        socket.setSoTimeout((int) time.toMillis());
        try {
            int next = in.read();
            if (next >= 0) {
                in = new SequenceInputStream(new ByteArrayInputStream(new byte[] {(byte) next}), in);
                reader = new StrictReader(in);
            }
            return false;
        } catch (SocketTimeoutException ended) {
            return true;
        } catch (SocketException | EOFException ended) {
            return false;
        } finally {
            socket.setSoTimeout(before);
        }
    }

    /// Ends the sending direction only.
    public RawClient halfClose() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /// Ends the connection with a reset.
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /// The port this client connects from.
    public int localPort() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
