package dev.sallyport.controlplane.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
    private static final String TOKEN = "correct-horse-battery";
    private static final String READ_TOKEN = "only-looking-around";
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final List<AdminWitness.Act> seen = new CopyOnWriteArrayList<>();
    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.bind(
                settings(TOKEN),
                List.of(
                        AdminEndpoint.open("GET", "/livez", _ -> AdminResponse.text(200, "alive\n")),
                        AdminEndpoint.of("GET", "/status", _ -> AdminResponse.json(200, new Json().put("up", true))),
                        AdminEndpoint.of("POST", "/reload", _ -> AdminResponse.text(200, "done\n")),
                        AdminEndpoint.of(
                                "POST",
                                "/echo",
                                request -> AdminResponse.text(
                                        200, request.contentType() + " " + new String(request.body(), UTF_8))),
                        AdminEndpoint.of("GET", "/broken", _ -> {
                            throw new IllegalStateException("boom");
                        })),
                new EventLog(logged, EventLog.Format.LOGFMT),
                seen::add);
        server.serve();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void answersWhoHasTheToken() throws IOException {
        Response response = send("GET", "/status", "Authorization: Bearer " + TOKEN);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.value("content-type")).isEqualTo("application/json");
        assertThat(response.value("cache-control")).isEqualTo("no-store");
        assertThat(response.body()).contains("\"up\": true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Nothing: 1",
                "Authorization: Bearer wrong-horse-battery",
                "Authorization: Bearer ",
                "Authorization: Basic Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5",
                "Authorization: correct-horse-battery",
                "Authorization: Bearer correct-horse-batter",
                "Authorization: Bearer correct-horse-batteryy",
                "Authorization: Bearer correct-horse-battery\r\nAuthorization: Bearer correct-horse-battery",
                "Cookie: token=correct-horse-battery"
            })
    void AD_01_refusesWhoHasNot(String field) throws IOException {
        Response response = send("GET", "/status", field);
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.value("www-authenticate")).startsWith("Bearer");
        assertThat(response.value("content-type")).isEqualTo("application/problem+json");
        assertThat(response.body()).contains("admin-token-required").doesNotContain("up");
    }

    @Test
    void AD_01_tellsNothingOfItsPathsWithoutTheToken() throws IOException {
        assertThat(send("GET", "/no-such-path", "X-Nothing: 1").status()).isEqualTo(401);
        assertThat(send("POST", "/reload", "X-Nothing: 1").status()).isEqualTo(401);
    }

    @Test
    void AD_03_LG_06_whatChangesOrIsRefusedIsWitnessed() throws IOException {
        String token = "Authorization: Bearer " + TOKEN;
        send("GET", "/status", token);
        send("GET", "/livez", "X-Nothing: 1");
        assertThat(seen).isEmpty();
        send("POST", "/reload?at-once=true", token);
        send("DELETE", "/nothing", token);
        send("POST", "/status", token);
        send("GET", "/status", "X-Nothing: 1");
        send("POST", "/reload", "Authorization: Bearer wrong-horse-battery");
        send("GET", "/status", token + "\r\nOrigin: http://evil.example");
        assertThat(seen)
                .extracting(AdminWitness.Act::method, AdminWitness.Act::path, AdminWitness.Act::identity)
                .containsExactly(
                        tuple("POST", "/reload", "admin-token"),
                        tuple("DELETE", "/nothing", "admin-token"),
                        tuple("POST", "/status", "admin-token"),
                        tuple("GET", "/status", "nobody"),
                        tuple("POST", "/reload", "nobody"),
                        tuple("GET", "/status", "nobody"));
        assertThat(seen)
                .extracting(act -> act.status() + " " + act.reason())
                .containsExactly(
                        "200 null",
                        "404 admin-unknown-path",
                        "405 admin-method",
                        "401 admin-token-required",
                        "401 admin-token-required",
                        "403 admin-foreign-origin");
        assertThat(seen.getFirst().query()).isEqualTo("at-once=true");
        assertThat(seen.getFirst().peer().getAddress().isLoopbackAddress()).isTrue();
        assertThat(seen.toString()).doesNotContain(TOKEN, "wrong-horse");
    }

    @Test
    void givesEndpointsTheBody() throws IOException {
        String fields = "Authorization: Bearer " + TOKEN + "\r\nContent-Type: application/json\r\nContent-Length: 7";
        assertThat(send("POST", "/echo", fields, "{\"a\":1}").body()).isEqualTo("application/json {\"a\":1}");
    }

    @Test
    void probesNeedNoToken() throws IOException {
        assertThat(send("GET", "/livez", "X-Nothing: 1").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attacker.example",
                "attacker.example:9901",
                "localhost.attacker.example",
                "127.0.0.1.nip.io",
                "",
                "a b",
                "localhost:x"
            })
    void AD_05_refusesUnknownHostEvenWithTheToken(String host) throws IOException {
        assertThat(sendTo(host, "/status", "Authorization: Bearer " + TOKEN).status())
                .isIn(400, 421);
        assertThat(sendTo(host, "/livez", "X-Nothing: 1").status()).isIn(400, 421);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:9901", "127.0.0.1", "127.0.0.1:80", "[::1]:9901", "metrics.internal"})
    void AD_05_answersToItsOwnNames(String host) throws IOException {
        assertThat(sendTo(host, "/status", "Authorization: Bearer " + TOKEN).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://attacker.example",
                "Origin: null",
                "Origin: https://localhost",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site"
            })
    void AD_05_refusesPagesOfOtherOrigins(String field) throws IOException {
        Response response = send("POST", "/reload", "Authorization: Bearer " + TOKEN + "\r\n" + field);
        assertThat(response.status()).isEqualTo(403);
    }

    @Test
    void AD_05_answersMayNotBeFramedOrSniffed() throws IOException {
        Response response = send("GET", "/status", "Authorization: Bearer " + TOKEN);
        assertThat(response.value("content-security-policy")).contains("frame-ancestors 'none'");
        assertThat(response.value("x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void AD_10_slowsDownGuessingButNotWhoHasTheToken() throws IOException {
        int throttled = 0;
        for (int i = 0; i < 60; i++) {
            Response response = send("GET", "/status", "Authorization: Bearer guess-number-" + i);
            assertThat(response.status()).isIn(401, 429);
            if (response.status() == 429) {
                throttled++;
                assertThat(response.value("retry-after")).isEqualTo("1");
            }
        }
        assertThat(throttled).isGreaterThan(20);
        assertThat(send("GET", "/status", "Authorization: Bearer " + TOKEN).status())
                .isEqualTo(200);
    }

    @Test
    void aReplacedTokenIsNoLongerTaken() throws IOException {
        server.replace(
                settings("another-horse-battery"),
                List.of(AdminEndpoint.of("GET", "/status", _ -> AdminResponse.text(200, "new\n"))));
        assertThat(send("GET", "/status", "Authorization: Bearer " + TOKEN).status())
                .isEqualTo(401);
        assertThat(send("GET", "/status", "Authorization: Bearer another-horse-battery")
                        .body())
                .isEqualTo("new\n");
    }

    @Test
    void refusesMethodsAndPathsThatThereAreNot() throws IOException {
        Response method = send("POST", "/status", "Authorization: Bearer " + TOKEN + "\r\nContent-Length: 0");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.value("allow")).isEqualTo("GET");
        assertThat(send("GET", "/no-such-path", "Authorization: Bearer " + TOKEN)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void refusesLargeBodies() throws IOException {
        Response response = send(
                "POST", "/reload", "Authorization: Bearer " + TOKEN + "\r\nContent-Length: 70000", "x".repeat(70_000));
        assertThat(response.status()).isEqualTo(413);
    }

    @Test
    void readersLookAndChangeNothing() throws IOException {
        String reader = "Authorization: Bearer " + READ_TOKEN;
        assertThat(send("GET", "/status", reader).status()).isEqualTo(200);
        Response refused = send("POST", "/reload", reader + "\r\nContent-Length: 0");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("admin-read-only");
        assertThat(seen).extracting(AdminWitness.Act::status).containsExactly(403);
    }

    @Test
    void browsersLogInAndOut() throws IOException {
        String session = logIn(TOKEN);
        assertThat(send("GET", "/status", session).status()).isEqualTo(200);
        assertThat(send("GET", "/console/session", session).body()).contains("\"role\": \"operator\"");
        assertThat(send("POST", "/reload", session + "\r\nOrigin: http://localhost\r\nContent-Length: 0")
                        .status())
                .isEqualTo(200);
        Response out = send("DELETE", "/console/session", session + "\r\nOrigin: http://localhost");
        assertThat(out.status()).isEqualTo(204);
        assertThat(out.value("set-cookie")).contains("Max-Age=0");
        assertThat(send("GET", "/status", session).status()).isEqualTo(401);
    }

    @Test
    void AD_01_aSessionIsWorthNoMoreThanItsToken() throws IOException {
        String session = logIn(READ_TOKEN);
        assertThat(send("GET", "/status", session).status()).isEqualTo(200);
        assertThat(send("POST", "/reload", session + "\r\nOrigin: http://localhost\r\nContent-Length: 0")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void AD_05_sessionsAreForTheConsolesOwnPages() throws IOException {
        String session = logIn(TOKEN);
        // a browser says where a request that changes something comes from
        assertThat(send("POST", "/reload", session + "\r\nContent-Length: 0").status())
                .isEqualTo(401);
        assertThat(send("POST", "/reload", session + "\r\nOrigin: http://evil.example\r\nContent-Length: 0")
                        .status())
                .isEqualTo(403);
        assertThat(send("GET", "/status", session + "\r\nSec-Fetch-Site: cross-site")
                        .status())
                .isEqualTo(403);
        String two = session + "; sallyport-console=another";
        assertThat(send("GET", "/status", two).status()).isEqualTo(401);
    }

    @Test
    void aChangedTokenEndsSessions() throws IOException {
        String session = logIn(READ_TOKEN);
        server.replace(settings(TOKEN), List.of());
        assertThat(send("GET", "/console/session", session).status()).isEqualTo(200);
        server.replace(settings("another-token-altogether"), List.of());
        assertThat(send("GET", "/console/session", session).status()).isEqualTo(401);
    }

    @Test
    void AD_10_guessingAtTheLogInIsSlowedDown() throws IOException {
        int last = 0;
        for (int i = 0; i < 40; i++) {
            last = send("POST", "/console/session", "Content-Length: 14", "wrong-token-" + (i + 10))
                    .status();
        }
        assertThat(last).isEqualTo(429);
        logIn(TOKEN); // and who has it gets in
    }

    private String logIn(String token) throws IOException {
        Response response = send(
                "POST", "/console/session", "Origin: http://localhost\r\nContent-Length: " + token.length(), token);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.value("set-cookie"))
                .endsWith("; Path=/; HttpOnly; SameSite=Strict")
                .doesNotContain(token);
        return "Cookie: other=1; " + response.value("set-cookie").replaceFirst(";.*", "");
    }

    @Test
    void aBugIsAnErrorWithoutInternals() throws IOException {
        Response response = send("GET", "/broken", "Authorization: Bearer " + TOKEN);
        assertThat(response.status()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("boom");
        assertThat(logged.toString(StandardCharsets.UTF_8)).contains("boom");
    }

    @Test
    void AD_06_tokensAreNotPrinted() {
        assertThat(AdminToken.of(TOKEN).toString()).doesNotContain(TOKEN);
        assertThat(settings(TOKEN).toString()).doesNotContain(TOKEN);
        assertThat(AdminToken.generate()).hasSize(43).isNotEqualTo(AdminToken.generate());
    }

    @Test
    void refusesTokensThatCouldBeGuessed() {
        assertThatThrownBy(() -> AdminToken.of("short")).isInstanceOf(IllegalArgumentException.class);
    }

    private static AdminSettings settings(String token) {
        return new AdminSettings(
                ANY_PORT, AdminToken.of(token), AdminToken.of(READ_TOKEN), List.of("metrics.internal"));
    }

    private Response send(String method, String path, String fields) throws IOException {
        return send(method, path, fields, "");
    }

    private Response send(String method, String path, String fields, String body) throws IOException {
        return exchange(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n\r\n" + body);
    }

    private Response sendTo(String host, String path, String fields) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n\r\n");
    }

    private Response exchange(String octets) throws IOException {
        try (RawClient client = RawClient.connect(server.address().getPort())) {
            return client.exchange(octets);
        }
    }
}
