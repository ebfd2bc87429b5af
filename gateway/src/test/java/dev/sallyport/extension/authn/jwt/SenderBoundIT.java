package dev.sallyport.extension.authn.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeIssuer;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.TestKey;
import dev.sallyport.testing.TestProof;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stolen tokens are worth nothing, end to end over TLS: the configuration of `docs/authentication/sender-bound.md`.
class SenderBoundIT {
    private static final TestCertificates SERVERS = TestCertificates.authority("servers");
    private static final TestCertificates CLIENTS = TestCertificates.authority("clients");
    private static final Issued ANNA = CLIENTS.client("spiffe://prod.example.com/anna");
    private static final Issued EVE = CLIENTS.client("spiffe://prod.example.com/eve");
    private static final TestKey ISSUER = TestKey.of("issuer", "ES256");
    private static final TestKey HOLDER = TestKey.of("holder", "ES256");
    private static final TestKey THIEF = TestKey.of("thief", "ES256");
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```yaml\\n(version: 1\\n.*?)^```");
    private static final String URI_OF_ORDER = "https://api.example.com/orders/17";

    private @TempDir Path folder = Path.of("");
    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final FakeIssuer issuer = FakeIssuer.of(ISSUER);
    private final AtomicInteger serial = new AtomicInteger();
    private @Nullable TestGateway started;

    @BeforeEach
    void writesFiles() throws IOException {
        SERVERS.server("gateway.test", "127.0.0.1").write(folder, "server");
        Files.writeString(folder.resolve("clients-ca.crt"), CLIENTS.pem());
    }

    @AfterEach
    void stops() throws IOException {
        if (started != null) {
            started.close();
        }
        issuer.close();
        upstream.close();
    }

    /// The example of the page, with files, ports and issuer of this test.
    private TestGateway gateway(String nonce) throws IOException {
        Matcher block = EXAMPLE.matcher(Files.readString(Path.of("../docs/authentication/sender-bound.md")));
        assertThat(block.find()).isTrue();
        TestGateway gateway = TestGateway.start(block.group(1)
                .replace("tls/", folder + "/")
                .replace("https://id.example.com/realms/staff", issuer.name())
                .replace("nonce: required", "nonce: " + nonce)
                .replace("127.0.0.1:8443", "127.0.0.1:0")
                .replace("127.0.0.1:9001", "127.0.0.1:" + upstream.port()));
        started = gateway;
        return gateway;
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    /// A token of `subject` with the member `confirmation`, such as `,"cnf":{…}`.
    private String token(String subject, String confirmation) {
        return ISSUER.token("{\"iss\":\"" + issuer.name() + "\",\"sub\":\"" + subject
                + "\",\"aud\":\"orders-api\",\"iat\":" + now() + ",\"exp\":" + (now() + 300) + ",\"jti\":\""
                + serial.incrementAndGet() + "\"" + confirmation + "}");
    }

    private String boundTo(TestKey key) {
        return token(key.id(), ",\"cnf\":{\"jkt\":\"" + TestProof.thumbprint(key) + "\"}");
    }

    private String boundTo(String subject, Issued certificate) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest(certificate.certificate().getEncoded());
        return token(subject, ",\"cnf\":{\"x5t#S256\":\"" + TestKey.base64(hash) + "\"}");
    }

    private static TestProof proof(TestKey key, String token) {
        return TestProof.of(key, "GET", URI_OF_ORDER, token, now());
    }

