package dev.sallyport.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.FakeIssuer;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.TestKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Honest callers during a storm, over real sockets: every one of their requests is served, none is held up, whoever
/// shares a network, a tenant or an address with the attackers. Told by counts, not by time.
class HonestCallersIT {
    private static final TestKey KEY = TestKey.of("key", "ES256");
    private static final int ATTACKERS = 10;
    private static final int STORM = 20_000;
    private static final int AT_ONCE = 100;
    private static final int HONEST = 100;

    /// After as many failures a source is refused.
    private static final int GUESSES = 11;

    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final FakeIssuer issuer = FakeIssuer.of(KEY);
    private TestGateway gateway = TestGateway.of("");

    @BeforeEach
    void start() {
        upstream.answerByDefault();
        gateway = TestGateway.start("""
                version: 1
                listeners:
                  public: { bind: "127.0.0.1:0" }
                upstreams:
                  app: { endpoints: ["http://127.0.0.1:%d"], concurrency: { adaptive: { min: 10, max: 1000 } } }
                authenticators:
                  staff: { kind: jwt, issuer: "%s", audience: [api], principal: { tenant: tenant } }
                limits:
                  per-address: { key: client.address, rate: 1000000/s, burst: 1000000 }
                  per-caller: { key: principal.id, rate: 1000000/s, burst: 1000000 }
                  per-tenant: { key: principal.tenant, rate: 1000000/s, burst: 1000000 }
                behaviour:
                  levels:
                    suspicious: { delay: 20ms }
                routes:
                  api:
                    match: { path: "/api/**" }
                    access: { authenticate: [staff] }
                    limits: [per-address, per-caller, per-tenant]
                    upstream: app
                """.formatted(upstream.port(), issuer.name()));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        issuer.close();
        upstream.close();
    }

    private static String attacker(int number) {
        return "127.0.66." + (100 + number);
    }

    private String bearer(String name, String tenant) {
        long now = System.currentTimeMillis() / 1000;
        return "Authorization: Bearer "
                + KEY.token("{\"iss\":\"" + issuer.name() + "\",\"sub\":\"" + name + "\",\"tenant\":\"" + tenant
                        + "\",\"aud\":\"api\",\"iat\":" + now + ",\"exp\":" + (now + 3000) + "}");
    }

    private static String request(String credential) {
        return "GET /api/x HTTP/1.1\r\nHost: a.test\r\n" + credential + "\r\n\r\n";
    }

    /// Who it is and where from, on a connection of its own.
    private Map<Integer, Integer> ask(int times, String address, String credential, AtomicBoolean goOn)
            throws IOException {
        Map<Integer, Integer> statuses = new TreeMap<>();
        try (RawClient client = RawClient.connectFrom(address, gateway.port())) {
            for (int i = 0; i < times || goOn.get(); i++) {
                statuses.merge(client.exchange(request(credential)).status(), 1, Integer::sum);
            }
        }
        return statuses;
    }

    /// Sends requests without waiting for answers, so many at once; what was answered.
    private Map<Integer, Integer> storm(int times, String address, String credential) throws IOException {
        Map<Integer, Integer> statuses = new TreeMap<>();
        byte[] many = request(credential).repeat(AT_ONCE).getBytes(ISO_8859_1);
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
            socket.setSoTimeout(20_000);
            for (int sent = 0; sent < times; sent += AT_ONCE) {
                socket.getOutputStream().write(many);
                answers(socket.getInputStream(), statuses);
            }
        }
        return statuses;
    }

    private static void answers(InputStream in, Map<Integer, Integer> statuses) throws IOException {
        byte[] start = "HTTP/1.1 ".getBytes(ISO_8859_1);
        byte[] buffer = new byte[64 * 1024];
        int matched = 0;
        int digits = 0;
        int status = 0;
        for (int answered = 0; answered < AT_ONCE; ) {
            int length = in.read(buffer);
            assertThat(length).as("the connection goes on").isPositive();
            for (int i = 0; i < length; i++) {
                if (matched < start.length) {
                    matched = buffer[i] == start[matched] ? matched + 1 : buffer[i] == start[0] ? 1 : 0;
                    digits = 0;
                    status = 0;
                } else {
                    status = status * 10 + (buffer[i] - '0');
                    if (++digits == 3) {
                        statuses.merge(status, 1, Integer::sum);
                        answered++;
                        matched = 0;
                    }
                }
            }
        }
    }

    @Test
    void RL_07_RL_12_AK_06_aStormOfOthersTakesNothingFromHonestCallers() throws Exception {
        AtomicBoolean never = new AtomicBoolean();
        Map<String, String> honest = new TreeMap<>();
        honest.put("127.0.80.1", bearer("anna", "acme"));
        honest.put("127.0.81.1", bearer("bert", "bolt"));
        honest.put("127.0.66.7", bearer("cleo", "acme"));
        honest.put(attacker(0), bearer("dora", "acme"));
        // they did well before
        for (Map.Entry<String, String> one : honest.entrySet()) {
            assertThat(ask(1, one.getKey(), one.getValue(), never)).containsOnlyKeys(200);
        }
        String forged = bearer("anna", "acme").replaceFirst(".{8}$", "AAAAAAAA");
        for (int i = 0; i < ATTACKERS; i++) {
            assertThat(ask(GUESSES, attacker(i), forged, never)).containsOnlyKeys(401);
        }
        assertThat(gateway.admin("/behaviour/key?key=127.0.66.0/24").body())
                .as("the network of honest callers too")
                .contains("\"level\": \"suspicious\"");
        double waited = delays("waited");
        // one who was never seen, from elsewhere
        honest.put("127.0.82.1", bearer("emil", "acme"));

        AtomicBoolean blowing = new AtomicBoolean(true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Map<Integer, Integer>>> served = new ArrayList<>();
            honest.forEach((address, credential) -> {
                Callable<Map<Integer, Integer>> asking = () -> ask(HONEST, address, credential, blowing);
                served.add(threads.submit(asking));
            });
            List<Future<Map<Integer, Integer>>> refused = new ArrayList<>();
            for (int i = 0; i < ATTACKERS; i++) {
                String address = attacker(i);
                refused.add(threads.submit(() -> storm(STORM / ATTACKERS, address, forged)));
            }
            for (Future<Map<Integer, Integer>> one : refused) {
                assertThat(one.get(60, TimeUnit.SECONDS)).containsExactly(Map.entry(429, STORM / ATTACKERS));
            }
            blowing.set(false);
            for (Future<Map<Integer, Integer>> one : served) {
                assertThat(one.get(60, TimeUnit.SECONDS)).containsOnlyKeys(200);
            }
        } finally {
            blowing.set(false);
        }
        assertThat(delays("waited")).as("nobody was held up").isEqualTo(waited);
        assertThat(delays("refused")).isZero();
        assertThat(gateway.metric("sallyport_behaviour_refused_total", "by=\"source\""))
                .isGreaterThanOrEqualTo(STORM);
        assertThat(gateway.metric("sallyport_behaviour_refused_total", "by=\"caller\""))
                .isZero();
        assertThat(gateway.metric("sallyport_behaviour_recognised_total", "")).isGreaterThanOrEqualTo(HONEST);
    }

    private double delays(String what) throws IOException {
        return gateway.metric("sallyport_behaviour_delays_total", what);
    }
}
