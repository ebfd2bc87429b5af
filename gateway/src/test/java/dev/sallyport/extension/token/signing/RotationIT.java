package dev.sallyport.extension.token.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The gateway's own keys change while it issues tokens, takes them, and asserts to an upstream who calls.
///
/// The upstream verifies as servers do: with the published set as it last fetched it, never fetching because a key is
/// missing.
class RotationIT {
    private static final String SECRET = "a-secret-of-the-shop-made-at-random-1";
    private static final String YAML = """
        version: 1
        listeners: { public: { bind: "127.0.0.1:0" } }
        signing-keys: { publish-ahead: 3s }
        upstreams:
          orders:
            endpoints: ["http://127.0.0.1:UPSTREAM"]
            assert-identity: { audience: orders, lifetime: 5s }
        authenticators:
          own:
            kind: jwt
            issuer: http://localhost/oauth
            jwks: http://127.0.0.1:PORT/oauth/jwks
            audience: shop
            token-type: at+jwt
            refresh: { every: 1s, cooldown: 1s }
        routes:
          orders: { match: { path: /orders }, access: { authenticate: [own] }, upstream: orders }
          keys: { match: { path: /keys }, access: public, gateway-keys: {} }
          tokens:
            match: { path: "/oauth/**" }
            access: public
            token-service:
              issuer: http://localhost/oauth
              audience: shop
              clients: { app: { secret-hash: "HASH" } }
        """;

    private static final int ROTATIONS = 3;
    private static final int CLIENTS = 4;

    private final RecordingUpstream upstream = RecordingUpstream.start().answer(this::atTheUpstream);
    private final TestGateway gateway = TestGateway.of(yaml(1));
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Set<String> keysOfAssertions = ConcurrentHashMap.newKeySet();
    private final Set<String> keysOfTokens = ConcurrentHashMap.newKeySet();
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile JWKSet published = new JWKSet();

    private String yaml(int port) {
        return YAML.replace("UPSTREAM", Integer.toString(upstream.port()))
                .replace("PORT", Integer.toString(port))
                .replace("HASH", "7c13afc6f671df2e28db29b6a8820f65eab3a8a5156bad91f549747ab1a3562b");
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    private String atTheUpstream(Request request) {
        List<String> identity = request.values("sallyport-identity");
        if (identity.size() == 1) {
            verify("assertion", identity.getFirst(), keysOfAssertions);
        } else {
            failures.add("identity: " + identity.size());
        }
        return RecordingUpstream.ok("order");
    }

    private void verify(String what, String token, Set<String> seen) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            String id = jwt.getHeader().getKeyID();
            JWK key = published.getKeyByKeyId(id);
            boolean good = key != null
                    && jwt.verify(new ECDSAVerifier(key.toECKey()))
                    && Instant.now()
                            .isBefore(jwt.getJWTClaimsSet().getExpirationTime().toInstant());
            if (!good) {
                failures.add(what + " by " + id + ", published were " + published);
            }
            seen.add(id);
        } catch (ParseException | JOSEException e) {
            failures.add(what + ": " + e);
        }
    }

    /// What a server does that verifies: fetches the set now and then.
    private void fetchKeys() {
        while (!over.get()) {
            try (RawClient client = RawClient.connect(gateway.port())) {
                published = JWKSet.parse(client.exchange("GET /keys HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .body());
            } catch (IOException | ParseException e) {
                failures.add("keys: " + e);
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    private String token(RawClient client) throws IOException {
        String body = "grant_type=client_credentials&client_id=app&client_secret=" + SECRET;
        Response response = client.exchange("POST /oauth/token HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body);
        if (response.status() != 200) {
            failures.add("token: " + response.status() + " " + response.body());
            return "";
        }
        return response.body().split("\"", -1)[3];
    }

    private void order(RawClient client, String token) throws IOException {
        Response response = client.exchange(
                "GET /orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        if (response.status() == 200) {
            served.incrementAndGet();
        } else {
            failures.add("order: " + response.status() + " " + response.body());
        }
    }

    /// A client that takes a token, uses it a few times, takes the next; and has one from before all rotations.
    private void use(String fromBefore) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            while (!over.get()) {
                String token = token(client);
                verify("token", token, keysOfTokens);
                for (int i = 0; i < 3; i++) {
                    order(client, token);
                }
                order(client, fromBefore);
            }
        } catch (IOException | RuntimeException e) {
            failures.add("client: " + e);
        }
    }

    /// The key that signs now.
    private String signing() {
        try {
            List<String> signing = new ArrayList<>();
            Object keys = JSONObjectUtils.parse(gateway.admin("/keys").body()).get("keys");
            for (Object one : (List<?>) Objects.requireNonNull(keys)) {
                Map<?, ?> key = (Map<?, ?>) one;
                if ("signing".equals(key.get("state"))) {
                    signing.add(String.valueOf(key.get("id")));
                }
            }
            assertThat(signing).hasSize(1);
            return signing.getFirst();
        } catch (IOException | ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void JW_20_rotationOfTheGatewaysOwnKeysLosesNoRequest() throws Exception {
        gateway.start();
        gateway.reload(yaml(gateway.port()));
        Set<String> signed = ConcurrentHashMap.newKeySet();
        signed.add(signing());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                RawClient first = RawClient.connect(gateway.port())) {
            threads.execute(this::fetchKeys);
            Eventually.until("keys are published", () -> !published.getKeys().isEmpty());
            String fromBefore = token(first);
            for (int i = 0; i < CLIENTS; i++) {
                threads.execute(() -> use(fromBefore));
            }
            try {
                for (int i = 0; i < ROTATIONS; i++) {
                    String next = String.valueOf(JSONObjectUtils.parse(
                                    gateway.admin("POST", "/keys/rotate", "").body())
                            .get("id"));
                    Eventually.until("the next key signs", () -> signing().equals(next));
                    signed.add(next);
                    int before = served.get();
                    Eventually.until(
                            "it signed tokens and assertions",
                            () -> keysOfTokens.contains(next) && keysOfAssertions.contains(next));
                    Eventually.until("requests go on", () -> served.get() > before + 20);
                }
            } finally {
                over.set(true);
            }
        }
        assertThat(failures).isEmpty();
        assertThat(signed).hasSize(ROTATIONS + 1);
        assertThat(keysOfTokens).containsAll(signed);
        assertThat(keysOfAssertions).containsAll(signed);
        // what the first key signed still counts, and it is still published
        assertThat(published.getKeys()).hasSize(ROTATIONS + 1);
    }
}
