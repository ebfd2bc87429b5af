package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FormServer;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who calls, from the token of a client to what the upstream believes, through the whole gateway: introspection,
/// header fields, assertion and exchange.
class UpstreamIdentityIT {
    private static final FormServer SERVER = FormServer.answering(UpstreamIdentityIT::answer);

    @RegisterExtension
    private static final Arena ARENA = new Arena("""
        version: 1
        listeners:
          public:
            bind: 127.0.0.1:0
        authenticators:
          legacy:
            kind: introspection
            endpoint: %1$s
            client: { id: gateway, secret: "${env:IT_SECRET:-s3cret}" }
            audience: orders-api
            cache: { positive: 1s, negative: 100ms }
            principal: { id: sub, roles: roles, tenant: tenant }
        upstreams:
          told:
            endpoints: ["http://127.0.0.1:$PORT"]
            identity-headers: { X-User-Id: principal.id, X-Roles: principal.roles, X-Tenant: principal.tenant, Acme-Mail: principal.claims.email }
            assert-identity: { audience: orders }
          exchanged:
            endpoints: ["http://127.0.0.1:$PORT"]
            token-exchange:
              endpoint: %2$s
              client: { id: gateway, secret: "${env:IT_SECRET:-s3cret}" }
              audience: billing
        routes:
          public: { match: { path: "/public/**" }, access: public, upstream: told }
          perhaps: { match: { path: "/perhaps/**" }, access: { optional: [legacy] }, upstream: told }
          guarded: { match: { path: "/guarded/**" }, access: { authenticate: [legacy] }, upstream: told }
          passing: { match: { path: "/passing/**" }, access: { authenticate: [legacy], pass-credential: true }, upstream: told }
          exchanging: { match: { path: "/exchanged/**" }, access: { authenticate: [legacy], pass-credential: true }, upstream: exchanged }
          keys: { match: { path: /gateway-keys }, access: public, gateway-keys: {} }
        """.formatted(SERVER.url("/introspect"), SERVER.url("/token")));

    @AfterAll
    static void close() {
        SERVER.close();
    }

    @BeforeEach
    void answerAsUsual() {
        SERVER.answer(UpstreamIdentityIT::answer);
    }

    private static FormServer.Reply answer(FormServer.Form form) {
        if (form.path().equals("/token")) {
            return FormServer.Reply.json(
                    "{\"access_token\":\"for-billing\",\"token_type\":\"Bearer\",\"expires_in\":300,"
                            + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\"}");
        }
        return form.field("token").startsWith("good-token-of-")
                ? FormServer.Reply.json("{\"active\":true,\"aud\":\"orders-api\",\"sub\":\""
                        + form.field("token").substring("good-token-of-".length())
                        + "\",\"roles\":[\"clerk\",\"reader\"],\"email\":\"a,b@example.com\"}")
                : FormServer.Reply.json("{\"active\":false}");
    }

    private static Response get(String path, String fields) throws IOException {
        try (RawClient client = ARENA.client()) {
            return client.exchange(
                    "GET " + path + " HTTP/1.1\r\nHost: shop.example.com\r\n" + fields + "Connection: close\r\n\r\n");
        }
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }

    private static Request seen(String path, String fields) throws IOException {
        assertThat(get(path, fields).status()).isEqualTo(200);
        return ARENA.upstream().lastRequest();
    }

    private static final String FORGED = """
        X-User-Id: root\r
        x-user-id: root2\r
        X-Roles: admin\r
        X-Tenant: other\r
        Acme-Mail: root@example.com\r
        acme-mail: root@example.com\r
        Acme_Mail: root@example.com\r
        Acme.Mail: root@example.com\r
        Sallyport-Identity: forged\r
        """;

    @Test
    void HD_06_onlyWhatWasProvenIsTold() throws IOException {
        Request request = seen("/guarded/1", FORGED + bearer("good-token-of-ada"));
        assertThat(request.values("X-User-Id")).containsExactly("ada");
        assertThat(request.values("X-Roles")).containsExactly("clerk,reader");
        assertThat(request.values("X-Tenant")).isEmpty();
        assertThat(request.values("Acme-Mail")).containsExactly("a%2Cb@example.com");
        assertThat(request.values("Sallyport-Identity")).hasSize(1).doesNotContain("forged");
        assertThat(request.toString()).doesNotContain("root", "Acme_Mail", "Acme.Mail");
    }

    @Test
    void HD_06_nothingIsToldOfAnonymousCallers() throws IOException {
        for (String path : List.of("/public/1", "/perhaps/1")) {
            Request request = seen(path, FORGED);
            assertThat(request.toString())
                    .doesNotContain("root", "forged", "X-Roles", "X-Tenant", "Sallyport-Identity");
        }
        assertThat(seen("/perhaps/2", FORGED + bearer("good-token-of-ada")).values("X-User-Id"))
                .containsExactly("ada");
    }

