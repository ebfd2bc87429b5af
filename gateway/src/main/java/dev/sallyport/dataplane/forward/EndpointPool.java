package dev.sallyport.dataplane.forward;

import dev.sallyport.api.exchange.Failure;
import dev.sallyport.dataplane.loop.Worker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// One worker's connections to one endpoint, and the calls that wait for one. Confined to the worker's loop,
/// except the figures.
///
/// A connection comes back only when it may take another call (oracle G6); the latest back is the first out, so
/// that surplus ones grow idle and close.
final class EndpointPool implements UpstreamConnector.Owner {
    private final Worker worker;
    private final EndpointState endpoint;
    private final UpstreamSettings settings;
    private final UpstreamConnector connector;
    private final ArrayList<UpstreamConnection> available = new ArrayList<>();
    private final ArrayDeque<ForwardedCall> waiting = new ArrayDeque<>();
    private int connecting;
    private boolean multiplexed;
    private boolean retired;
    // written by the loop only; figures read by other threads may be a moment old
    private int open;
    private int idle;

    EndpointPool(Worker worker, EndpointState endpoint, UpstreamSettings settings, UpstreamConnector connector) {
        this.worker = worker;
        this.endpoint = endpoint;
        this.settings = settings;
        this.connector = connector;
        this.multiplexed = settings.protocol() == UpstreamSettings.Protocol.HTTP_2
                || (settings.protocol() == UpstreamSettings.Protocol.AUTO && settings.tls() != null);
    }

    EndpointState endpoint() {
        return endpoint;
    }

    /// Open connections; from any thread.
    int open() {
        return open;
    }

    /// Connections that wait for a call; from any thread.
    int idle() {
        return idle;
    }

    /// Gives `call` a connection, now or as soon as there is one, or fails it.
    void acquire(ForwardedCall call, long now) {
        UpstreamConnection connection = takeAvailable(now);
        if (connection != null) {
            open(connection, call);
        } else if (waiting.size() >= settings.pool().maxPending()) {
            call.connectionFailed(Failure.POOL_FULL);
        } else {
            waiting.add(call);
            connectAsNeeded();
        }
    }

    private @Nullable UpstreamConnection takeAvailable(long now) {
        while (!available.isEmpty()) {
            UpstreamConnection connection = available.removeLast();
            idle = available.size();
            if (!connection.available()) {
                continue;
            }
            if (now - connection.createdAt() > settings.pool().maxAge()) {
                connection.retire();
                continue;
            }
            return connection;
        }
        return null;
    }

    /// Opens `call`; a request that cannot be written as it is (threat SM-25) fails alone, with its connection.
    private void begin(UpstreamConnection connection, ForwardedCall call) {
        try {
            connection.open(call, call, settings.timeouts().forCall());
        } catch (IllegalArgumentException unwritable) {
            connection.retire();
            call.connectionFailed(Failure.INTERNAL);
        }
    }

    private void open(UpstreamConnection connection, ForwardedCall call) {
        begin(connection, call);
        if (connection.available()) {
            makeAvailable(connection);
        }
    }

    private void makeAvailable(UpstreamConnection connection) {
        if (retired) {
            connection.retire();
        } else if (!connection.multiplexed() || !available.contains(connection)) {
            available.add(connection);
            idle = available.size();
        }
    }

    private void connectAsNeeded() {
        int wanted = waiting.size();
        if (multiplexed) {
            wanted = Math.min(wanted, 1);
        }
        while (connecting < wanted && open + connecting < settings.pool().maxConnections()) {
            connecting++;
            connector.connect(worker, endpoint, settings, this, new Attempt());
        }
    }

    /// One attempt to connect.
    private final class Attempt implements UpstreamConnector.Outcome {
        @Override
        public void connected(UpstreamConnection connection) {
            connecting--;
            open++;
            multiplexed = connection.multiplexed();
            serveWaiting(connection);
            connectAsNeeded();
        }

        @Override
        public void failed(Failure failure) {
            connecting--;
            endpoint.connectFailed();
            ForwardedCall call = nextWaiting();
            if (call != null) {
                call.connectionFailed(failure);
            }
            if (connecting == 0 && open == 0) {
                // nothing else would serve those left: they are told now and may try another endpoint
                while ((call = nextWaiting()) != null) {
                    call.connectionFailed(failure);
                }
            } else {
                connectAsNeeded();
            }
        }
    }

    private void serveWaiting(UpstreamConnection connection) {
        while (connection.available()) {
            ForwardedCall call = nextWaiting();
            if (call == null) {
                makeAvailable(connection);
                return;
            }
            begin(connection, call);
        }
    }

    private @Nullable ForwardedCall nextWaiting() {
        ForwardedCall call;
        do {
            call = waiting.poll();
        } while (call != null && call.cancelled());
        return call;
    }

    @Override
    public void onAvailable(UpstreamConnection connection) {
        if (System.nanoTime() - connection.createdAt() > settings.pool().maxAge()) {
            connection.retire();
        } else {
            serveWaiting(connection);
        }
    }

    @Override
    public void onGone(UpstreamConnection connection) {
        open--;
        available.remove(connection);
        idle = available.size();
        if (!waiting.isEmpty()) {
            connectAsNeeded();
        }
    }

    /// Keeps nothing for later any more: whoever waits is served, and connections close as they become idle.
    void retire() {
        retired = true;
        while (!available.isEmpty()) {
            available.removeLast().retire();
        }
        idle = 0;
    }
}
