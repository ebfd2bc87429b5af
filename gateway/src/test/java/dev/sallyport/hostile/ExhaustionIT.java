package dev.sallyport.hostile;

import static dev.sallyport.hostile.Messages.get;
import static dev.sallyport.hostile.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Response;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Threats DO-01, 02, 03, 13, 15 and 22: clients that use up what others need.
class ExhaustionIT {
    private static final Duration GRACE_AND_MORE = Duration.ofSeconds(9);

    @RegisterExtension
    static final Arena ARENA = new Arena("""
            version: 1
            listeners:
              public:
                bind: 127.0.0.1:0
                limits: { head-timeout: 1s, idle-timeout: 1s, body-min-rate: 100KiB/s }
              few:
                bind: 127.0.0.1:0
                limits: { connections: 5, idle-timeout: 60s }
              few-each:
                bind: 127.0.0.1:0
                limits: { connections-per-address: 3, idle-timeout: 60s }
            upstreams:
              recorder:
                endpoints: ["http://127.0.0.1:$PORT"]
            routes:
              all:
                match: { path: "/**" }
                access: public
                upstream: recorder
            """);

    @Test
    void DO_01_slowHeadsAreClosedAndHoldUpNobody() throws IOException {
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            slow.add(RawClient.connect(ARENA.gateway().port()).send("GET / HTTP/1.1\r\nHost: gateway.test\r\nX: "));
        }
        for (int i = 0; i < 20; i++) {
            ARENA.upstream().clear();
            ARENA.assertVictimUnharmed();
            for (RawClient client : slow) {
                client.send("a");
            }
        }
        for (RawClient client : slow) {
            assertThat(client.response().status()).isEqualTo(408);
            client.close();
        }
        awaitConnections("public", 0);
    }

    @Test
    void DO_02_slowBodiesAreClosed() throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            client.send(post("Content-Length: 1000000"));
            long start = System.nanoTime();
            Response[] response = new Response[1];
            Thread reader = Thread.ofVirtual().start(() -> response[0] = read(client));
            while (reader.isAlive() && System.nanoTime() - start < GRACE_AND_MORE.toNanos()) {
                client.send("a");
                LockSupport.parkNanos(100_000_000);
            }
            Eventually.until("an answer", () -> !reader.isAlive());
            assertThat(response[0].status()).isEqualTo(408);
            assertThat(response[0].code()).isEqualTo("body-timeout");
        }
        ARENA.assertVictimUnharmed();
    }

    private static Response read(RawClient client) {
        try {
            return client.response();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void DO_02_aBodyThatStopsIsClosed() throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            client.send(post("Content-Length: 1000000") + "hello");
            assertThat(client.response().status()).isEqualTo(408);
        }
        ARENA.assertVictimUnharmed();
    }

    @Test
    void DO_03_aClientThatDoesNotReadIsBufferedLittleAndClosed() throws IOException {
        AtomicLong sent = new AtomicLong();
        String piece = "a".repeat(64 * 1024);
        try (EvilUpstream upstream = EvilUpstream.start(gateway -> {
                    gateway.readHead();
                    gateway.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                    while (true) {
                        gateway.send(piece);
                        sent.addAndGet(piece.length());
                    }
                });
                var gateway = dev.sallyport.testing.TestGateway.start(Backends.yaml(upstream.port()));
                RawClient client = RawClient.connectWithSmallWindow(gateway.port())) {
            client.send(get("/"));
            assertThat(gateway.awaitLogOf(client).field("gateway.reason")).isEqualTo("response-stalled");
            // kernel buffers on both sides included
            assertThat(sent.get()).isLessThan(32 << 20);
            Eventually.until("the upstream's work is cancelled", () -> upstream.open() == 0);
        }
    }

    @Test
    void DO_13_namesThatCollideCostNoMore() throws IOException {
        // String.hashCode collides for all of these; the table of known names is keyed otherwise and nothing is a map
        String[] fields = IntStream.range(0, 98)
                .mapToObj(
                        i -> Integer.toBinaryString(128 + i).replace("0", "Aa").replace("1", "BB") + ": x")
                .toArray(String[]::new);
        assertThat(ARENA.forwards(get("/", fields)).fields()).hasSizeGreaterThan(98);
    }

    @Test
    void DO_15_idleConnectionsAreClosed() throws IOException {
        List<RawClient> idle = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            idle.add(ARENA.client());
        }
        try (RawClient used = ARENA.client()) {
            assertThat(used.exchange(get("/")).status()).isEqualTo(200);
            assertThat(used.end()).isEqualTo(RawClient.End.CLOSED);
        }
        for (RawClient client : idle) {
            client.rest();
            client.close();
        }
        awaitConnections("public", 0);
    }

    @Test
    void DO_15_connectionsAreCounted() throws IOException {
        assertCap("few", 5, "connections");
    }

    @Test
    void DO_15_connectionsOfOneAddressAreCounted() throws IOException {
        assertCap("few-each", 3, "connections-per-address");
    }

    private static void assertCap(String listener, int cap, String reason) throws IOException {
        int port = ARENA.gateway().port(listener);
        List<RawClient> open = new ArrayList<>();
        for (int i = 0; i < cap; i++) {
            RawClient client = RawClient.connect(port);
            assertThat(client.exchange(get("/")).status()).isEqualTo(200);
            open.add(client);
        }
        assertThat(served(port)).isFalse();
        open.removeFirst().close();
        Eventually.until("a place is free again", () -> served(port));
        for (RawClient client : open) {
            client.close();
        }
        awaitConnections(listener, 0);
        String refused = "listener=\"" + listener + "\",reason=\"" + reason + "\"";
        assertThat(ARENA.gateway().metric("sallyport_connections_refused_total", refused))
                .isGreaterThanOrEqualTo(1);
    }

    private static boolean served(int port) {
        try (RawClient client = RawClient.connect(port)) {
            return !client.send(get("/", "Connection: close")).rest().isEmpty();
        } catch (IOException resetWhileConnecting) {
            return false;
        }
    }

    @Test
    void DO_22_resetsAfterAHalfCloseLeaveNothingBehind() throws IOException {
        for (int i = 0; i < 200; i++) {
            RawClient client = ARENA.client();
            client.send(i % 2 == 0 ? get("/") : "GET / HT").halfClose();
            client.reset();
        }
        awaitConnections("public", 0);
        assertLoopsRest();
    }

    @Test
    void DO_22_aHalfClosedClientIsGone() throws IOException {
        try (RawClient client = ARENA.client()) {
            client.halfClose();
            assertThat(client.end()).isEqualTo(RawClient.End.CLOSED);
        }
        awaitConnections("public", 0);
        assertLoopsRest();
    }

    /// No loop spins: together they use less than a fifth of a processor.
    private static void assertLoopsRest() {
        Duration watched = Duration.ofMillis(500);
        long before = loopCpu();
        LockSupport.parkNanos(watched.toNanos());
        assertThat(Duration.ofNanos(loopCpu() - before)).isLessThan(watched.dividedBy(5));
    }

    private static long loopCpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("loop-")) {
                nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos;
    }

    private static void awaitConnections(String listener, int count) {
        Eventually.until(count + " connections at " + listener, () -> {
            try {
                return ARENA.gateway().metric("sallyport_connections", "listener=\"" + listener + "\"") == count;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
