package dev.sallyport.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An upstream that keeps every octet it receives, reads it strictly, and answers each request as told.
///
/// The default answer is 200 with `METHOD TARGET` as its body, so that a client sees whose answer it got.
public final class RecordingUpstream implements AutoCloseable {
    private final LoopbackServer server;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private volatile Function<Request, String> answers = RecordingUpstream::echo;

    /// One connection and what came over it.
    private static final class Connection {
        private final StringBuilder received = new StringBuilder();

        synchronized void received(String octets) {
            received.append(octets);
        }

        synchronized String octets() {
            return received.toString();
        }

        synchronized void clear() {
            received.setLength(0);
        }
    }

    public RecordingUpstream() {
        server = new LoopbackServer(this::serve);
    }

    public static RecordingUpstream start() {
        return new RecordingUpstream();
    }

    /// An answer with status 200 and `body`.
    public static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String echo(Request request) {
        String body = request.method() + " " + request.target();
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n";
        return request.method().equals("HEAD") ? head : head + body;
    }

    private void serve(Socket socket, int number) throws IOException {
        Connection connection = new Connection();
        connections.add(connection);
        StrictReader reader = new StrictReader(new BufferedInputStream(recording(socket.getInputStream(), connection)));
        try {
            while (true) {
                Request request = reader.request();
                if (request == null) {
                    return;
                }
                requests.add(request);
                String answer = answers.apply(request);
                socket.getOutputStream().write(Octets.of(answer));
                if (answer.isEmpty() || answer.contains("\r\nConnection: close\r\n")) {
                    return;
                }
            }
        } catch (MalformedMessage malformed) {
            violations.add(malformed.getMessage());
        } catch (EOFException ended) {
            // a request the gateway broke off: not one that this upstream understood
        }
    }

    private static InputStream recording(InputStream in, Connection connection) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int c = super.read();
                if (c >= 0) {
                    connection.received(Character.toString((char) c));
                }
                return c;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, length);
                if (count > 0) {
                    connection.received(Octets.text(java.util.Arrays.copyOfRange(bytes, offset, offset + count)));
                }
                return count;
            }
        };
    }

    public int port() {
        return server.port();
    }

    /// Answers from now on with what `answers` makes of a request; an empty answer closes the connection.
    public RecordingUpstream answer(Function<Request, String> answers) {
        this.answers = answers;
        return this;
    }

    /// Answers from now on with the default.
    public RecordingUpstream answerByDefault() {
        return answer(RecordingUpstream::echo);
    }

    /// The complete requests received since the last [#clear()], in the order they were complete.
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /// Waits for `count` complete requests and returns them.
    public List<Request> awaitRequests(int count) {
        return Eventually.present(count + " requests at the upstream, found " + requests, () -> {
            List<Request> found = requests();
            return found.size() >= count ? found : null;
        });
    }

    /// The request received last; waits for one.
    public Request lastRequest() {
        return awaitRequests(1).getLast();
    }

    /// Every octet received since the last [#clear()], connection by connection.
    public List<String> octets() {
        List<String> octets = new ArrayList<>();
        for (Connection connection : connections) {
            String received = connection.octets();
            if (!received.isEmpty()) {
                octets.add(received);
            }
        }
        return octets;
    }

    /// What this upstream received that a strict reader does not accept.
    public List<String> violations() {
        return List.copyOf(violations);
    }

    /// How many connections were ever accepted.
    public int accepted() {
        return server.accepted();
    }

    /// How many connections are open.
    public int open() {
        return server.open();
    }

    /// The request that holds `text` anywhere, or null.
    public @Nullable Request requestWith(String text) {
        for (Request request : requests) {
            if (request.toString().contains(text)) {
                return request;
            }
        }
        return null;
    }

    /// Closes the connections that are open, as an upstream that restarts.
    public void closeConnections() throws IOException {
        server.closeConnections();
    }

    /// Forgets what was received.
    public void clear() {
        requests.clear();
        violations.clear();
        for (Connection connection : connections) {
            connection.clear();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
