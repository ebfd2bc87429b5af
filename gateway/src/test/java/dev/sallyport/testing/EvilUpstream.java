package dev.sallyport.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// An upstream that does anything: sends any octets, closes or resets anywhere, trickles, stops reading.
public final class EvilUpstream implements AutoCloseable {
    private final LoopbackServer server;
    private final CountDownLatch closing = new CountDownLatch(1);

    /// What happens on a connection; when it returns, the connection is closed.
    public interface Script {
        void run(Peer gateway) throws IOException;
    }

    private EvilUpstream(Script script) {
        server = new LoopbackServer((socket, number) -> script.run(new Peer(socket, number)));
    }

    /// Runs `script` on every connection.
    public static EvilUpstream start(Script script) {
        return new EvilUpstream(script);
    }

    /// Reads one request on every connection, sends `octets`, and closes.
    public static EvilUpstream sending(String octets) {
        return start(gateway -> {
            gateway.readHead();
            gateway.send(octets);
        });
    }

    public int port() {
        return server.port();
    }

    /// How many connections were ever accepted.
    public int accepted() {
        return server.accepted();
    }

    /// How many connections are open.
    public int open() {
        return server.open();
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        server.close();
    }

    /// The gateway, as an evil upstream sees it.
    public final class Peer {
        private final Socket socket;
        private final int number;

        private Peer(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.number = number;
            socket.setSoTimeout((int) Eventually.DEADLINE.toMillis());
        }

        /// 0 on the first connection.
        public int number() {
            return number;
        }

        /// Reads up to the end of a request head and returns it.
        public String readHead() throws IOException {
            StringBuilder head = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                int c = in.read();
                if (c < 0) {
                    throw new IOException("the gateway closed");
                }
                head.append((char) c);
            }
            return head.toString();
        }

        public String read(int length) throws IOException {
            return Octets.text(socket.getInputStream().readNBytes(length));
        }

        /// Reads up to the end of the connection.
        public String readAll() throws IOException {
            return Octets.text(socket.getInputStream().readAllBytes());
        }

        public Peer send(String octets) throws IOException {
            socket.getOutputStream().write(Octets.of(octets));
            return this;
        }

        /// Sends one octet at a time, `pause` apart.
        public Peer trickle(String octets, Duration pause) throws IOException {
            for (int i = 0; i < octets.length(); i++) {
                send(octets.substring(i, i + 1));
                LockSupport.parkNanos(pause.toNanos());
            }
            return this;
        }

        /// Ends the sending direction only.
        public Peer halfClose() throws IOException {
            socket.shutdownOutput();
            return this;
        }

        /// Ends the connection with a reset.
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /// Does nothing, reads nothing, until the test is over.
        public void hold() throws IOException {
            try {
                if (!closing.await(1, TimeUnit.MINUTES)) {
                    throw new IOException("held for too long");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /// A port that refuses every connection, for as long as it is not closed.
    public static final class RefusingPort implements AutoCloseable {
        private final Socket bound = new Socket();

        public RefusingPort() throws IOException {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }

        public int port() {
            return bound.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            bound.close();
        }
    }

    /// A port on which no connection is ever established nor refused: its queue is full.
    public static final class SilentPort implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final List<Socket> queued = new ArrayList<>();

        public SilentPort() throws IOException {
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket();
                queued.add(socket);
                try {
                    socket.connect(server.getLocalSocketAddress(), 200);
                } catch (java.net.SocketTimeoutException ended) {
                    return;
                }
            }
            throw new IOException("this system queues more connections than it was asked to");
        }

        public int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : queued) {
                socket.close();
            }
            server.close();
        }
    }
}