    private static String get(String... fields) {
        return "GET /orders/17 HTTP/1.1\r\nHost: gateway.test\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    }

    private static String shown(String token, String proof) {
        return get("Authorization: DPoP " + token, "DPoP: " + proof);
    }

    private static RawClient connect(TestGateway gateway, @Nullable Issued own) throws IOException {
        return RawClient.connect(gateway.port(), "gateway.test", SERVERS.context(own));
    }

    private static void assertRefused(Response response, String code, String error) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.code()).isEqualTo(code);
        assertThat(String.join("\n", response.values("www-authenticate"))).contains("error=\"" + error + "\"");
    }

    @Test
    void DP_07_theHolderOfTheKeyGetsANonceAndIn() throws Exception {
        TestGateway gateway = gateway("required");
        String token = boundTo(HOLDER);
        try (RawClient client = connect(gateway, null)) {
            Response first = client.exchange(shown(token, proof(HOLDER, token).signed()));
            assertRefused(first, "proof-nonce", "use_dpop_nonce");
            String nonce = TestProof.text(first.value("dpop-nonce"));
            String again = proof(HOLDER, token).claim("nonce", nonce).signed();
            assertThat(client.exchange(shown(token, again)).status()).isEqualTo(200);
            assertRefused(client.exchange(shown(token, again)), "proof-replayed", "invalid_dpop_proof");
        }
        assertThat(upstream.requests()).hasSize(1);
        assertThat(upstream.lastRequest().names()).doesNotContain("authorization", "dpop");
    }

    @Test
    void DP_01_aBoundTokenIsNotTakenAsBearer() throws Exception {
        TestGateway gateway = gateway("off");
        String token = boundTo(HOLDER);
        try (RawClient client = connect(gateway, null)) {
            Response bearer = client.exchange(get(
                    "Authorization: Bearer " + token,
                    "DPoP: " + proof(HOLDER, token).signed()));
            assertThat(bearer.status()).isEqualTo(401);
            assertThat(client.exchange(get("Authorization: Bearer " + token)).status())
                    .isEqualTo(401);
            assertRefused(client.exchange(get("Authorization: DPoP " + token)), "proof-missing", "invalid_dpop_proof");
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void DP_10_aTokenBoundToNobodyIsRefusedWithEitherScheme() throws Exception {
        TestGateway gateway = gateway("off");
        String token = token("anna", "");
        try (RawClient client = connect(gateway, null)) {
            assertRefused(client.exchange(get("Authorization: Bearer " + token)), "token-binding", "invalid_token");
            Response dpop = client.exchange(shown(token, proof(HOLDER, token).signed()));
            assertRefused(dpop, "token-binding", "invalid_token");
            assertThat(dpop.values("www-authenticate"))
                    .anySatisfy(value -> assertThat(value).startsWith("DPoP ").contains("algs=\"ES256"));
            Response without = client.exchange(get("Accept: */*"));
            assertThat(without.values("www-authenticate"))
                    .anySatisfy(value -> assertThat(value).startsWith("DPoP ").contains("algs=\"ES256"));
        }
        try (RawClient client = connect(gateway, null)) {
            String mixed = get(
                    "Authorization: Bearer " + token,
                    "Authorization: DPoP " + token,
                    "DPoP: " + proof(HOLDER, token).signed());
            assertThat(client.exchange(mixed).status()).isEqualTo(400);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void DP_02_twoFieldsAreRefused() throws Exception {
        TestGateway gateway = gateway("off");
        String token = boundTo(HOLDER);
        try (RawClient client = connect(gateway, null)) {
            String proof = proof(HOLDER, token).signed();
            String two = get("Authorization: DPoP " + token, "DPoP: " + proof, "DPoP: " + proof);
            assertThat(client.exchange(two).status()).isEqualTo(400);
        }
    }

    @Test
    void DP_04_theHostFieldDoesNotSayWhichUriAProofIsFor() throws Exception {
        TestGateway gateway = gateway("off");
        String token = boundTo(HOLDER);
        try (RawClient client = connect(gateway, null)) {
            String there = TestProof.of(HOLDER, "GET", "https://gateway.test/orders/17", token, now())
                    .signed();
            assertRefused(client.exchange(shown(token, there)), "proof-target", "invalid_dpop_proof");
            String dotted = proof(HOLDER, token)
                    .claim("htu", TestProof.text("HTTPS://API.example.com:443/x/../orders/%31%37?a"))
                    .signed();
            assertThat(client.exchange(shown(token, dotted)).status()).isEqualTo(200);
        }
    }

    @Test
    void DP_05_oneOfManyRequestsWithTheSameProofGetsIn() throws Exception {
        TestGateway gateway = gateway("off");
        String token = boundTo(HOLDER);
        String request = shown(token, proof(HOLDER, token).signed());
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                running.add(clients.submit(() -> {
                    try (RawClient client = connect(gateway, null)) {
                        return client.exchange(request).status();
                    }
                }));
            }
            for (Future<Integer> one : running) {
                statuses.add(one.get());
            }
        }
        assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 401);
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void DP_05_aProofOfBeforeTheStartNeedsANonce() throws Exception {
        TestGateway gateway = gateway("after-restart");
        String token = boundTo(HOLDER);
        try (RawClient client = connect(gateway, null)) {
            String before =
                    proof(HOLDER, token).claim("iat", Long.toString(now() - 30)).signed();
            Response asked = client.exchange(shown(token, before));
            assertRefused(asked, "proof-nonce", "use_dpop_nonce");
            String fresh = proof(HOLDER, token)
                    .claim("nonce", TestProof.text(asked.value("dpop-nonce")))
                    .signed();
            assertThat(client.exchange(shown(token, fresh)).status()).isEqualTo(200);
        }
    }

    @Test
    void DP_09_aThiefCannotUseTheToken() throws Exception {
        TestGateway gateway = gateway("off");
        String token = boundTo(HOLDER);
        try (RawClient client = connect(gateway, null)) {
            assertThat(client.exchange(shown(token, proof(HOLDER, token).signed()))
                            .status())
                    .isEqualTo(200);
            assertRefused(
                    client.exchange(shown(token, proof(THIEF, token).signed())), "proof-binding", "invalid_token");
            assertRefused(
                    client.exchange(shown(token, proof(HOLDER, token).signedBy(THIEF))),
                    "proof-signature",
                    "invalid_dpop_proof");
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void DP_11_aTokenIsGoodOverConnectionsOfItsCertificateOnly() throws Exception {
        TestGateway gateway = gateway("required");
        String bearer = get("Authorization: Bearer " + boundTo("anna", ANNA));
        try (RawClient client = connect(gateway, ANNA)) {
            assertThat(client.exchange(bearer).status()).isEqualTo(200);
        }
        try (RawClient client = connect(gateway, EVE)) {
            assertRefused(client.exchange(bearer), "certificate-binding", "invalid_token");
        }
        try (RawClient client = connect(gateway, null)) {
            assertRefused(client.exchange(bearer), "certificate-missing", "invalid_token");
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void DP_12_everyRequestOfAConnectionIsJudgedByItself() throws Exception {
        TestGateway gateway = gateway("off");
        String hers = boundTo("anna", ANNA);
        String notHers = boundTo("eve", EVE);
        String keyed = boundTo(HOLDER);
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(SERVERS.context(ANNA))
                .build()) {
            assertThat(send(client, gateway, "Authorization", "Bearer " + hers)).isEqualTo(200);
            assertThat(send(client, gateway, "Authorization", "Bearer " + notHers))
                    .isEqualTo(401);
            assertThat(send(client, gateway)).isEqualTo(401);
            String proof = proof(HOLDER, keyed).signed();
            assertThat(send(client, gateway, "Authorization", "DPoP " + keyed, "DPoP", proof))
                    .isEqualTo(200);
            assertThat(send(client, gateway, "Authorization", "DPoP " + keyed, "DPoP", proof))
                    .isEqualTo(401);
            assertThat(send(client, gateway, "Authorization", "DPoP " + keyed)).isEqualTo(401);
            assertThat(send(client, gateway, "Authorization", "Bearer " + hers)).isEqualTo(200);
        }
        List<LogLine> lines =
                Eventually.present("7 lines of log", () -> gateway.log().size() < 7 ? null : gateway.log());
        assertThat(lines)
                .extracting(line -> line.field("client.port"))
                .containsOnly(lines.getFirst().field("client.port"));
    }

    private static int send(HttpClient client, TestGateway gateway, String... fields) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + gateway.port() + "/orders/17"));
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        HttpResponse<Void> response = client.send(request.build(), HttpResponse.BodyHandlers.discarding());
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return response.statusCode();
    }
}
