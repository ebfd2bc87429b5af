package dev.sallyport.extension.token.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.TestKey;
import dev.sallyport.testing.TestProof;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Tokens of the gateway's own token service at the gateway's own authenticators: bound to a key of their client, and
/// taken back before their time.
class TokenBindingIT {
    private static final String SECRET = "a-secret-of-the-shop-made-at-random-1";
    private static final String TOKEN_URL = "http://localhost/oauth/token";
    private static final String ORDERS_URL = "http://localhost/orders";
    private static final TestKey KEY = TestKey.of("client", "ES256");
    private static final TestKey OTHER = TestKey.of("other", "ES256");
    private static final String YAML = """
        version: 1
        listeners: { public: { bind: "127.0.0.1:0", public-url: "http://localhost" } }
        authenticators:
          bound:
            kind: jwt
            issuer: http://localhost/oauth
            jwks: JWKS
            audience: shop
            token-type: at+jwt
            bound-to: [dpop]
            dpop: { nonce: off }
          plain:
            kind: jwt
            issuer: http://localhost/oauth
            jwks: JWKS
            audience: shop
            token-type: at+jwt
        routes:
          orders:
            match: { path: /orders }
            access: { authenticate: [bound] }
            respond: { status: 200, content-type: text/plain, body: for bound }
          news:
            match: { path: /news }
            access: { authenticate: [plain] }
            respond: { status: 200, content-type: text/plain, body: for plain }
          tokens:
            match: { path: "/oauth/**" }
            access: public
            token-service:
              issuer: http://localhost/oauth
              audience: shop
              dpop: { nonce: NONCE }
              clients:
                app: { secret-hash: HASH, refresh: true }
                other: { secret-hash: HASH }
                strict: { secret-hash: HASH, dpop-bound-access-tokens: true, refresh: true }
        """;

    private static final TestGateway gateway = TestGateway.of(yaml("off", "http://127.0.0.1:1/jwks"));

