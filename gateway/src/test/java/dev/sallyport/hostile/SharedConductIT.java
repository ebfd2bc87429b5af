package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Badges;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.RedisServer;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two gateways side by side over one real Redis: who is refused, banned or pardoned at one is so at the other.
class SharedConductIT {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String MALLORY = "203.0.113.7";

    @TempDir
    private Path folder;

    private final RedisServer redis = RedisServer.start();
    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final List<TestGateway> gateways = new ArrayList<>();

    @BeforeEach
    void answer() {
        upstream.answerByDefault();
    }

    @AfterEach
    void close() throws IOException {
        gateways.forEach(TestGateway::close);
        redis.close();
        upstream.close();
    }

    private TestGateway gateway() throws IOException {
        return gateway(KEY);
    }

    private TestGateway gateway(String key) throws IOException {
        Path file = folder.resolve(key.substring(0, 3));
        Files.writeString(file, key);
        TestGateway gateway = TestGateway.of("""
                        version: 1
                        listeners:
                          public: { bind: "127.0.0.1:0", trusted-proxies: [127.0.0.1] }
                        state:
                          redis: { url: "redis://127.0.0.1:%d", key: "${file:%s}", timeout: 500ms }
                        upstreams:
                          app: { endpoints: ["http://127.0.0.1:%d"] }
                        authenticators:
                          staff: { kind: badge }
                        behaviour: { levels: { suspicious: { delay: 1ms } }, accounts: { delay: 1ms } }
                        routes:
                          open: { match: { path: "/open/**" }, access: public, upstream: app }
                          all: { match: { path: "/all/**" }, access: { authenticate: [staff] }, upstream: app }
                          denied: { match: { path: "/denied/**" }, access: { authenticate: [staff], when: 'false' }, upstream: app }
                        """.formatted(redis.port(), file, upstream.port()))
                .with(new Badges.Factory())
                .start();
        gateways.add(gateway);
        return gateway;
    }

    private static int status(TestGateway gateway, String path, String address, String badge) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange("GET " + path + " HTTP/1.1\r\nHost: a.test\r\nX-Forwarded-For: " + address + "\r\n"
                            + (badge.isEmpty() ? "" : "Authorization: Badge us " + badge + "\r\n") + "\r\n")
                    .status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int open(TestGateway gateway, String address) {
        return status(gateway, "/open/x", address, "");
    }

    /// Guesses until it is refused.
    private static void guess(TestGateway gateway, String address) {
        for (int i = 0; i < 11; i++) {
            assertThat(status(gateway, "/all/x", address, "nobody" + i + " wrong"))
                    .isEqualTo(401);
        }
        assertThat(open(gateway, address)).isEqualTo(429);
    }

    private static void admin(TestGateway gateway, String method, String query) throws IOException {
        assertThat(gateway.admin(method, "/behaviour/key?" + query, "").status())
                .isEqualTo(200);
    }

    private static void untilRefused(TestGateway gateway, String address) {
        Eventually.until(address + " is refused", () -> open(gateway, address) == 429);
    }

    private static void untilServed(TestGateway gateway, String address) {
        Eventually.until(address + " is served", () -> open(gateway, address) == 200);
    }

    @Test
    void AK_06_aSourceThatIsHostileToOneGatewayIsRefusedByAll() throws IOException {
        TestGateway one = gateway();
        TestGateway other = gateway();
        long began = System.nanoTime();
        guess(one, MALLORY);
        untilRefused(other, MALLORY);
        // a second is promised, and the machine of this test may be busy
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(open(other, "203.0.114.7")).as("others").isEqualTo(200);
        assertThat(other.admin("/behaviour").body()).as("operators see it").contains(MALLORY);
        assertThat(other.admin("/behaviour/key?key=" + MALLORY).body())
                .contains("\"refused-seconds\": 29")
                .contains("\"score\": 0.0");
        assertThat(other.metric("sallyport_behaviour_shared", "by=\"others\"")).isEqualTo(1);
        assertThat(one.metric("sallyport_behaviour_shared", "by=\"itself\"")).isEqualTo(1);
    }

    @Test
    void aCallerThatIsHostileToOneGatewayIsRefusedByAllWhereverItComesFrom() throws IOException {
        TestGateway one = gateway();
        TestGateway other = gateway();
        for (int i = 0; i < 34; i++) {
            assertThat(status(one, "/denied/x", "198.51.100." + i, "kurt kurt-1"))
                    .isEqualTo(403);
        }
        assertThat(status(one, "/all/x", "192.0.2.7", "kurt kurt-1")).isEqualTo(429);
        Eventually.until("the other knows", () -> status(other, "/all/x", "192.0.2.9", "kurt kurt-1") == 429);
        assertThat(status(other, "/all/x", "192.0.2.9", "lena lena-1")).isEqualTo(200);
    }

