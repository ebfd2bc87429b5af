package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RedisServer;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Limits that gateways share over one real Redis, with real sockets: together never more than the limit, whatever
/// becomes of the store. Rates are so slow that time brings nothing back.
class SharedLimitsIT {
    @TempDir
    private Path folder;

    private final RedisServer redis = RedisServer.start();
    private final List<TestGateway> gateways = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("state.key"), "0123456789abcdef0123456789abcdef");
    }

    @AfterEach
    void close() {
        gateways.forEach(TestGateway::close);
        redis.close();
    }

    private TestGateway gateway() {
        TestGateway gateway = TestGateway.start("""
                version: 1
                listeners: { public: { bind: "127.0.0.1:0" } }
                state:
                  redis: { url: "redis://127.0.0.1:%d", key: "${file:%s/state.key}", timeout: 300ms }
                limits:
                  strict: { key: client.address, rate: 1/h, burst: 60, share: strict }
                  leased: { key: client.address, rate: 1/h, burst: 500 }
                  alone: { key: client.address, rate: 1/h, burst: 5, share: none }
                  open: { key: client.address, rate: 1/h, burst: 2, share: strict, when-down: open }
                  closed: { key: client.address, rate: 1000/s, burst: 100000, share: strict, when-down: closed }
                routes:
                  strict: { match: { path: /strict }, access: public, limits: [strict], respond: { status: 200 } }
                  leased: { match: { path: /leased }, access: public, limits: [leased], respond: { status: 200 } }
                  alone: { match: { path: /alone }, access: public, limits: [alone], respond: { status: 200 } }
                  open: { match: { path: /open }, access: public, limits: [open], respond: { status: 200 } }
                  closed: { match: { path: /closed }, access: public, limits: [closed], respond: { status: 200 } }
                  both: { match: { path: /both }, access: public, limits: [strict, alone], respond: { status: 200 } }
                """.formatted(redis.port(), folder));
        gateways.add(gateway);
        return gateway;
    }

    /// Gateways that know of each other.
    private List<TestGateway> gateways(int number) {
        for (int i = 0; i < number; i++) {
            gateway();
        }
        gateways.forEach(one ->
                Eventually.until(number + " gateways", () -> metric(one, "sallyport_limit_nodes", "") == number));
        return gateways;
    }

    private static double metric(TestGateway gateway, String name, String labels) {
        try {
            return gateway.metric(name, labels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until the store is asked again.
    private void untilTogether() {
        for (TestGateway gateway : gateways) {
            Eventually.until("it is up again", () -> metric(gateway, "sallyport_state_up", "") == 1);
            Eventually.until("it asks again", () -> asks(gateway));
        }
    }

    private static boolean asks(TestGateway gateway) {
        double before = metric(gateway, "sallyport_limit_shared_total", "{way=\"asked\"}");
        try (RawClient client = client(gateway)) {
            // of another key's limit
            ask(client, "/closed");
            return metric(gateway, "sallyport_limit_shared_total", "{way=\"asked\"}") > before;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawClient client(TestGateway gateway) {
        try {
            return RawClient.connect(gateway.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Response ask(RawClient client, String path) {
        try {
            return client.exchange("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How many of `each` requests to each gateway pass, one gateway after the other.
    private int passed(String path, int each) throws IOException {
        int passed = 0;
        List<RawClient> clients = new ArrayList<>();
        gateways.forEach(one -> clients.add(client(one)));
        for (int i = 0; i < each; i++) {
            for (RawClient client : clients) {
                passed += ask(client, path).status() == 200 ? 1 : 0;
            }
        }
        for (RawClient client : clients) {
            client.close();
        }
        return passed;
    }

    @Test
    void RL_09_gatewaysTogetherAllowTheLimitAndNoMore() throws Exception {
        gateways(3);
        AtomicInteger passed = new AtomicInteger();
        AtomicInteger leased = new AtomicInteger();
        CyclicBarrier go = new CyclicBarrier(6);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            TestGateway gateway = gateways.get(i % 3);
            all.add(Thread.ofPlatform().start(() -> {
                try (RawClient client = client(gateway)) {
                    go.await();
                    for (int j = 0; j < 40; j++) {
                        passed.addAndGet(ask(client, "/strict").status() == 200 ? 1 : 0);
                    }
                    for (int j = 0; j < 150; j++) {
                        leased.addAndGet(ask(client, "/leased").status() == 200 ? 1 : 0);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Thread one : all) {
            one.join();
        }
        assertThat(passed.get()).isEqualTo(60);
        // of what was taken ahead, some may be left at each
        assertThat(leased.get()).isBetween(500 - 3 * 5, 500);
        assertThat(metric(gateways.getFirst(), "sallyport_limit_shared_total", "{way=\"leased\"}"))
                .isPositive();
        assertThat(passed("/alone", 8)).as("each alone").isEqualTo(15);
    }

    @Test
    void RL_13_callersAreToldTheSameByAll() throws IOException {
        gateways(2);
        try (RawClient one = client(gateways.get(0));
                RawClient other = client(gateways.get(1))) {
            assertThat(ask(one, "/strict").value("ratelimit")).startsWith("\"strict\";r=59;t=");
            assertThat(ask(other, "/strict").value("ratelimit")).startsWith("\"strict\";r=58;t=");
            for (int i = 0; i < 5; i++) {
                ask(other, "/both");
            }
            Response refused = ask(other, "/both");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(ask(one, "/strict").value("ratelimit")).startsWith("\"strict\";r=52;t=");
            assertThat(gateways.get(0).admin("/limits?limit=strict").status()).isEqualTo(200);
            assertThat(gateways.get(1)
                            .admin("/limits/key?key=127.0.0.1&limit=strict")
                            .body())
                    .contains("\"remaining\": 52");
            assertThat(gateways.get(1)
                            .admin("DELETE", "/limits/key?key=127.0.0.1&limit=strict", "")
                            .body())
                    .contains("strict");
            assertThat(ask(one, "/strict").value("ratelimit")).startsWith("\"strict\";r=59;t=");
        }
    }

    @Test
    void RL_10_FA_13_withoutTheStoreEachAllowsItsShareAndComesBackByItself() throws IOException {
        gateways(2);
        assertThat(passed("/strict", 5)).isEqualTo(10);
        redis.kill();
        TestGateway one = gateways.getFirst();
        Eventually.until("it is down", () -> metric(one, "sallyport_state_up", "") == 0);
        int total = 10 + passed("/strict", 60);
        assertThat(total).isBetween(55, 60);
        try (RawClient client = client(one)) {
            Response refused = ask(client, "/strict");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.value("ratelimit-policy")).startsWith("\"strict\";q=60;w=");
            assertThat(refused.value("ratelimit")).startsWith("\"strict\";r=0;t=");
            assertThat(refused.value("retry-after")).isNotEmpty();
            for (int i = 0; i < 5; i++) {
                assertThat(ask(client, "/open").status()).isEqualTo(200);
            }
            Response closed = ask(client, "/closed");
            assertThat(closed.status()).isEqualTo(503);
            assertThat(closed.code()).isEqualTo("limit-undecided");
            long began = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                ask(client, "/strict");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
        assertThat(metric(one, "sallyport_limit_shared_total", "{way=\"local-share\"}"))
                .isPositive();
        Eventually.until("it is told", () -> one.events().contains("limits.alone"));
        redis.restart();
        untilTogether();
        // what was empty has learnt what was allowed
        assertThat(total + passed("/strict", 60)).isBetween(total, 60);
        Eventually.until("that too", () -> one.events().contains("limits.together"));
    }

    @Test
    void RL_10_FA_13_aStoreThatHangsHoldsNobodyUpForLong() throws IOException {
        gateways(2);
        assertThat(passed("/strict", 5)).isEqualTo(10);
        redis.hang();
        long began = System.nanoTime();
        int total = 10 + passed("/strict", 50);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        redis.goOn();
        untilTogether();
        total += passed("/strict", 50);
        // what was asked and not answered in time may have been taken
        assertThat(total).isBetween(40, 60);
    }

    @Test
    void RL_10_FA_13_aReplicaIsNotCountedIn() throws IOException {
        gateways(2);
        assertThat(passed("/strict", 5)).isEqualTo(10);
        redis.command("REPLICAOF", "127.0.0.1", "1");
        int total = 10 + passed("/strict", 60);
        assertThat(total).isBetween(55, 60);
        redis.command("REPLICAOF", "NO", "ONE");
        untilTogether();
        assertThat(total + passed("/strict", 60)).isBetween(total, 60);
    }

    @Test
    void RL_10_FA_13_aStoreThatIsStartedAgainAndAgainGivesNothingTwice() throws IOException {
        gateways(2);
        int total = 0;
        for (int round = 0; round < 4; round++) {
            total += passed("/strict", 6);
            redis.kill();
            total += passed("/strict", 3);
            redis.restart();
            if (round % 2 == 0) {
                untilTogether();
            }
        }
        untilTogether();
        total += passed("/strict", 60);
        assertThat(total).isBetween(50, 60);
    }
}
