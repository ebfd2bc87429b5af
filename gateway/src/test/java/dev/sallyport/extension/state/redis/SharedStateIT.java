package dev.sallyport.extension.state.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.reload.ReloadResult;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeIssuer;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.RedisServer;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.TestKey;
import dev.sallyport.testing.TestProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two gateways side by side over one real Redis: what was used, revoked or ended at one is so at the other.
class SharedStateIT {
    private static final TestKey ISSUER = TestKey.of("issuer", "ES256");
    private static final TestKey HOLDER = TestKey.of("holder", "ES256");

    @TempDir
    private Path folder;

    private final RedisServer redis = RedisServer.start();
    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final FakeIssuer issuer = FakeIssuer.of(ISSUER);
    private final AtomicInteger serial = new AtomicInteger();
    private final List<TestGateway> gateways = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("state.key"), RedisBench.KEY);
    }

    @AfterEach
    void close() throws IOException {
        gateways.forEach(TestGateway::close);
        redis.close();
        issuer.close();
        upstream.close();
    }

    private String yaml(int redisPort) {
        return """
                version: 1
                listeners:
                  public: { bind: "127.0.0.1:0", public-url: "https://api.example.com" }
                state:
                  redis: { url: "redis://127.0.0.1:%d", key: "${file:%s/state.key}", timeout: 500ms }
                revocation: { check-every: 100ms, fail-closed-after: 2s }
                upstreams:
                  orders: { endpoints: ["http://127.0.0.1:%d"] }
                authenticators:
                  once:
                    kind: jwt
                    issuer: %s
                    audience: [orders-api]
                    max-lifetime: 15m
                    clock-skew: 1s
                    replay: { single-use: true }
                  bound:
                    kind: jwt
                    issuer: %s
                    audience: [orders-api]
                    max-lifetime: 15m
                    bound-to: [dpop]
                    dpop: { nonce: "off" }
                routes:
                  once: { match: { path: /once }, access: { authenticate: [once] }, upstream: orders }
                  bound: { match: { path: /bound }, access: { authenticate: [bound] }, upstream: orders }
                  open: { match: { path: /open }, access: public, respond: { status: 200 } }
                """.formatted(redisPort, folder, upstream.port(), issuer.name(), issuer.name());
    }

    private TestGateway gateway() {
        TestGateway gateway = TestGateway.start(yaml(redis.port()));
        gateways.add(gateway);
        return gateway;
    }

    /// A token that was issued a moment after marks were complete.
    private String token(String more) {
        long now = System.currentTimeMillis() / 1000;
        return ISSUER.token("{\"iss\":\"" + issuer.name() + "\",\"sub\":\"anna\",\"aud\":\"orders-api\",\"iat\":"
                + now + ",\"exp\":" + (now + 300) + ",\"jti\":\"" + serial.incrementAndGet() + "\"" + more
                + "}");
    }

    private static Response ask(TestGateway gateway, String path, String... fields) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange("GET " + path + " HTTP/1.1\r\nHost: api.example.com\r\n"
                    + String.join("\r\n", fields) + (fields.length == 0 ? "" : "\r\n") + "Connection: close\r\n\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Response once(TestGateway gateway, String token) {
        return ask(gateway, "/once", "Authorization: Bearer " + token);
    }

    private static List<Response> atOnce(List<Callable<Response>> calls) throws Exception {
        CyclicBarrier start = new CyclicBarrier(calls.size());
        List<Future<Response>> running = new ArrayList<>();
        List<Response> answers = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(calls.size())) {
            for (Callable<Response> call : calls) {
                running.add(pool.submit(() -> {
                    start.await();
                    return call.call();
                }));
            }
            for (Future<Response> one : running) {
                answers.add(one.get());
            }
        }
        return answers;
    }

    private static int taken(List<Response> answers) {
        return (int) answers.stream().filter(answer -> answer.status() == 200).count();
    }

    /// Waits until tokens that are issued now were surely issued after marks were complete.
    private void untilTokensAreTaken(TestGateway gateway) {
        Eventually.until("a new token is taken", () -> once(gateway, token("")).status() == 200);
    }

    @Test
    void JW_24_DP_05_whatWasUsedAtOneIsNotTakenAtTheOther() throws Exception {
        TestGateway one = gateway();
        TestGateway other = gateway();
        untilTokensAreTaken(one);
        String token = token("");
        assertThat(once(one, token).status()).isEqualTo(200);
        Response replayed = once(other, token);
        assertThat(replayed.status()).isEqualTo(401);
        assertThat(replayed.code()).isEqualTo("token-replayed");
        for (int round = 0; round < 20; round++) {
            String fresh = token("");
            assertThat(taken(atOnce(List.of(
                            () -> once(one, fresh),
                            () -> once(other, fresh),
                            () -> once(one, fresh),
                            () -> once(other, fresh)))))
                    .isEqualTo(1);
        }

        String bound = token(",\"cnf\":{\"jkt\":\"" + TestProof.thumbprint(HOLDER) + "\"}");
        for (int round = 0; round < 20; round++) {
            String proof = TestProof.of(
                            HOLDER, "GET", "https://api.example.com/bound", bound, System.currentTimeMillis() / 1000)
                    .signed();
            String[] fields = {"Authorization: DPoP " + bound, "DPoP: " + proof};
            assertThat(taken(atOnce(List.of(
                            () -> ask(one, "/bound", fields),
                            () -> ask(other, "/bound", fields),
                            () -> ask(other, "/bound", fields)))))
                    .isEqualTo(1);
        }
    }

    @Test
    void OA_15_whatIsRevokedAtOneIsRevokedAtTheOther() throws IOException {
        TestGateway one = gateway();
        TestGateway other = gateway();
        untilTokensAreTaken(one);
        assertThat(once(other, token("")).status()).isEqualTo(200);
        Response revoked = one.admin("POST", "/revocations", "{\"subject\": \"anna\", \"authenticator\": \"once\"}");
        assertThat(revoked.status()).as(revoked.body()).isEqualTo(201);
        assertThat(once(one, token("")).status()).isEqualTo(401);
        Eventually.until("the other knows it", () -> once(other, token("")).status() == 401);
    }

    @Test
    void RL_10_FA_13_G4_withoutTheStoreProtectedRoutesAreRefusedAndComeBackByThemselves() throws IOException {
        TestGateway one = gateway();
        TestGateway other = gateway();
        untilTokensAreTaken(one);
        String used = token("");
        assertThat(once(one, used).status()).isEqualTo(200);
        redis.kill();
        int before = upstream.requests().size();
        for (int i = 0; i < 20; i++) {
            assertThat(once(one, token("")).status()).isEqualTo(503);
            assertThat(once(other, used).status()).isEqualTo(503);
        }
        assertThat(upstream.requests()).hasSize(before);
        assertThat(ask(one, "/open").status()).isEqualTo(200);
        assertThat(one.admin("/readyz").status()).as("not all at once").isEqualTo(200);
        assertThat(one.metric("sallyport_state_up", "")).isEqualTo(0);
        redis.restart();
        Eventually.until("it is up again", () -> {
            try {
                return one.metric("sallyport_state_up", "") == 1 && other.metric("sallyport_state_up", "") == 1;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (TestGateway gateway : gateways) {
            assertThat(once(gateway, used).status()).as("it was used before").isEqualTo(401);
        }
        assertThat(one.events()).contains("state.down", "state.up", "state.forgot");
    }

    @Test
    void FA_13_G4_aGatewayThatStartsWithoutItsStoreIsNotReadyAndLetsNobodyIn() throws IOException {
        redis.kill();
        TestGateway gateway = gateway();
        assertThat(gateway.admin("/readyz").status()).isEqualTo(503);
        assertThat(ask(gateway, "/open").status()).isEqualTo(200);
        assertThat(once(gateway, token("")).status()).isEqualTo(503);
        assertThat(gateway.events()).contains("state.not_ready", "state.down");
        redis.restart();
        Eventually.until("it is ready", () -> {
            try {
                return gateway.admin("/readyz").status() == 200;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Eventually.until("callers get in", () -> once(gateway, token("")).status() != 503);
    }

    @Test
    void aReloadCannotMoveTheState() throws IOException {
        TestGateway gateway = gateway();
        ReloadResult refused = gateway.reload(yaml(redis.port()).replace("timeout: 500ms", "timeout: 501ms"));
        assertThat(refused).isInstanceOf(ReloadResult.Refused.class);
        assertThat(((ReloadResult.Refused) refused).problems().toString())
                .contains("state", "is not what the gateway was started with", "start it anew");
        assertThat(gateway.reload(yaml(redis.port()).replace("path: /open", "path: /opened")))
                .isNotInstanceOf(ReloadResult.Refused.class);
    }
}
