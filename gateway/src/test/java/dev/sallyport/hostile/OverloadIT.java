package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Badges;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.Http2Peer;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Threats RL-12, DO-04, DO-05 and DO-15 over real sockets: more work than an upstream can do, and connections that
/// take others' places.
class OverloadIT {
    private static final int SERVERS = 20;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final int IN_A_ROW = 60;

    /// Serves so many at once, each for as many milliseconds as its path ends in; what ends in `hold` waits until it
    /// is let go.
    private static final Semaphore AT_WORK = new Semaphore(SERVERS, true);

    private static final Semaphore LET_GO = new Semaphore(0);
    private static final AtomicInteger HELD = new AtomicInteger();

    /// How many were held ever: those that are let go leave [#HELD] a moment later.
    private static final AtomicInteger EVER_HELD = new AtomicInteger();

    private static final EvilUpstream UPSTREAM = EvilUpstream.start(OverloadIT::serve);

    private static TestGateway gateway;

    private static void serve(EvilUpstream.Peer peer) throws IOException {
        while (true) {
            String head = peer.readHead();
            if (head.isEmpty()) {
                return;
            }
            String path = head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP"));
            String work = path.substring(path.lastIndexOf('/') + 1);
            if (work.equals("stream")) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                peer.send("9\r\ndata: 1\n\n\r\n");
                peer.readAll();
                return;
            }
            if (work.equals("hold")) {
                HELD.incrementAndGet();
                EVER_HELD.incrementAndGet();
                LET_GO.acquireUninterruptibly();
                HELD.decrementAndGet();
            } else {
                AT_WORK.acquireUninterruptibly();
                LockSupport.parkNanos(Duration.ofMillis(Integer.parseInt(work)).toNanos());
                AT_WORK.release();
            }
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    }

    private static String yaml(String more) {
        return """
                version: 1
                listeners:
                  public: { bind: "127.0.0.1:0", protocols: [http/1.1, h2] }
                  few: { bind: "127.0.0.1:0", protocols: [http/1.1, h2], limits: { connections: 20 } }
                upstreams:
                  adaptive:
                    endpoints: ["http://127.0.0.1:%1$d"]
                    concurrency: { adaptive: { min: 5, max: 100 } }
                  fixed: { endpoints: ["http://127.0.0.1:%1$d"], concurrency: %2$d }
                  one: { endpoints: ["http://127.0.0.1:%1$d"], concurrency: 1 }
                authenticators: { staff: { kind: badge } }
                routes:
                  high: { match: { path: "/high/**" }, access: { optional: [staff] }, upstream: adaptive, priority: high }
                  normal: { match: { path: "/normal/**" }, access: { optional: [staff] }, upstream: adaptive }
                  low: { match: { path: "/low/**" }, access: { optional: [staff] }, upstream: adaptive, priority: low }
                  fixed: { match: { path: "/fixed/**" }, access: { optional: [staff] }, upstream: fixed }
                  one: { match: { path: "/one/**" }, access: public, upstream: one }
                %3$s
                """.formatted(UPSTREAM.port(), SERVERS, more);
    }

    @BeforeAll
    static void start() {
        gateway = TestGateway.of(yaml("")).with(new Badges.Factory()).start();
    }

    @AfterAll
    static void stop() throws IOException {
        LET_GO.release(1000);
        gateway.close();
        UPSTREAM.close();
    }

    @AfterEach
    void letGo() {
        Eventually.until("nothing is held", () -> {
            LET_GO.release(HELD.get());
            return HELD.get() == 0;
        });
        LET_GO.drainPermits();
    }

    // ---- crowds

    /// Callers who ask again and again, each as soon as it has its answer.
    private static final class Crowd {
        private final List<Thread> threads = new ArrayList<>();
        private final AtomicBoolean over = new AtomicBoolean();
        final AtomicInteger served = new AtomicInteger();
        final AtomicInteger refused = new AtomicInteger();
        final AtomicInteger strange = new AtomicInteger();

        /// @param name whose badge they show; empty for none
        Crowd(int size, String path, String name) {
            String badge = name.isEmpty() ? "" : "Authorization: Badge us " + name + " " + name + "-1\r\n";
            String request = "GET " + path + " HTTP/1.1\r\nHost: gateway.test\r\n" + badge + "\r\n";
            for (int i = 0; i < size; i++) {
                threads.add(Thread.ofVirtual().start(() -> ask(request)));
            }
        }

