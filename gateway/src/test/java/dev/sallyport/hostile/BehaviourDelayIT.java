package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.reload.ReloadResult;
import dev.sallyport.testing.Badges;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Waiting, stronger proof, sieges and reloads, on a clock that stands until it is moved; waits are real.
class BehaviourDelayIT {
    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
    private TestGateway gateway = TestGateway.of("");

    private String yaml(String behaviour) {
        return """
                version: 1
                listeners:
                  public: { bind: "127.0.0.1:0", trusted-proxies: [127.0.0.1] }
                upstreams:
                  app: { endpoints: ["http://127.0.0.1:%d"] }
                authenticators:
                  staff: { kind: badge }
                limits:
                  at-once: { key: client.address, concurrent: 4 }
                %s
                routes:
                  open: { match: { path: "/open/**" }, access: public, limits: [at-once], upstream: app }
                  all: { match: { path: "/all/**" }, access: { authenticate: [staff] }, upstream: app }
                """.formatted(upstream.port(), behaviour);
    }

    @BeforeEach
    void start() {
        upstream.answerByDefault();
    }

    private void start(String behaviour) {
        gateway = TestGateway.of(yaml(behaviour))
                .with(new Badges.Factory())
                .by(nanos::get)
                .start();
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    private static String request(String path, String address, String badge) {
        return "GET " + path + " HTTP/1.1\r\nHost: a.test\r\nX-Forwarded-For: " + address + "\r\n"
                + (badge.isEmpty() ? "" : "Authorization: Badge us " + badge + "\r\n") + "\r\n";
    }

    private Response get(String path, String address, String badge) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange(request(path, address, badge));
        }
    }

    private void fail(int times, String address) throws IOException {
        for (int i = 0; i < times; i++) {
            assertThat(get("/all/x", address, "nobody" + address + i + " wrong").status())
                    .isEqualTo(401);
        }
    }

    @Test
    void whoIsSuspiciousWaitsLongerTheWorseItIsAndOthersDoNot() throws IOException {
        start("behaviour: { levels: { suspicious: { delay: 60ms } } }");
        fail(4, "203.0.113.7");
        long before = System.nanoTime();
        assertThat(get("/open/x", "203.0.113.7", "").status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("60 ms × 40 / 30")
                .isGreaterThanOrEqualTo(Duration.ofMillis(80));
        assertThat(gateway.metric("sallyport_behaviour_delays_total", "waited")).isEqualTo(1);
        assertThat(get("/open/x", "203.0.114.7", "").status()).isEqualTo(200);
        assertThat(gateway.metric("sallyport_behaviour_delays_total", "waited")).isEqualTo(1);
    }

    @Test
    void onlySoManyWaitAtOnceAndWhoGoesAwayMakesRoom() throws IOException {
        start("behaviour: { delayed-at-most: 1, levels: { suspicious: { delay: 5s } } }");
        fail(4, "203.0.113.7");
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 6; i++) {
                clients.add(RawClient.connect(gateway.port()).send(request("/open/x", "203.0.113.7", "")));
            }
            // one place on each of two loops
            Eventually.until("four are refused", () -> metric("sallyport_behaviour_delays_total", "refused") == 4);
            assertThat(metric("sallyport_behaviour_waiting", "")).isEqualTo(2);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        Eventually.until("nobody waits", () -> metric("sallyport_behaviour_waiting", "") == 0);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void ofOneSourceFewerWaitThanThereArePlaces() throws IOException {
        start("behaviour: { levels: { suspicious: { delay: 5s } } }");
        fail(4, "203.0.113.7");
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                clients.add(RawClient.connect(gateway.port()).send(request("/open/x", "203.0.113.7", "")));
            }
            // 16 on each of two loops
            Eventually.until("some are refused", () -> metric("sallyport_behaviour_delays_total", "refused") >= 8);
            assertThat(metric("sallyport_behaviour_waiting", "")).isLessThanOrEqualTo(32);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private double metric(String name, String labels) {
        try {
            return gateway.metric(name, labels);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoIsSuspiciousHasToProveMore() throws IOException {
        start("behaviour: { levels: { suspicious: { require-strength: { acr: [strong] } } } }");
        fail(4, "203.0.113.7");
        Response refused = get("/all/x", "203.0.113.7", "anna anna-1");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.code()).isEqualTo("behaviour-strength");
        assertThat(get("/all/x", "203.0.113.7", "anna strong-1").status()).isEqualTo(200);
        assertThat(get("/all/x", "203.0.114.7", "bert bert-1").status())
                .as("others")
                .isEqualTo(200);
        assertThat(get("/all/x", "203.0.113.7", "anna anna-1").status())
                .as("who did well there")
                .isEqualTo(200);
    }

    @Test
    void hostileOnesThatAreNotRefusedHaveALittle() throws IOException {
        start("behaviour: { levels: { hostile: { refuse-for: 0s, limit-factor: 0.1 } } }");
        fail(20, "203.0.113.7");
        assertThat(get("/open/x", "203.0.113.7", "").status()).isEqualTo(200);
        assertThat(gateway.admin("/behaviour/key?key=203.0.113.7").body())
                .contains("\"level\": \"hostile\"")
                .contains("\"score\": 200.0");
    }

    @Test
    void AK_06_manySourcesAtManyAccountsAreNoticedByTheShareThatFails() throws IOException {
        start("behaviour: { siege: { at-least: 20, delay: 40ms } }");
        for (int i = 0; i < 21; i++) {
            fail(1, "203.0." + i + ".7");
        }
        assertThat(gateway.metric("sallyport_behaviour_siege", "")).isEqualTo(1);
        Eventually.until("the event", () -> gateway.events().contains("event=behaviour.siege failures=21 share=100%"));
        double waited = metric("sallyport_behaviour_delays_total", "waited");
        assertThat(get("/all/x", "198.51.100.7", "anna anna-1").status()).isEqualTo(200);
        assertThat(metric("sallyport_behaviour_delays_total", "waited"))
                .as("whose credential is new")
                .isEqualTo(waited + 1);
        assertThat(get("/all/x", "198.51.100.7", "anna anna-1").status()).isEqualTo(200);
        assertThat(metric("sallyport_behaviour_delays_total", "waited"))
                .as("whose is known")
                .isEqualTo(waited + 1);
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        assertThat(gateway.metric("sallyport_behaviour_siege", "")).isZero();
        fail(1, "203.0.200.7");
        Eventually.until("the end", () -> gateway.events().contains("event=behaviour.siege_over"));
    }

    @Test
    void scoresOutlastReloadsAndGoWithTheSection() throws IOException {
        start("behaviour: {}");
        fail(11, "203.0.113.7");
        assertThat(gateway.reload(yaml("behaviour: { levels: { hostile: { above: 500 } } }")))
                .isInstanceOf(ReloadResult.Applied.class);
        assertThat(get("/open/x", "203.0.113.7", "").status()).isEqualTo(429);
        assertThat(gateway.reload(yaml(""))).isInstanceOf(ReloadResult.Applied.class);
        assertThat(get("/open/x", "203.0.113.7", "").status()).isEqualTo(200);
        assertThat(gateway.admin("/behaviour").status()).isEqualTo(404);
        for (int i = 0; i < 30; i++) {
            assertThat(get("/all/x", "203.0.115.7", "eve wrong").status()).isEqualTo(401);
        }
        assertThat(gateway.reload(yaml("behaviour: {}"))).isInstanceOf(ReloadResult.Applied.class);
        assertThat(get("/open/x", "203.0.115.7", "").status())
                .as("nothing was noted meanwhile")
                .isEqualTo(200);
    }
}