    @BeforeAll
    static void start() throws IOException {
        gateway.start();
        gateway.reload(current("off"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String yaml(String nonce, String jwks) {
        return YAML.replace("NONCE", nonce)
                .replace("JWKS", '"' + jwks + '"')
                .replace("HASH", java.util.HexFormat.of().formatHex(Clients.sha256(SECRET)));
    }

    private static String current(String nonce) {
        return yaml(nonce, "http://127.0.0.1:" + gateway.port() + "/oauth/jwks");
    }

    private static Response post(String path, String client, String fields, String body) throws IOException {
        try (RawClient connection = RawClient.connect(gateway.port())) {
            String pair = Base64.getEncoder().encodeToString((client + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
            return connection.exchange("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic " + pair
                    + "\r\nContent-Type: application/x-www-form-urlencoded\r\n" + fields + "Content-Length: "
                    + body.length() + "\r\n\r\n" + body);
        }
    }

    private static Response token(String client, String proof) throws IOException {
        return post("/oauth/token", client, field(proof), "grant_type=client_credentials");
    }

    private static String field(String proof) {
        return proof.isEmpty() ? "" : "DPoP: " + proof + "\r\n";
    }

    private static TestProof proof(TestKey key) {
        return TestProof.of(key, "POST", TOKEN_URL, "", Instant.now().getEpochSecond())
                .claim("ath", null);
    }

    private static Response get(String path, String authorization, String proof) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization
                    + "\r\n" + field(proof) + "\r\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Response orders(String token, TestKey key) {
        String proof = TestProof.of(key, "GET", ORDERS_URL, token, Instant.now().getEpochSecond())
                .signed();
        return get("/orders", "DPoP " + token, proof);
    }

    private static Response news(String token) {
        return get("/news", "Bearer " + token, "");
    }

    private static String member(Response response, String name) throws ParseException {
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        Map<String, Object> members = JSONObjectUtils.parse(response.body());
        return String.valueOf(members.get(name));
    }

    private static void isError(Response response, String error) throws ParseException {
        assertThat(response.status()).as(response.body()).isEqualTo(400);
        assertThat(JSONObjectUtils.parse(response.body()))
                .containsEntry("error", error)
                .doesNotContainKey("access_token");
        assertThat(response.value("cache-control")).isEqualTo("no-store");
    }

    private static void revoke(String client, String token) throws IOException {
        Response response = post("/oauth/revoke", client, "", "token=" + token);
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    // ---- bound

    @Test
    void DP_09_aTokenIsBoundToTheKeyThatItsClientProvedToHold() throws Exception {
        Response response = token("app", proof(KEY).signed());
        assertThat(member(response, "token_type")).isEqualTo("DPoP");
        String token = member(response, "access_token");
        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getJSONObjectClaim("cnf"))
                .isEqualTo(Map.of("jkt", TestProof.thumbprint(KEY)));
        assertThat(orders(token, KEY).status()).isEqualTo(200);
        assertThat(orders(token, OTHER).status()).isEqualTo(401);
        assertThat(get("/orders", "Bearer " + token, "").status()).isEqualTo(401);
        assertThat(news(token).status()).isEqualTo(401);
    }

    @Test
    void DP_10_withoutProofATokenIsABearerToken() throws Exception {
        Response response = token("app", "");
        assertThat(member(response, "token_type")).isEqualTo("Bearer");
        String token = member(response, "access_token");
        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getClaim("cnf")).isNull();
        assertThat(news(token).status()).isEqualTo(200);
        assertThat(get("/orders", "DPoP " + token, proof(KEY).signed()).status())
                .isEqualTo(401);
    }

    @Test
    void DP_01_aClientForBoundTokensGetsNoOthers() throws Exception {
        isError(token("strict", ""), "invalid_dpop_proof");
        Response first = token("strict", proof(KEY).signed());
        String refresh = "grant_type=refresh_token&refresh_token=" + member(first, "refresh_token");
        isError(post("/oauth/token", "strict", "", refresh), "invalid_dpop_proof");
        // the refresh token was not used up by that, and is bound to the client rather than to its key
        Response second = post("/oauth/token", "strict", field(proof(OTHER).signed()), refresh);
        assertThat(member(second, "token_type")).isEqualTo("DPoP");
        assertThat(orders(member(second, "access_token"), OTHER).status()).isEqualTo(200);
    }

    @Test
    void DP_02_twoProofsAreNone() throws Exception {
        String fields = field(proof(KEY).signed()) + field(proof(KEY).signed());
        assertThat(post("/oauth/token", "app", fields, "grant_type=client_credentials")
                        .status())
                .isEqualTo(400);
        isError(post("/oauth/token", "app", "DPoP: \r\n", "grant_type=client_credentials"), "invalid_dpop_proof");
    }

    private static void isRefused(UnaryOperator<TestProof> change) throws Exception {
        isError(token("app", change.apply(proof(KEY)).signed()), "invalid_dpop_proof");
    }

    @Test
    void DP_03_aBadProofGetsNoToken() throws Exception {
        isRefused(proof -> proof.header("typ", "\"JWT\""));
        isRefused(proof -> proof.header("alg", "\"none\""));
        isRefused(proof -> proof.claim("htm", "\"GET\""));
        isRefused(proof -> proof.claim("htu", "\"http://localhost/oauth/revoke\""));
        isRefused(proof -> proof.claim("htu", "\"http://evil.test/oauth/token\""));
        isRefused(proof -> proof.claim("iat", "1000"));
        isRefused(proof -> proof.claim("jti", null));
        isError(token("app", proof(KEY).signedBy(OTHER)), "invalid_dpop_proof");
        isError(token("app", "x".repeat(9000)), "invalid_dpop_proof");
    }

    @Test
    void DP_05_aProofGetsATokenOnce() throws Exception {
        String proof = proof(KEY).signed();
        assertThat(token("app", proof).status()).isEqualTo(200);
        isError(token("app", proof), "invalid_dpop_proof");
    }

    @Test
    void DP_05_whoIsNoClientUsesUpNoProof() throws Exception {
        String proof = proof(KEY).signed();
        assertThat(token("nobody", proof).status()).isEqualTo(401);
        assertThat(token("app", proof).status()).isEqualTo(200);
    }

    @Test
    void DP_07_aNonceIsAskedForWhereItIsWanted() throws Exception {
        gateway.reload(current("required"));
        try {
            Response asked = token("app", proof(KEY).signed());
            isError(asked, "use_dpop_nonce");
            String nonce = asked.value("dpop-nonce");
            assertThat(asked.value("content-type")).isEqualTo("application/json");
            Response given =
                    token("app", proof(KEY).claim("nonce", '"' + nonce + '"').signed());
            assertThat(member(given, "token_type")).isEqualTo("DPoP");
            isError(token("app", proof(KEY).claim("nonce", "\"mine\"").signed()), "use_dpop_nonce");
        } finally {
            gateway.reload(current("off"));
        }
    }

    // ---- taken back

    @Test
    void OA_15_aRevokedAccessTokenIsRefusedAtOnce() throws Exception {
        String token = member(token("app", ""), "access_token");
        String another = member(token("app", ""), "access_token");
        assertThat(news(token).status()).isEqualTo(200);
        revoke("app", token);
        Response refused = news(token);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body()).contains("revoked");
        assertThat(news(another).status()).isEqualTo(200);
        assertThat(gateway.admin("/revocations").body()).contains("\"client\"", "revoked by app");
        assertThat(gateway.metric("sallyport_revocation_entries", "clients")).isPositive();
    }

    @Test
    void OA_15_aRevokedBoundTokenIsRefusedAtOnce() throws Exception {
        String token = member(token("app", proof(KEY).signed()), "access_token");
        assertThat(orders(token, KEY).status()).isEqualTo(200);
        revoke("app", token);
        assertThat(orders(token, KEY).status()).isEqualTo(401);
    }

    @Test
    void OA_15_aRevocationLastsLongerThanTheClocksOfAuthenticatorsDiffer() throws Exception {
        String token = member(token("app", ""), "access_token");
        Instant ends =
                SignedJWT.parse(token).getJWTClaimsSet().getExpirationTime().toInstant();
        revoke("app", token);
        String id = SignedJWT.parse(token).getJWTClaimsSet().getJWTID();
        assertThat(gateway.admin("/revocations").body())
                .contains(id)
                .contains("\"expires\": \"" + ends.plusSeconds(120) + "\"");
    }

    @Test
    void nobodyRevokesTheTokensOfAnother() throws Exception {
        String token = member(token("app", ""), "access_token");
        revoke("other", token);
        assertThat(news(token).status()).isEqualTo(200);
        // a token that says the right things, signed by somebody else
        String[] parts = token.split("\\.", -1);
        String payload = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
        revoke("app", OTHER.token(header, payload));
        assertThat(news(token).status()).isEqualTo(200);
        assertThat(post("/oauth/revoke", "nobody", "", "token=" + token).status())
                .isEqualTo(401);
        assertThat(news(token).status()).isEqualTo(200);
    }

    @Test
    void OA_15_aRevokedRefreshTokenTakesItsAccessTokensAlong() throws Exception {
        Response first = token("app", "");
        Response second = post(
                "/oauth/token", "app", "", "grant_type=refresh_token&refresh_token=" + member(first, "refresh_token"));
        String one = member(first, "access_token");
        String two = member(second, "access_token");
        assertThat(news(one).status()).isEqualTo(200);
        assertThat(news(two).status()).isEqualTo(200);
        revoke("app", member(second, "refresh_token"));
        assertThat(news(one).status()).isEqualTo(401);
        assertThat(news(two).status()).isEqualTo(401);
    }

    @Test
    void OA_15_aLiveResponseOfARevokedTokenIsNoticed() throws Exception {
        String token = member(token("app", ""), "access_token");
        revoke("app", token);
        Eventually.until(
                "the event",
                () -> gateway.events().contains("event=revocation.made")
                        && news(token).status() == 401);
    }
}