        private void ask(String request) {
            try (RawClient client = RawClient.connect(gateway.port())) {
                while (!over.get()) {
                    int status = client.exchange(request).status();
                    (status == 200 ? served : status == 503 ? refused : strange).incrementAndGet();
                    if (status != 200) {
                        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                    }
                }
            } catch (IOException e) {
                strange.incrementAndGet();
            }
        }

        void end() throws InterruptedException {
            over.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(strange).hasValue(0);
        }
    }

    /// Waits until of some requests in a row of `crowd` at least the part `share` is served, and ends everybody.
    ///
    /// @return what part of the requests of `other` was served in that time
    private static double settles(double share, Crowd crowd, Crowd other) throws InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        double found = 0;
        double others = 0;
        while (found < share && System.nanoTime() < end) {
            int served = crowd.served.get();
            int asked = served + crowd.refused.get();
            int otherServed = other.served.get();
            int otherAsked = otherServed + other.refused.get();
            while (crowd.served.get() + crowd.refused.get() < asked + IN_A_ROW && System.nanoTime() < end) {
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
            found = (crowd.served.get() - served) / (double) (crowd.served.get() + crowd.refused.get() - asked);
            others = (other.served.get() - otherServed)
                    / (double) Math.max(1, other.served.get() + other.refused.get() - otherAsked);
        }
        crowd.end();
        other.end();
        assertThat(found).isGreaterThanOrEqualTo(share);
        return others;
    }

    @Test
    void RL_12_lowPriorityIsGivenUpFirst() throws Exception {
        Crowd low = new Crowd(40, "/low/50", "berta");
        awaitRefusals(low);
        double lows = settles(0.93, new Crowd(6, "/high/50", "anna"), low);
        assertThat(lows).isLessThan(0.8);
        assertAllIsAsBefore("adaptive", "/normal/1");
    }

    @Test
    void RL_12_strangersAreGivenUpBeforeKnownCallers() throws Exception {
        Crowd strangers = new Crowd(40, "/fixed/50", "");
        awaitRefusals(strangers);
        double others = settles(0.93, new Crowd(6, "/fixed/50", "anna"), strangers);
        assertThat(others).isLessThan(0.8);
        assertAllIsAsBefore("fixed", "/fixed/1");
    }

    @Test
    void RL_12_tenantsGetFairShares() throws Exception {
        Crowd many = new Crowd(40, "/fixed/50", "berta");
        awaitRefusals(many);
        double others = settles(0.93, new Crowd(5, "/fixed/50", "anna"), many);
        assertThat(others).isBetween(0.01, 0.8);
        assertAllIsAsBefore("fixed", "/fixed/1");
    }

    @Test
    void RL_12_aTenantThatDrivesLatencyUpSqueezesNobody() throws Exception {
        Crowd hostile = new Crowd(40, "/normal/700", "mallory");
        awaitRefusals(hostile);
        settles(0.9, new Crowd(4, "/normal/20", "anna"), hostile);
        assertAllIsAsBefore("adaptive", "/normal/1");
    }

    /// Waits until there are too many of them.
    private static void awaitRefusals(Crowd crowd) {
        Eventually.until("somebody is refused", () -> crowd.refused.get() > 0);
    }

    private static void assertAllIsAsBefore(String upstream, String path) throws IOException {
        Eventually.until("all places are free", () -> metric("used", upstream) == 0);
        for (int i = 0; i < 20; i++) {
            assertThat(get(path).status()).isEqualTo(200);
        }
        assertThat(gateway.events()).contains("event=overload.begun of=upstream upstream=" + upstream);
        Eventually.until(
                "the end is told",
                () -> gateway.events().contains("event=overload.over of=upstream upstream=" + upstream));
    }

    private static double metric(String of, String upstream) {
        try {
            return gateway.metric("sallyport_upstream_concurrency_" + of, "upstream=\"" + upstream + "\"");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- one place

    private static Response get(String path) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange(Messages.get(path));
        }
    }

