package dev.sallyport.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Accepts on a free loopback port and serves each connection on a virtual thread of its own until it is closed.
final class LoopbackServer implements AutoCloseable {
    private final ServerSocket server;
    private final Service service;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    interface Service {
        /// Serves one connection, which is closed when this returns or throws.
        ///
        /// @param number 0 for the first connection
        void serve(Socket socket, int number) throws IOException;
    }

    LoopbackServer(Service service) {
        this.service = service;
        try {
            this.server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException("no loopback port to listen on", e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                int number = accepted.getAndIncrement();
                Thread.ofVirtual().start(() -> serve(socket, number));
            } catch (IOException ended) {
                // closed, or the client was gone before it was accepted
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            service.serve(socket, number);
        } catch (IOException ended) {
            // the gateway ended the connection
        } finally {
            open.remove(socket);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    int open() {
        return open.size();
    }

    /// Closes the connections that are open now and goes on accepting.
    void closeConnections() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        closeConnections();
    }
}