    @Test
    void HD_06_nothingIsToldInTrailers() throws IOException {
        try (RawClient client = ARENA.client()) {
            Response response = client.exchange("POST /guarded/1 HTTP/1.1\r\nHost: shop.example.com\r\n"
                    + bearer("good-token-of-ada")
                    + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-User-Id: root\r\nAcme-Mail: root\r\n\r\n");
            assertThat(response.status()).isEqualTo(200);
        }
        assertThat(String.join("", ARENA.upstream().octets())).doesNotContain("root");
    }

    @Test
    void HD_08_nothingThatIsToldCanBeNominatedAway() throws IOException {
        try (RawClient client = ARENA.client()) {
            Response response = client.exchange("GET /guarded/1 HTTP/1.1\r\nHost: shop.example.com\r\n"
                    + bearer("good-token-of-ada")
                    + "X-User-Id: x\r\nConnection: close, X-User-Id, Acme-Mail, Sallyport-Identity\r\n\r\n");
            assertThat(response.status()).isEqualTo(200);
        }
        Request request = ARENA.upstream().lastRequest();
        assertThat(request.values("X-User-Id")).containsExactly("ada");
        assertThat(request.values("Acme-Mail")).hasSize(1);
        assertThat(request.values("Sallyport-Identity")).hasSize(1);
    }

    @Test
    void OA_12_theCallersTokenStaysAtTheGatewayUnlessTheRoutePassesIt() throws IOException {
        assertThat(seen("/guarded/1", bearer("good-token-of-ada")).toString()).doesNotContain("good-token");
        assertThat(seen("/perhaps/1", bearer("good-token-of-ada")).toString()).doesNotContain("good-token");
        assertThat(seen("/passing/1", bearer("good-token-of-ada")).values("Authorization"))
                .containsExactly("Bearer good-token-of-ada");
    }

    @Test
    void OA_13_aBadTokenIsRefusedAndReachesNoUpstream() throws IOException {
        for (String path : List.of("/guarded/1", "/perhaps/1", "/exchanged/1")) {
            Response response = get(path, bearer("bad-token-of-ada"));
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.value("WWW-Authenticate")).startsWith("Bearer error=\"invalid_token\"");
        }
        assertThat(get("/guarded/1", "").value("WWW-Authenticate")).startsWith("Bearer");
        assertThat(ARENA.upstream().requests()).isEmpty();
        ARENA.assertVictimUnharmed();
    }

    @Test
    void OA_15_aRevokedTokenIsRefusedWithinThePositiveTime() throws IOException {
        String token = "good-token-of-revoked";
        assertThat(get("/guarded/1", bearer(token)).status()).isEqualTo(200);
        SERVER.answer(form -> FormServer.Reply.json("{\"active\":false}"));
        Instant revoked = Instant.now();
        Eventually.until("the token is refused", () -> {
            try {
                return get("/guarded/1", bearer(token)).status() == 401;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(Instant.now()).isBefore(revoked.plusSeconds(5));
    }

    @Test
    void theUpstreamVerifiesTheAssertionWithThePublishedKeys() throws Exception {
        String token = seen("/guarded/1", bearer("good-token-of-ada"))
                .values("Sallyport-Identity")
                .getFirst();
        JWKSet keys = JWKSet.parse(get("/gateway-keys", "").body());
        assertThat(keys.toPublicJWKSet().toString()).isEqualTo(keys.toString());
        SignedJWT jwt = SignedJWT.parse(token);
        assertThat(jwt.verify(new ECDSAVerifier(
                        keys.getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey())))
                .isTrue();
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        assertThat(claims.getSubject()).isEqualTo("ada");
        assertThat(claims.getAudience()).containsExactly("orders");
        assertThat(claims.getStringClaim("authenticator")).isEqualTo("legacy");
        assertThat(seen("/guarded/2", bearer("good-token-of-ada")).values("Sallyport-Identity"))
                .hasSize(1);
    }

    @Test
    void OA_16_theUpstreamGetsATokenMadeForItAndNoOther() throws IOException {
        Request request = seen("/exchanged/1", bearer("good-token-of-bob"));
        assertThat(request.values("Authorization")).containsExactly("Bearer for-billing");
        assertThat(String.join("", ARENA.upstream().octets())).doesNotContain("good-token");
    }

    @Test
    void OA_16_withoutExchangeTheRequestEndsHere() throws IOException {
        SERVER.answer(form -> form.path().equals("/token")
                ? new FormServer.Reply(400, "application/json", "{\"error\":\"invalid_target\"}")
                : answer(form));
        assertThat(get("/exchanged/1", bearer("good-token-of-eve")).status()).isEqualTo(502);
        SERVER.answer(
                form -> form.path().equals("/token") ? new FormServer.Reply(500, "text/html", "<html>") : answer(form));
        assertThat(get("/exchanged/1", bearer("good-token-of-mallory")).status())
                .isEqualTo(503);
        assertThat(ARENA.upstream().requests()).isEmpty();
    }

    @Test
    void OA_14_theTokensOfALogAreNowhereInIt() throws IOException {
        get("/guarded/1", bearer("good-token-of-ada"));
        get("/guarded/1", bearer("bad-token-of-ada"));
        assertThat(ARENA.gateway().logText()).doesNotContain("token-of-");
        assertThat(ARENA.gateway().events()).doesNotContain("token-of-", "s3cret");
        assertThat(ARENA.gateway().metrics()).contains("sallyport_introspection_tokens_total{authenticator=\"legacy\"");
    }
}