    private static int status(String path) {
        try {
            return get(path).status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// A client whose request the upstream holds.
    private static RawClient holding() throws IOException {
        int before = EVER_HELD.get();
        RawClient client = RawClient.connect(gateway.port()).send(Messages.get("/one/hold"));
        Eventually.until("the upstream holds it", () -> EVER_HELD.get() > before);
        return client;
    }

    @Test
    void refusalsAreCheapAndTellWhenToComeBack() throws IOException {
        try (RawClient first = holding();
                RawClient second = RawClient.connect(gateway.port())) {
            Response refused =
                    second.exchange(Messages.request("POST", "/one/1", "Content-Length: 5", "Expect: 100-continue"));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("overloaded");
            assertThat(refused.values("retry-after")).singleElement().isIn("1", "2", "3", "4");
            // of many refusals in one second not every one has a line
            LogLine line = Eventually.present("a line in the log", () -> {
                status("/one/1");
                return gateway.log().stream()
                        .filter(one -> one.field("gateway.route").equals("one"))
                        .filter(one -> one.field("gateway.overload").equals("concurrency"))
                        .findFirst()
                        .orElse(null);
            });
            assertThat(line.field("gateway.reason")).isEqualTo("upstream-overloaded");
            assertThat(metric("used", "one")).isEqualTo(1);
            try (Http2Peer peer = Http2Peer.connect(gateway.port())) {
                peer.request(1, true, "POST", "/one/1", "content-type", "application/grpc");
                assertThat(peer.message(1).field("grpc-status")).isEqualTo("14");
            }
            LET_GO.release();
            assertThat(first.response().status()).isEqualTo(200);
        }
        assertThat(get("/one/1").status()).isEqualTo(200);
        assertThat(gateway.events()).doesNotContain("internal.error");
    }

    @Test
    void DO_04_DO_05_aClientThatIsGoneGivesItsPlaceBack() throws IOException {
        RawClient client = holding();
        assertThat(status("/one/1")).isEqualTo(503);
        client.reset();
        Eventually.until("the place is free", () -> status("/one/1") == 200);
        LET_GO.release();
        try (Http2Peer peer = Http2Peer.connect(gateway.port())) {
            int before = EVER_HELD.get();
            peer.get(1, "/one/hold");
            Eventually.until("the upstream holds it", () -> EVER_HELD.get() > before);
            assertThat(status("/one/1")).isEqualTo(503);
            peer.reset(1, 8);
            Eventually.until("the place is free", () -> status("/one/1") == 200);
        }
        LET_GO.release();
    }

    @Test
    void eventStreamsHoldNoPlace() throws IOException {
        try (Http2Peer peer = Http2Peer.connect(gateway.port());
                RawClient client = RawClient.connect(gateway.port())) {
            peer.get(1, "/one/stream");
            assertThat(peer.next(Http2Peer.HEADERS)).isNotNull();
            client.send(Messages.get("/one/stream"));
            assertThat(client.responseToHead().status()).isEqualTo(200);
            assertThat(status("/one/1")).isEqualTo(200);
        }
    }

    @Test
    void aReloadForgetsNoPlace() throws IOException {
        try (RawClient first = holding()) {
            gateway.reload(yaml("  other: { match: { path: /other }, access: public, respond: { status: 204 } }"));
            assertThat(status("/other")).isEqualTo(204);
            assertThat(status("/one/1")).isEqualTo(503);
            LET_GO.release();
            assertThat(first.response().status()).isEqualTo(200);
        }
        assertThat(status("/one/1")).isEqualTo(200);
    }

    // ---- connections

    @Test
    void DO_15_connectionsThatNobodyUsesMakeRoomForOthers() throws IOException {
        int port = gateway.port("few");
        List<RawClient> idle = new ArrayList<>();
        List<Http2Peer> idlePeers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            RawClient client = RawClient.connect(port);
            assertThat(client.exchange(Messages.get("/one/1")).status()).isIn(200, 503);
            idle.add(client);
            idlePeers.add(Http2Peer.connect(port));
        }
        // loops take connections side by side: a late one may be served before all that came first are counted
        Eventually.until("somebody new is served, and others made room", () -> served(port) && shed("few") > 0);
        for (RawClient client : idle) {
            client.close();
        }
        for (Http2Peer peer : idlePeers) {
            peer.close();
        }
    }

    private static double shed(String listener) {
        try {
            return gateway.metric("sallyport_connections_shed_total", "listener=\"" + listener + "\"");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean served(int port) {
        try (RawClient client = RawClient.connect(port)) {
            return !client.send(Messages.get("/one/1", "Connection: close"))
                    .rest()
                    .isEmpty();
        } catch (IOException resetWhileConnecting) {
            return false;
        }
    }
}
