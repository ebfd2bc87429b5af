package dev.sallyport.dataplane.tls;

import dev.sallyport.testing.Eventually;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/// Drives a client's SSLEngine over a socket, with full control of what its first flight looks like on the wire.
final class TlsPeer implements AutoCloseable {
    private final SSLEngine engine;
    private final Socket socket;
    private final Function<byte[], List<byte[]>> firstFlight;
    private ByteBuffer network = ByteBuffer.allocate(64 * 1024).flip();
    private final ByteBuffer text = ByteBuffer.allocate(64 * 1024);

    private TlsPeer(SSLEngine engine, Socket socket, Function<byte[], List<byte[]>> firstFlight) {
        this.engine = engine;
        this.socket = socket;
        this.firstFlight = firstFlight;
    }

    static TlsPeer connect(SSLEngine engine, int port) throws IOException {
        return connect(engine, port, List::of);
    }

    /// Connects and shakes hands.
    ///
    /// @param firstFlight cuts the ClientHello record into the pieces that are written one by one
    /// @throws SSLException when the handshake fails on either side
    static TlsPeer connect(SSLEngine engine, int port, Function<byte[], List<byte[]>> firstFlight) throws IOException {
        engine.setUseClientMode(true);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Eventually.DEADLINE.toMillis());
        TlsPeer peer = new TlsPeer(engine, socket, firstFlight);
        try {
            peer.handshake();
            return peer;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Cuts a record into records that carry one octet of the message each.
    static List<byte[]> oneOctetRecords(byte[] record) {
        List<byte[]> records = new ArrayList<>();
        for (int i = 5; i < record.length; i++) {
            records.add(new byte[] {record[0], record[1], record[2], 0, 1, record[i]});
        }
        return records;
    }

    /// Cuts a record into writes of one octet.
    static List<byte[]> oneOctetWrites(byte[] record) {
        List<byte[]> writes = new ArrayList<>();
        for (byte octet : record) {
            writes.add(new byte[] {octet});
        }
        return writes;
    }

    /// Shakes hands, for the first time or again.
    void handshake() throws IOException {
        boolean first = true;
        engine.beginHandshake();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> {
                    byte[] flight = wrap(new byte[0]);
                    for (byte[] piece : first ? firstFlight.apply(flight) : List.of(flight)) {
                        socket.getOutputStream().write(piece);
                    }
                    first = false;
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap();
                case NEED_TASK -> engine.getDelegatedTask().run();
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    private byte[] wrap(byte[] plain) throws SSLException {
        ByteBuffer out = ByteBuffer.allocate(64 * 1024);
        engine.wrap(ByteBuffer.wrap(plain), out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    private void unwrap() throws IOException {
        SSLEngineResult result = engine.unwrap(network, text);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            network.compact();
            InputStream in = socket.getInputStream();
            int read = in.read(network.array(), network.position(), network.remaining());
            if (read < 0) {
                throw new EOFException("closed by the gateway");
            }
            network.position(network.position() + read).flip();
        } else if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new EOFException("closed by the gateway");
        }
    }

    /// Sends a line.
    TlsPeer send(String line) throws IOException {
        socket.getOutputStream().write(wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    /// Reads a line; tickets on the way are taken in.
    String line() throws IOException {
        while (true) {
            for (int i = 0; i < text.position(); i++) {
                if (text.get(i) == '\n') {
                    String line = new String(text.array(), 0, i, StandardCharsets.UTF_8);
                    text.flip().position(i + 1);
                    text.compact();
                    return line;
                }
            }
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                socket.getOutputStream().write(wrap(new byte[0]));
            } else if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
            } else {
                unwrap();
            }
        }
    }

    SSLEngine engine() {
        return engine;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
