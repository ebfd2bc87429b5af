package dev.sallyport.extension.authn.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.controlplane.reload.ReloadResult;
import dev.sallyport.extension.authn.jose.sign.ProvingKey;
import dev.sallyport.testing.FormServer;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers of identity with certificates of an authority that nobody else knows, as issuer, for introspection, for the
/// exchange of tokens and as OpenID provider.
class PrivateTrustIT {
    private static final TestCertificates OURS = TestCertificates.authority("ours");
    private static final TestCertificates OTHERS = TestCertificates.authority("others");
    private static final TestKey KEY = TestKey.of("issuer", "ES256");
    private static final String OPAQUE = "an-opaque-token-of-somebody";

    @TempDir
    private Path folder = Path.of("");

    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(upstream));
    private FormServer server = FormServer.answering(form -> new FormServer.Reply(404, "text/plain", ""));

    @BeforeEach
    void start() throws IOException {
        server.close();
        serve(false);
        Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        Files.writeString(folder.resolve("ca.crt"), OURS.pem());
        OURS.client("urn:gateway").write(folder, "client");
    }

    private void serve(boolean clientCertificate) {
        server = FormServer.answering(
                OURS.context(OURS.server("127.0.0.1")), clientCertificate, form -> answer(form.path()));
        open.add(server);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private FormServer.Reply answer(String path) {
        return switch (path) {
            case "/.well-known/openid-configuration" ->
                FormServer.Reply.json(("{'issuer':'URL','jwks_uri':'URL/keys',"
                                + "'authorization_endpoint':'URL/authorize','token_endpoint':'URL/token'}")
                        .replace('\'', '"')
                        .replace("URL", server.url("")));
            case "/keys" -> FormServer.Reply.json(TestKey.set(KEY));
            case "/introspect" -> FormServer.Reply.json("{\"active\":true,\"sub\":\"alice\"}");
            case "/token" ->
                FormServer.Reply.json("{\"access_token\":\"made-for-orders\",\"token_type\":\"Bearer\","
                        + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"}");
            default -> new FormServer.Reply(404, "text/plain", "");
        };
    }

    /// Every kind, with `tls` and `client` as given.
    private String yaml(String tls, String client) {
        return """
            version: 1
            listeners:
              public: { bind: "127.0.0.1:0", public-url: "https://app.test" }
            upstreams:
              orders:
                endpoints: ["http://127.0.0.1:%d"]
                token-exchange: { endpoint: "URL/token", client: CLIENT, audience: orders TLS }
              plain: { endpoints: ["http://127.0.0.1:%d"] }
            authenticators:
              staff: { kind: jwt, issuer: "URL", audience: shop TLS }
              keys: { kind: jwt, issuer: "URL", jwks: "URL/keys", audience: shop TLS }
              legacy: { kind: introspection, endpoint: "URL/introspect", client: CLIENT TLS }
              browser: { kind: oidc, issuer: "URL", client: CLIENT TLS }
            routes:
              exchanged: { match: { path: /exchanged }, access: { authenticate: [legacy] }, upstream: orders }
              staff: { match: { path: /staff }, access: { authenticate: [staff] }, upstream: plain }
              keys: { match: { path: /keys }, access: { authenticate: [keys] }, upstream: plain }
              legacy: { match: { path: /legacy }, access: { authenticate: [legacy] }, upstream: plain }
              page: { match: { path: /page }, access: { authenticate: [browser] }, upstream: plain }
            """.formatted(upstream.port(), upstream.port())
                .replace("URL", server.url(""))
                .replace(" TLS", tls.isEmpty() ? "" : ", tls: " + tls)
                .replace("CLIENT", client)
                .replace("FOLDER", folder.toString());
    }

    private static final String BY_SECRET = "{ id: gateway, secret: \"${file:FOLDER/secret}\" }";
    private static final String TRUST = "{ trust: FOLDER/ca.crt }";

    private TestGateway gateway(String tls, String client) {
        TestGateway gateway = TestGateway.start(yaml(tls, client));
        open.add(gateway);
        return gateway;
    }

    private static Response get(TestGateway gateway, String path, String token) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            String authorization = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
            return client.exchange(
                    "GET " + path + " HTTP/1.1\r\nHost: app.test\r\nAccept: text/html\r\n" + authorization + "\r\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String token() {
        long now = Instant.now().getEpochSecond();
        return KEY.token("{\"iss\":\"" + server.url("") + "\",\"sub\":\"alice\",\"aud\":\"shop\",\"iat\":" + now
                + ",\"exp\":" + (now + 300) + "}");
    }

    private void letsIn(TestGateway gateway) {
        assertThat(get(gateway, "/staff", token()).status()).isEqualTo(200);
        assertThat(get(gateway, "/keys", token()).status()).isEqualTo(200);
        assertThat(get(gateway, "/legacy", OPAQUE).status()).isEqualTo(200);
        assertThat(get(gateway, "/exchanged", OPAQUE).status()).isEqualTo(200);
        assertThat(upstream.lastRequest().value("authorization")).isEqualTo("Bearer made-for-orders");
        assertThat(get(gateway, "/page", "").status()).isEqualTo(302);
    }

    /// Nobody is let in, and nothing was sent that a wrong server could use.
    private void letsNobodyIn(TestGateway gateway) {
        for (String path : List.of("/staff", "/keys")) {
            assertThat(get(gateway, path, token()).status()).as(path).isEqualTo(503);
        }
        assertThat(get(gateway, "/legacy", OPAQUE).status()).isEqualTo(503);
        assertThat(get(gateway, "/exchanged", OPAQUE).status()).isEqualTo(503);
        assertThat(get(gateway, "/page", "").status()).isEqualTo(503);
        assertThat(upstream.requests()).isEmpty();
        assertThat(server.forms()).isEmpty();
    }

    @Test
    void OA_17_aPrivateAuthorityIsBelievedWhereItIsConfigured() {
        letsIn(gateway(TRUST, BY_SECRET));
    }

    @Test
    void OA_17_aServerOfAnotherAuthorityIsNobody() throws IOException {
        Files.writeString(folder.resolve("ca.crt"), OTHERS.pem());
        TestGateway gateway = gateway(TRUST, BY_SECRET);
        assertThat(gateway.events()).contains("event=authenticator.not_ready authenticator=staff");
        letsNobodyIn(gateway);
    }

    @Test
    void OA_17_aPrivateAuthorityIsNotBelievedUnconfigured() {
        letsNobodyIn(gateway("", BY_SECRET));
    }

    @Test
    void OA_17_aCertificateForAnotherNameIsNone() {
        server = FormServer.answering(
                OURS.context(OURS.server("id.example.com", "127.0.0.2")), false, form -> answer(form.path()));
        open.add(server);
        letsNobodyIn(gateway(TRUST, BY_SECRET));
    }

    @Test
    void aFileThatChangesIsInUseWithTheNextReload() throws IOException {
        Files.writeString(folder.resolve("ca.crt"), OTHERS.pem());
        TestGateway gateway = gateway(TRUST, BY_SECRET);
        letsNobodyIn(gateway);
        Files.writeString(folder.resolve("ca.crt"), OTHERS.pem() + OURS.pem());
        assertThat(gateway.reload(yaml(TRUST, BY_SECRET))).isInstanceOf(ReloadResult.Applied.class);
        letsIn(gateway);
        Files.writeString(folder.resolve("ca.crt"), "nothing");
        assertThat(gateway.reload(yaml(TRUST, BY_SECRET))).isInstanceOf(ReloadResult.Refused.class);
        letsIn(gateway);
    }

    @Test
    void theGatewayShowsItsCertificate() {
        server.close();
        serve(true);
        String both =
                "{ trust: FOLDER/ca.crt, client-certificate: { chain: FOLDER/client.crt, key: FOLDER/client.key } }";
        letsIn(gateway(both, "{ id: gateway }"));
        assertThat(server.forms())
                .filteredOn(form -> form.path().equals("/introspect"))
                .allSatisfy(form -> {
                    assertThat(form.field("client_id")).isEqualTo("gateway");
                    assertThat(form.headers()).doesNotContainKey("Authorization");
                })
                .isNotEmpty();
    }

    @Test
    void aServerThatWantsACertificateAnswersNobodyElse() {
        server.close();
        serve(true);
        letsNobodyIn(gateway(TRUST, BY_SECRET));
    }

    @Test
    void theGatewaySignsAnAssertionForEachRequest() throws Exception {
        ProvingKey key = ProvingKey.generate();
        Files.write(folder.resolve("client.jwk"), key.text());
        TestGateway gateway = gateway(TRUST, "{ id: gateway, key: FOLDER/client.jwk, key-id: k1 }");
        letsIn(gateway);
        List<String> ids = new ArrayList<>();
        for (FormServer.Form form : server.forms()) {
            if (form.path().equals("/introspect") || form.path().equals("/token")) {
                SignedJWT assertion = SignedJWT.parse(form.field("client_assertion"));
                assertThat(assertion.verify(
                                new ECDSAVerifier(JWK.parse(key.publicJwk()).toECKey())))
                        .isTrue();
                assertThat(assertion.getHeader().getKeyID()).isEqualTo("k1");
                assertThat(assertion.getJWTClaimsSet().getAudience()).containsExactly(server.url(form.path()));
                ids.add(assertion.getJWTClaimsSet().getJWTID());
            }
        }
        assertThat(ids).hasSize(2).doesNotHaveDuplicates();
        assertThat(gateway.admin("/keys").body())
                .contains("\"holder\": \"legacy\"", "\"holder\": \"upstream orders\"", "\"holder\": \"browser\"")
                .contains("\"state\": \"client\"", "\"id\": \"k1\"");
        assertThat(gateway.metric("sallyport_token_exchange_answers_total", "outcome=\"issued\""))
                .isEqualTo(1);
        assertThat(gateway.metric("sallyport_token_exchange_duration_seconds_count", "upstream=\"orders\""))
                .isEqualTo(1);
    }
}
