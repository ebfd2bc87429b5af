package dev.sallyport.extension.token.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A token service as its clients meet it.
class TokenServiceIT {
    private static final String SECRET = "a-secret-of-the-shop-made-at-random-1";
    private static final String YAML = """
        version: 1
        listeners: { public: { bind: "127.0.0.1:0" } }
        routes:
          tokens:
            match: { path: "/oauth/**" }
            access: public
            token-service:
              issuer: http://localhost/oauth
              audience: shop
              clients:
                app:
                  secret-hash: %s
                  scopes: [read, write]
                  roles: [clerk]
                  tenant: acme
                  refresh: true
                brief:
                  secret-hash: %s
                  lifetime: 3s
          keys:
            match: { path: /keys }
            access: public
            gateway-keys: {}
        """.formatted(hash(), hash());

    private static TestGateway gateway = TestGateway.of(YAML);

    @BeforeAll
    static void start() {
        gateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String hash() {
        return java.util.HexFormat.of().formatHex(Clients.sha256(SECRET));
    }

    private static Response send(String method, String path, String fields, String body) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields
                    + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n" + body);
        }
    }

    private static Response get(String path) throws IOException {
        return send("GET", path, "", "");
    }

    private static Response form(String path, String fields, String body) throws IOException {
        return send("POST", path, "Content-Type: application/x-www-form-urlencoded\r\n" + fields, body);
    }

    private static String basic(String id, String secret) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }

    private static Response token(String body) throws IOException {
        return form("/oauth/token", basic("app", SECRET), body);
    }

    private static Map<String, Object> json(Response response) throws ParseException {
        return JSONObjectUtils.parse(response.body());
    }

    private static void isError(Response response, int status, String error) throws ParseException {
        assertThat(response.status()).as(response.body()).isEqualTo(status);
        assertThat(json(response)).containsEntry("error", error);
        assertThat(response.value("cache-control")).isEqualTo("no-store");
    }

    @Test
    void givesATokenThatItsPublishedKeysVerify() throws Exception {
        Response response = token("grant_type=client_credentials");
        assertThat(response.status()).as(response.body()).isEqualTo(200);
        assertThat(response.value("cache-control")).isEqualTo("no-store");
        assertThat(json(response))
                .containsEntry("token_type", "Bearer")
                .containsEntry("expires_in", 300L)
                .containsEntry("scope", "read write");
        SignedJWT jwt = SignedJWT.parse(String.valueOf(json(response).get("access_token")));
        JWKSet published = JWKSet.parse(get("/oauth/jwks").body());
        assertThat(jwt.verify(new ECDSAVerifier(
                        published.getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey())))
                .isTrue();
        assertThat(jwt.getHeader().getType().getType()).isEqualTo("at+jwt");
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo("http://localhost/oauth");
        assertThat(claims.getSubject()).isEqualTo("app");
        assertThat(claims.getAudience()).containsExactly("shop");
        assertThat(claims.getStringClaim("client_id")).isEqualTo("app");
        assertThat(claims.getStringClaim("tenant")).isEqualTo("acme");
        assertThat(claims.getStringListClaim("roles")).containsExactly("clerk");
        assertThat(claims.getJWTID()).hasSize(22);
        assertThat(claims.getExpirationTime().toInstant())
                .isEqualTo(claims.getIssueTime().toInstant().plusSeconds(300));
    }

    @Test
    void publishesKeysWithoutTheirPrivateParts() throws Exception {
        assertThat(get("/keys").body()).isEqualTo(get("/oauth/jwks").body());
        assertThat(JWKSet.parse(get("/keys").body()).getKeys()).hasSize(1).noneMatch(key -> key.isPrivate());
        assertThat(get("/keys").value("cache-control")).contains("max-age=300");
        assertThat(JWKSet.parse(gateway.admin("/jwks").body()).toString())
                .isEqualTo(JWKSet.parse(get("/keys").body()).toString());
    }

    @Test
    void saysWhereEverythingIs() throws Exception {
        for (String path : List.of(
                "/oauth/.well-known/openid-configuration",
                "/oauth/.well-known/oauth-authorization-server",
                "/.well-known/oauth-authorization-server/oauth")) {
            Map<String, Object> metadata = json(get(path));
            assertThat(metadata)
                    .containsEntry("issuer", "http://localhost/oauth")
                    .containsEntry("token_endpoint", "http://localhost/oauth/token")
                    .containsEntry("jwks_uri", "http://localhost/oauth/jwks")
                    .containsEntry("revocation_endpoint", "http://localhost/oauth/revoke")
                    .containsEntry(
                            "dpop_signing_alg_values_supported",
                            List.of("ES256", "ES384", "ES512", "EdDSA", "PS256", "RS256"));
        }
        assertThat(get("/oauth/other").status()).isEqualTo(404);
        assertThat(get("/oauth/token").status()).isEqualTo(405);
        assertThat(form("/oauth/jwks", "", "a=b").status()).isEqualTo(405);
    }

    @Test
    void takesTheSecretInTheFormToo() throws Exception {
        Response response =
                form("/oauth/token", "", "grant_type=client_credentials&client_id=app&client_secret=" + SECRET);
        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void AK_05_nobodyGetsATokenWithoutAConfiguredSecret() throws Exception {
        for (String fields : List.of(
                "",
                basic("app", ""),
                basic("app", "app"),
                basic("admin", "admin"),
                basic("app", SECRET + "x"),
                basic("nobody", SECRET),
                "Authorization: Bearer x\r\n",
                "Authorization: Basic !!!\r\n")) {
            Response response = form("/oauth/token", fields, "grant_type=client_credentials");
            isError(response, 401, "invalid_client");
            assertThat(response.value("www-authenticate")).startsWith("Basic realm=");
        }
    }

    @Test
    void AK_05_theNameOfAClientAloneGetsNothing() throws Exception {
        for (String said : List.of("&client_id=app", "&client_id=app&client_secret=")) {
            isError(form("/oauth/token", "", "grant_type=client_credentials" + said), 401, "invalid_client");
        }
    }

    @Test
    void AK_07_anUnknownClientLooksLikeAWrongSecret() throws Exception {
        Response unknown = form("/oauth/token", basic("nobody", SECRET), "grant_type=client_credentials");
        Response wrong = form("/oauth/token", basic("app", "wrong"), "grant_type=client_credentials");
        assertThat(unknown.body()).isEqualTo(wrong.body());
    }

    @Test
    void saysWhatIsWrongInTheWordsOfTheStandard() throws Exception {
        isError(token("scope=read"), 400, "invalid_request");
        isError(token("grant_type=password&username=a&password=b"), 400, "unsupported_grant_type");
        isError(token("grant_type=client_credentials&scope=admin"), 400, "invalid_scope");
        isError(token("grant_type=client_credentials&grant_type=x"), 400, "invalid_request");
        isError(token("grant_type=refresh_token&refresh_token=x"), 400, "invalid_grant");
        isError(token("grant_type=client_credentials&client_secret=" + SECRET), 400, "invalid_request");
        isError(token("grant_type=client_credentials&client_id=other"), 400, "invalid_request");
        isError(
                form("/oauth/token", basic("brief", SECRET), "grant_type=refresh_token&refresh_token=x"),
                400,
                "unauthorized_client");
        isError(
                form("/oauth/token?grant_type=client_credentials", basic("app", SECRET), "a=b"),
                400,
                "invalid_request");
        isError(
                send("POST", "/oauth/token", "Content-Type: application/json\r\n" + basic("app", SECRET), "{}"),
                400,
                "invalid_request");
        assertThat(token("a=" + "b".repeat(20_000)).status()).isEqualTo(413);
    }

    @Test
    void OA_10_aRefreshTokenWorksOnce() throws Exception {
        String first = refreshToken(token("grant_type=client_credentials"));
        Response response = token("grant_type=refresh_token&scope=read&refresh_token=" + first);
        assertThat(json(response)).containsEntry("scope", "read");
        String second = refreshToken(response);
        isError(token("grant_type=refresh_token&refresh_token=" + first), 400, "invalid_grant");
        isError(token("grant_type=refresh_token&refresh_token=" + second), 400, "invalid_grant");
        assertThat(gateway.events()).contains("event=token_service.refresh_token_reused");
    }

    private static String refreshToken(Response response) throws ParseException {
        return String.valueOf(json(response).get("refresh_token"));
    }

    @Test
    void onlyClientsThatAreMeantToGetRefreshTokens() throws Exception {
        Response response = form("/oauth/token", basic("brief", SECRET), "grant_type=client_credentials");
        assertThat(json(response))
                .containsEntry("expires_in", 3L)
                .doesNotContainKey("refresh_token")
                .doesNotContainKey("scope");
    }

    @Test
    void OA_15_aRevokedRefreshTokenWorksNoMoreAtOnce() throws Exception {
        String token = refreshToken(token("grant_type=client_credentials"));
        Response response = form("/oauth/revoke", basic("app", SECRET), "token=" + token);
        assertThat(response.status()).isEqualTo(200);
        isError(token("grant_type=refresh_token&refresh_token=" + token), 400, "invalid_grant");
    }

    @Test
    void revokingWhatIsUnknownIsDone() throws Exception {
        assertThat(form("/oauth/revoke", basic("app", SECRET), "token=unknown&token_type_hint=refresh_token")
                        .status())
                .isEqualTo(200);
        isError(form("/oauth/revoke", basic("app", "wrong"), "token=unknown"), 401, "invalid_client");
        assertThat(form("/oauth/revoke", basic("app", SECRET), "token=a.b.c").status())
                .isEqualTo(200);
        isError(form("/oauth/revoke", basic("app", SECRET), "x=y"), 400, "invalid_request");
    }

    @Test
    void refreshTokensGoOnOverAReload() throws Exception {
        String token = refreshToken(token("grant_type=client_credentials"));
        gateway.reload(YAML.replace("audience: shop", "audience: shop2"));
        Response response = token("grant_type=refresh_token&refresh_token=" + token);
        SignedJWT jwt = SignedJWT.parse(String.valueOf(json(response).get("access_token")));
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly("shop2");
        gateway.reload(YAML);
    }

    @Test
    void OA_10_aRefreshBringsNoScopeThatTheClientHasNoMore() throws Exception {
        String token = refreshToken(token("grant_type=client_credentials"));
        gateway.reload(YAML.replace("scopes: [read, write]", "scopes: [read]"));
        Response response = token("grant_type=refresh_token&refresh_token=" + token);
        assertThat(json(response)).containsEntry("scope", "read");
        SignedJWT jwt = SignedJWT.parse(String.valueOf(json(response).get("access_token")));
        assertThat(jwt.getJWTClaimsSet().getStringClaim("scope")).isEqualTo("read");
        gateway.reload(YAML);
    }

    @Test
    void secretsReachNeitherLogNorEvents() throws Exception {
        String token = refreshToken(token("grant_type=client_credentials"));
        try (RawClient client = RawClient.connect(gateway.port())) {
            String body = "grant_type=refresh_token&client_id=app&client_secret=" + SECRET + "&refresh_token=" + token;
            client.exchange("POST /oauth/token HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
            assertThat(gateway.awaitLogOf(client).field("http.response.status_code"))
                    .isEqualTo("200");
        }
        assertThat(gateway.logText() + gateway.events()).doesNotContain(SECRET).doesNotContain(token);
    }
}
