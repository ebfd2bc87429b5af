package dev.sallyport.app;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Response;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients that send one request after the other on connections they keep, and tell of each that was not answered
/// as it should be.
final class Load implements AutoCloseable {
    private final int port;
    private final String path;
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private volatile boolean ending;

    private Load(int port, String path) {
        this.port = port;
        this.path = path;
    }

    /// Sends from `clients` clients to `port`, each expecting 200 for `path`.
    static Load on(int port, String path, int clients) {
        Load load = new Load(port, path);
        for (int i = 0; i < clients; i++) {
            load.clients.add(Thread.ofVirtual().start(load::run));
        }
        return load;
    }

    private void run() {
        while (!ending) {
            try (RawClient client = RawClient.connect(port)) {
                boolean kept = true;
                while (kept && !ending) {
                    kept = once(client);
                }
            } catch (ConnectException refused) {
                return; // nobody listens any more: nothing was sent, nothing is lost
            } catch (IOException e) {
                lost.add("between requests: " + e);
            }
        }
    }

    private boolean once(RawClient client) {
        try {
            Response response = client.exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            if (response.status() == 200) {
                answered.incrementAndGet();
            } else {
                lost.add(response.status() + " " + response.body());
            }
            return !response.values("connection").contains("close");
        } catch (IOException e) {
            lost.add(e.toString());
            return false;
        }
    }

    /// How many requests were answered.
    int answered() {
        return answered.get();
    }

    /// What became of those that were not.
    List<String> lost() {
        return lost;
    }

    void awaitAnswers(int more) {
        int wanted = answered() + more;
        Eventually.until("answers under load, lost " + lost, () -> answered() >= wanted || !lost.isEmpty());
    }

    /// Waits until every client has ended by itself.
    void join() {
        Eventually.until("the end of all clients", () -> clients.stream().noneMatch(Thread::isAlive));
    }

    @Override
    public void close() {
        ending = true;
        join();
    }
}
