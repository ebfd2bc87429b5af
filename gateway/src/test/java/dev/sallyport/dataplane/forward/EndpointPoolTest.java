package dev.sallyport.dataplane.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.admit.AdmissionGate;
import dev.sallyport.dataplane.admit.Passage;
import dev.sallyport.dataplane.loop.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Pools and forwarding against a scripted connector, all on the test's thread.
class EndpointPoolTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Worker worker = new Worker(0, loop);
    private final Deque<Attempt> attempts = new ArrayDeque<>();
    private final List<String> heard = new ArrayList<>();

    private record Attempt(EndpointState endpoint, UpstreamConnector.Owner owner, UpstreamConnector.Outcome outcome) {
        Connection succeed(boolean multiplexed) {
            Connection connection = new Connection(owner, multiplexed);
            outcome.connected(connection);
            return connection;
        }
    }

    /// A connection that remembers who it serves.
    private static final class Connection implements UpstreamConnection, UpstreamCall {
        private final UpstreamConnector.Owner owner;
        private final boolean multiplexed;
        private final Deque<UpstreamListener> serving = new ArrayDeque<>();
        private boolean retired;

        Connection(UpstreamConnector.Owner owner, boolean multiplexed) {
            this.owner = owner;
            this.multiplexed = multiplexed;
        }

        void answer() {
            UpstreamListener listener = serving.remove();
            listener.onHead(new ResponseHead(200, Headers.EMPTY, HttpVersion.HTTP_1_1), 0, true);
            if (retired) {
                owner.onGone(this);
            } else {
                owner.onAvailable(this);
            }
        }

        void reset() {
            UpstreamListener listener = serving.remove();
            owner.onGone(this);
            listener.onFailure(Failure.RESET_BEFORE_RESPONSE, false, true);
        }

        @Override
        public boolean available() {
            return !retired && (multiplexed || serving.isEmpty());
        }

        @Override
        public boolean multiplexed() {
            return multiplexed;
        }

        @Override
        public boolean idle() {
            return serving.isEmpty();
        }

        @Override
        public long createdAt() {
            return System.nanoTime();
        }

        @Override
        public void open(UpstreamRequest request, UpstreamListener listener, CallTimeouts timeouts) {
            if (request.target().equals("/unwritable")) {
                throw new IllegalArgumentException(request.target());
            }
            serving.add(listener);
            listener.onOpen(this);
        }

        @Override
        public void retire() {
            retired = true;
            if (serving.isEmpty()) {
                owner.onGone(this);
            }
        }

        @Override
        public void send(ByteBuf data, boolean last) {
            data.release();
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void demand(boolean wanted) {}

        @Override
        public void cancel() {
            serving.clear();
            owner.onGone(this);
        }
    }

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    private Upstream upstream(int maxConnections, int maxPending, String... endpoints) {
        List<EndpointState> states = new ArrayList<>();
        for (String endpoint : endpoints) {
            states.add(new EndpointState(endpoint, InetSocketAddress.createUnresolved(endpoint, 1), 1));
        }
        return new Upstream(
                new UpstreamSettings(
                        "u",
                        UpstreamSettings.Protocol.AUTO,
                        null,
                        new UpstreamSettings.Timeouts(SECOND, SECOND, SECOND, SECOND),
                        new UpstreamSettings.Pool(maxConnections, maxPending, SECOND, 100 * SECOND),
                        1024),
                states,
                all -> (exchange, excluded) -> {
                    for (int i = 0; i < all.length; i++) {
                        if ((excluded >> i & 1) == 0) {
                            return i;
                        }
                    }
                    return -1;
                },
                (onWorker, endpoint, settings, owner, outcome) -> attempts.add(new Attempt(endpoint, owner, outcome)),
                1);
    }

    private ForwardedCall call(Upstream upstream, Method method, String name) {
        return call(upstream, method, name, "/");
    }

    private ForwardedCall call(Upstream upstream, Method method, String name, String path) {
        Exchange exchange = new Exchange(
                new CanonicalRequest(
                        method, "http", new Authority("x", -1), path, 0, null, Headers.EMPTY, HttpVersion.HTTP_1_1),
                new ClientConnection(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), "l", null, null),
                Runnable::run,
                0,
                new Exchange.Origin(InetAddress.getLoopbackAddress(), new TraceContext(1, 1, 1, 0, false), 1, 1, 1, 1));
        Passage passage = new AdmissionGate(Revocations.NONE).admit(exchange, new AccessRule.Public());
        Passage.Granted granted = (Passage.Granted) passage;
        exchange.admitted(granted.admission().rule(), null);
        ForwardedCall call =
                new Forwarder(upstream, "via").forward(worker, exchange, granted.admission(), 0, new Listener(name));
        call.start();
        return call;
    }

    private final class Listener implements UpstreamListener {
        private final String name;

        Listener(String name) {
            this.name = name;
        }

        @Override
        public void onOpen(UpstreamCall call) {
            heard.add(name + " open");
        }

        @Override
        public void onInterim(ResponseHead head) {}

        @Override
        public void onHead(ResponseHead head, long length, boolean last) {
            heard.add(name + " " + head.status());
        }

        @Override
        public void onBody(ByteBuf data, boolean last) {
            data.release();
        }

        @Override
        public void onTrailers(Headers trailers) {}

        @Override
        public void onBatchEnd() {}

        @Override
        public void onWritable() {}

        @Override
        public void onFailure(Failure failure, boolean nothingSent, boolean reusedConnection) {
            heard.add(name + " " + failure);
        }
    }

    @Test
    void usesAConnectionAgain() {
        Upstream upstream = upstream(10, 10, "a");
        call(upstream, Method.GET, "1");
        Connection connection = attempts.remove().succeed(false);
        connection.answer();
        call(upstream, Method.GET, "2");
        connection.answer();
        assertThat(heard).containsExactly("1 open", "1 200", "2 open", "2 200");
        assertThat(attempts).isEmpty();
    }

    @Test
    void opensOneConnectionPerCallUpToItsCapAndThenLetsCallsWait() {
        Upstream upstream = upstream(2, 10, "a");
        call(upstream, Method.GET, "1");
        call(upstream, Method.GET, "2");
        call(upstream, Method.GET, "3");
        assertThat(attempts).hasSize(2);
        Connection first = attempts.remove().succeed(false);
        attempts.remove().succeed(false);
        first.answer();
        assertThat(heard).containsExactly("1 open", "2 open", "1 200", "3 open");
        assertThat(attempts).isEmpty();
    }

    @Test
    void refusesWhenTooManyWait() {
        Upstream upstream = upstream(1, 1, "a");
        call(upstream, Method.GET, "1");
        call(upstream, Method.GET, "2");
        assertThat(heard).containsExactly("2 POOL_FULL");
    }

    @Test
    void asksAnotherEndpointWhenOneCannotBeReached() {
        Upstream upstream = upstream(10, 10, "a", "b");
        call(upstream, Method.POST, "1");
        attempts.remove().outcome().failed(Failure.CONNECT_FAILED);
        assertThat(attempts.getFirst().endpoint().address()).isEqualTo("b");
        attempts.remove().succeed(false).answer();
        assertThat(heard).containsExactly("1 open", "1 200");
    }

    @Test
    void tellsTheFailureWhenNoEndpointCanBeReached() {
        Upstream upstream = upstream(10, 10, "a", "b");
        call(upstream, Method.GET, "1");
        attempts.remove().outcome().failed(Failure.CONNECT_TIMEOUT);
        attempts.remove().outcome().failed(Failure.CONNECT_FAILED);
        assertThat(heard).containsExactly("1 CONNECT_FAILED");
        assertThat(upstream.endpoints()).allMatch(endpoint -> endpoint.inFlight() == 0);
    }

    @Test
    void US_09_retriesOnceWhenAReusedConnectionWasJustClosed() {
        Upstream upstream = upstream(10, 10, "a");
        call(upstream, Method.GET, "0");
        Connection connection = attempts.remove().succeed(false);
        connection.answer();
        call(upstream, Method.GET, "1");
        connection.reset();
        attempts.remove().succeed(false).answer();
        assertThat(heard).containsExactly("0 open", "0 200", "1 open", "1 open", "1 200");
    }

    @Test
    void DO_19_neverRepeatsWhatIsNotIdempotent() {
        Upstream upstream = upstream(10, 10, "a", "b");
        call(upstream, Method.GET, "0");
        Connection connection = attempts.remove().succeed(false);
        connection.answer();
        call(upstream, Method.POST, "1");
        connection.reset();
        assertThat(heard).containsExactly("0 open", "0 200", "1 open", "1 RESET_BEFORE_RESPONSE");
        assertThat(attempts).isEmpty();
    }

    @Test
    void sharesAMultiplexedConnection() {
        Upstream upstream = upstream(10, 10, "a");
        call(upstream, Method.GET, "1");
        Connection connection = attempts.remove().succeed(true);
        call(upstream, Method.GET, "2");
        call(upstream, Method.GET, "3");
        assertThat(attempts).isEmpty();
        connection.answer();
        connection.answer();
        connection.answer();
        assertThat(heard).containsExactly("1 open", "2 open", "3 open", "1 200", "2 200", "3 200");
    }

    @Test
    void forgetsCallsThatWereCancelledWhileTheyWaited() {
        Upstream upstream = upstream(1, 10, "a");
        call(upstream, Method.GET, "1").cancel();
        call(upstream, Method.GET, "2");
        attempts.remove().succeed(false).answer();
        assertThat(heard).containsExactly("2 open", "2 200");
    }

    @Test
    void closesConnectionsOfARetiredUpstreamWhenTheyAreDone() {
        Upstream upstream = upstream(10, 10, "a");
        call(upstream, Method.GET, "1");
        Connection connection = attempts.remove().succeed(false);
        EndpointPool pool = upstream.pool(worker, upstream.endpoints().getFirst());
        pool.retire();
        connection.answer();
        assertThat(connection.retired).isTrue();
        assertThat(pool.open()).isZero();
    }

    @Test
    void FA_10_servesCallsThatWaitWhenItIsRetired() {
        Upstream upstream = upstream(1, 10, "a");
        call(upstream, Method.GET, "1");
        call(upstream, Method.GET, "2");
        EndpointPool pool = upstream.pool(worker, upstream.endpoints().getFirst());
        pool.retire();
        Connection connection = attempts.remove().succeed(false);
        connection.answer();
        connection.answer();
        assertThat(heard).containsExactly("1 open", "1 200", "2 open", "2 200");
        assertThat(connection.retired).isTrue();
        assertThat(pool.open()).isZero();
        assertThat(attempts).as("connections that nobody needs").isEmpty();
    }

    @Test
    void FA_10_servesCallsOfRequestsThatBeganBeforeItWasRetired() {
        Upstream upstream = upstream(10, 10, "a");
        EndpointPool pool = upstream.pool(worker, upstream.endpoints().getFirst());
        pool.retire();
        call(upstream, Method.GET, "1");
        Connection connection = attempts.remove().succeed(true);
        assertThat(connection.retired).isTrue();
        connection.answer();
        assertThat(heard).containsExactly("1 open", "1 200");
        assertThat(pool.open()).isZero();
        assertThat(attempts).isEmpty();
    }

    @Test
    void closesAtOnceWhatConnectsForACallThatWentAway() {
        Upstream upstream = upstream(10, 10, "a");
        call(upstream, Method.GET, "1").cancel();
        EndpointPool pool = upstream.pool(worker, upstream.endpoints().getFirst());
        pool.retire();
        assertThat(attempts.remove().succeed(false).retired).isTrue();
        assertThat(pool.open()).isZero();
        assertThat(attempts).isEmpty();
    }

    @Test
    void SM_25_aRequestThatCannotBeWrittenFailsAlone() {
        Upstream upstream = upstream(1, 10, "a", "b");
        call(upstream, Method.GET, "1", "/unwritable");
        call(upstream, Method.GET, "2");
        Connection connection = attempts.remove().succeed(false);
        assertThat(connection.retired).isTrue();
        assertThat(heard).containsExactly("1 INTERNAL");
        attempts.remove().succeed(false).answer();
        assertThat(heard).containsExactly("1 INTERNAL", "2 open", "2 200");
    }
}
