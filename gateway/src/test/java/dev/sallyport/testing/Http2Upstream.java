package dev.sallyport.testing;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// An HTTP/2 upstream that says, frame by frame, what the test wants.
public final class Http2Upstream implements AutoCloseable {
    private final LoopbackServer server;
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    /// What the upstream does with one connection, which is closed afterwards.
    public interface Script {
        void run(Http2Peer gateway) throws IOException;
    }

    /// An upstream.
    ///
    /// @param settings sent on every connection, ids and values in turn
    private Http2Upstream(Script script, int... settings) {
        server = new LoopbackServer((socket, number) -> {
            try {
                script.run(Http2Peer.accepted(socket, settings));
            } catch (RuntimeException | AssertionError failure) {
                failures.add(failure);
            }
        });
    }

    public static Http2Upstream start(Script script, int... settings) {
        return new Http2Upstream(script, settings);
    }

    public int port() {
        return server.port();
    }

    /// How many connections were ever accepted.
    public int accepted() {
        return server.accepted();
    }

    /// What scripts ran into that they did not expect.
    public List<Throwable> failures() {
        return failures;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