    @Test
    void aBanIsOneEverywhereAndSoIsAPardon() throws IOException {
        TestGateway one = gateway();
        TestGateway other = gateway();
        admin(one, "POST", "for=1h&key=" + MALLORY);
        untilRefused(other, MALLORY);
        // at a gateway that never had anything against it but that
        admin(other, "DELETE", "key=" + MALLORY);
        assertThat(open(other, MALLORY)).isEqualTo(200);
        untilServed(one, MALLORY);
        TestGateway late = gateway();
        Eventually.until("it has read", () -> metric(late, "by=\"others\"") > 0);
        assertThat(open(late, MALLORY)).as("a gateway that starts now").isEqualTo(200);
    }

    @Test
    void aPardonAtAnotherGatewayForgetsTheScoresOfAll() throws IOException {
        TestGateway one = gateway();
        TestGateway other = gateway();
        guess(one, MALLORY);
        untilRefused(other, MALLORY);
        admin(other, "DELETE", "key=" + MALLORY);
        untilServed(one, MALLORY);
        assertThat(status(one, "/all/x", MALLORY, "nobody wrong")).isEqualTo(401);
        assertThat(one.admin("/behaviour/key?key=" + MALLORY).body()).contains("\"level\": \"normal\"");
        assertThat(open(one, MALLORY)).as("one more guess is one").isEqualTo(200);
        // and what it does from then on counts everywhere again
        for (int i = 0; i < 10; i++) {
            status(other, "/all/x", MALLORY, "more" + i + " wrong");
        }
        assertThat(open(other, MALLORY)).isEqualTo(200);
        status(other, "/all/x", MALLORY, "more wrong");
        untilRefused(one, MALLORY);
    }

    @Test
    void aPardonOfANameIsOneOfTheCallerAndOfGuessesAtIt() throws IOException {
        TestGateway one = gateway();
        TestGateway other = gateway();
        for (int i = 0; i < 3; i++) {
            assertThat(status(one, "/all/x", "198.51.100." + i, "lena wrong")).isEqualTo(401);
        }
        assertThat(one.admin("/behaviour/key?key=staff/lena").body()).contains("failed-authentication");
        admin(other, "DELETE", "key=staff/lena");
        Eventually.until("guesses at it are forgotten", () -> {
            try {
                return !one.admin("/behaviour/key?key=staff/lena").body().contains("failed-authentication");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void RL_10_FA_13_withoutTheStoreEachGoesOnAndTellsLater() throws IOException {
        TestGateway one = gateway();
        TestGateway other = gateway();
        admin(one, "POST", "for=1h&key=192.0.2.1");
        untilRefused(other, "192.0.2.1");
        redis.kill();
        guess(one, MALLORY);
        admin(one, "POST", "for=1h&key=192.0.2.2");
        assertThat(open(one, "192.0.2.2")).isEqualTo(429);
        assertThat(open(other, "192.0.2.1")).as("what was known stays").isEqualTo(429);
        assertThat(open(other, MALLORY)).as("what nobody could tell").isEqualTo(200);
        // empty
        redis.restart();
        untilRefused(other, MALLORY);
        untilRefused(other, "192.0.2.2");
        TestGateway late = gateway();
        untilRefused(late, "192.0.2.1");
    }

    @Test
    void bansOutlastTheGatewayThatMadeThem() throws IOException {
        TestGateway one = gateway();
        admin(one, "POST", "for=1h&key=" + MALLORY);
        TestGateway other = gateway();
        untilRefused(other, MALLORY);
        gateways.remove(one);
        one.close();
        TestGateway again = gateway();
        untilRefused(again, MALLORY);
    }

    @Test
    void AD_12_whatNoGatewayWroteIsNotBelieved() throws IOException {
        TestGateway one = gateway();
        TestGateway stranger = gateway("another key, also of 32 octets or more");
        admin(stranger, "POST", "for=1h&key=192.0.2.3");
        admin(one, "POST", "for=1h&key=192.0.2.4");
        Eventually.until(
                "both have told", () -> redis.command("KEYS", "sallyport:*v:*").split(" ", -1).length == 2);
        assertThat(open(one, "192.0.2.3")).isEqualTo(200);
        assertThat(open(stranger, "192.0.2.4")).isEqualTo(200);
        // each in the place of the other
        String[] keys = redis.command("KEYS", "sallyport:*v:*").split(" ", -1);
        String first = redis.command("GET", keys[0]);
        String second = redis.command("GET", keys[1]);
        redis.command("SET", keys[0], second);
        redis.command("SET", keys[1], first);
        Eventually.until(
                "it is noticed",
                () -> one.events().contains("event=state.forged")
                        && stranger.events().contains("event=state.forged"));
        assertThat(open(one, "192.0.2.3")).isEqualTo(200);
        assertThat(open(stranger, "192.0.2.4")).isEqualTo(200);
        assertThat(open(one, "192.0.2.4")).as("what is known goes on").isEqualTo(429);
    }

    private static double metric(TestGateway gateway, String labels) {
        try {
            return gateway.metric("sallyport_behaviour_shared", labels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
