package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.FakeIssuer;
import dev.sallyport.testing.Http2Peer;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.TestKey;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Threats of section AZ over real sockets, with signed tokens. There are no rules about bodies (AZ-07), and no
/// composed answers or redirects that the gateway follows (AZ-08): each request is judged as it came, once.
class AuthorizationIT {
    private static final TestKey KEY = TestKey.of("one", "ES256");
    private static final AtomicInteger SERIAL = new AtomicInteger();
    private static final FakeIssuer ISSUER = FakeIssuer.of(KEY);
    private static final RecordingUpstream UPSTREAM = RecordingUpstream.start();
    private static final EvilUpstream ENDLESS = EvilUpstream.start(gateway -> {
        gateway.readHead();
        gateway.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        gateway.send("9\r\ndata: 1\n\n\r\n");
        gateway.readAll();
    });
    private static final String EVENTS = """
              events: { match: { path: /events }, access: { authenticate: [staff], require: orders:read }, upstream: endless }
            """;

    private static TestGateway gateway;

    private static String yaml(String roles, String more) {
        return """
                version: 1
                listeners:
                  public: { bind: "127.0.0.1:0", protocols: [http/1.1, h2] }
                upstreams:
                  orders: { endpoints: ["http://127.0.0.1:%d"] }
                  endless: { endpoints: ["http://127.0.0.1:%d"] }
                authenticators:
                  staff: { kind: jwt, issuer: "%s", audience: orders-api, principal: { roles: realm_access.roles, tenant: tenant } }
                  dotted:
                    kind: jwt
                    issuer: "%s"
                    audience: other-api
                    principal: { roles: "https://example.com/roles", role-names: { orders-clerks: clerk } }
                roles:
                %s
                grants:
                  - { role: reader, when: 'principal.claims.groups.exists(g, g == "auditors")' }
                routes:
                  read: { match: { methods: [GET], path: "/orders/{id}" }, access: { authenticate: [staff], require: orders:read }, upstream: orders }
                  write: { match: { methods: [POST, OPTIONS], path: "/orders/{id}" }, access: { authenticate: [staff], require: orders:write }, upstream: orders }
                  own:
                    match: { path: "/users/{sub}/**" }
                    access: { authenticate: [staff], when: 'path.sub == principal.id' }
                    upstream: orders
                  tenant:
                    match: { path: "/tenants/{tenant}" }
                    access: { authenticate: [staff], require: orders:read, when: 'path.tenant == principal.tenant' }
                    upstream: orders
                  banned:
                    match: { path: /banned }
                    access:
                      authenticate: [staff]
                      require: orders:read
                      deny: [ { role: banned }, { when: 'headers["x-channel"] == "evil"' } ]
                    upstream: orders
                  dotted: { match: { path: /dotted }, access: { authenticate: [dotted], require: orders:read }, upstream: orders }
                  scope: { match: { path: /scope }, access: { authenticate: [staff], require: { scopes: [a, b] } }, upstream: orders }
                  strong: { match: { path: /strong }, access: { authenticate: [staff], require: { strength: { acr: [gold], max-age: 5m } } }, upstream: orders }
                  trial:
                    match: { path: /trial }
                    access: { authenticate: [staff], require: orders:write, mode: shadow }
                    upstream: orders
                  open: { match: { path: /open }, access: { optional: [staff] }, upstream: orders }
                  asked: { match: { path: /asked }, access: { optional: [staff], when: 'principal.id == "anna"' }, upstream: orders }
                %s""".formatted(
                        UPSTREAM.port(),
                        ENDLESS.port(),
                        ISSUER.name(),
                        ISSUER.name(),
                        roles.indent(2).stripTrailing(),
                        more);
    }

    private static final String ROLES = """
            reader: { permissions: ["orders:read"] }
            clerk: { inherits: [reader], permissions: ["orders:write"] }
            banned: {}""";

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(yaml(ROLES, EVENTS));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        ENDLESS.close();
        UPSTREAM.close();
        ISSUER.close();
    }

    @BeforeEach
    void nothingReceived() throws IOException {
        gateway.reload(yaml(ROLES, EVENTS));
        UPSTREAM.clear();
    }

    /// A token of anna with these claims besides, each with a comma before it.
    private static String token(String claims) {
        long now = System.currentTimeMillis() / 1000;
        String audience = claims.contains("example.com") ? "other-api" : "orders-api";
        return KEY.token("{\"iss\":\"" + ISSUER.name() + "\",\"sub\":\"anna\",\"aud\":\"" + audience + "\",\"iat\":"
                + now + ",\"exp\":" + (now + 300) + ",\"jti\":\"" + SERIAL.incrementAndGet() + "\"" + claims + "}");
    }

    private static String roles(String json) {
        return ",\"realm_access\":{\"roles\":" + json + "}";
    }

    private static String request(String line, String token, String... fields) {
        StringBuilder text = new StringBuilder(line).append(" HTTP/1.1\r\nHost: gateway.test\r\n");
        if (!token.isEmpty()) {
            text.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    private static Response ask(String line, String token, String... fields) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(request(line, token, fields));
            return line.startsWith("HEAD ") ? client.responseToHead() : client.response();
        }
    }

    // ---- AZ-01, AZ-02

    @ParameterizedTest
    @CsvSource({
        "GET /orders, 404",
        "GET /orders/7/8, 404",
        "GET /ORDERS/7, 404",
        "GET /elsewhere, 404",
        "DELETE /orders/7, 405",
        "PUT /orders/7, 405",
    })
    void AZ_01_whatNoRouteNamesIsForNobody(String line, int status) throws IOException {
        assertThat(ask(line, token(roles("[\"clerk\"]"))).status()).isEqualTo(status);
        assertThat(UPSTREAM.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /orders/7, 200, reader",
        "HEAD /orders/7, 200, reader",
        "GET /orders/7, 403, banned",
        "HEAD /orders/7, 403, banned",
        "POST /orders/7, 403, reader",
        "POST /orders/7, 200, clerk",
        "OPTIONS /orders/7, 403, reader",
        "OPTIONS /orders/7, 200, clerk",
        "TRACE /orders/7, 405, clerk",
    })
    void AZ_02_eachMethodIsJudgedByItsRule(String line, int status, String role) throws IOException {
        String length = line.startsWith("POST") || line.startsWith("OPTIONS") ? "Content-Length: 0" : "X-None: 1";
        assertThat(ask(line, token(roles("[\"" + role + "\"]")), length).status())
                .isEqualTo(status);
        assertThat(UPSTREAM.requests()).hasSize(status == 200 ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"GETX /orders/7", "get /orders/7", "FOO /orders/7", "Post /orders/7", "CONNECT /orders/7"})
    void AZ_02_unknownMethodsAreForNobody(String line) throws IOException {
        assertThat(ask(line, token(roles("[\"clerk\"]"))).status()).isGreaterThanOrEqualTo(400);
        assertThat(UPSTREAM.requests()).isEmpty();
    }

    @Test
    void AZ_02_anOptionsRequestWithoutCredentialIsNotAnsweredForThoseWhoHaveOne() throws IOException {
        assertThat(ask("OPTIONS /orders/7", "", "Origin: https://a.test", "Access-Control-Request-Method: POST")
                        .status())
                .isEqualTo(401);
        assertThat(UPSTREAM.requests()).isEmpty();
    }

    // ---- AZ-03, AZ-04

    @Test
    void AZ_03_aFieldSentTwiceLetsNobodyPastADenial() throws IOException {
        String reader = token(roles("[\"reader\"]"));
        assertThat(ask("GET /banned", reader, "X-Channel: good").status()).isEqualTo(200);
        for (List<String> fields : List.of(
                List.of("X-Channel: evil"),
                List.of("X-Channel: good", "X-Channel: evil"),
                List.of("X-Channel: evil", "x-channel: good"),
                List.of("X-Other: 1"))) {
            Response refused = ask("GET /banned", reader, fields.toArray(String[]::new));
            assertThat(refused.status()).as(fields.toString()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("access-denied");
        }
        assertThat(UPSTREAM.requests()).hasSize(1);
    }

    @Test
    void AZ_04_denyWins() throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            Response refused =
                    client.exchange(request("GET /banned", token(roles("[\"clerk\",\"banned\"]")), "X-Channel: good"));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("access-denied");
            assertThat(refused.body()).doesNotContain("deny[").doesNotContain("explicitly");
            LogLine line = gateway.awaitLogOf(client);
            assertThat(line.field("gateway.rule")).isEqualTo("deny[0]");
            assertThat(line.field("gateway.reason")).isEqualTo("explicitly-denied");
            assertThat(line.field("user.id")).isEqualTo("anna");
        }
        assertThat(gateway.metric("sallyport_access_decisions_total", "gateway_route=\"banned\",outcome=\"deny\""))
                .isPositive();
        assertThat(UPSTREAM.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"*", "adm", "read", "reader*", "Reader", "READER", "' reader'", "orders:read", "'reader,clerk'", "root"
    })
    void AZ_04_rolesCountWholeAndExactly(String role) throws IOException {
        assertThat(ask("GET /orders/7", token(roles("[\"" + role + "\"]"))).status())
                .isEqualTo(403);
        assertThat(UPSTREAM.requests()).isEmpty();
    }

    // ---- AZ-05

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ",\"realm_access\":{\"roles\":[\"reader\"]}            | 200",
                ",\"realm_access\":{\"roles\":{\"reader\":true}}       | 403",
                ",\"realm_access\":{\"roles\":\"reader\"}              | 403",
                ",\"realm_access\":{\"roles\":\"admin,reader\"}        | 403",
                ",\"realm_access\":{\"roles\":[[\"reader\"]]}          | 403",
                ",\"realm_access\":{\"roles\":[\"reader\",1]}          | 403",
                ",\"realm_access\":{\"roles\":true}                    | 403",
                ",\"realm_access\":[{\"roles\":[\"reader\"]}]          | 403",
                ",\"roles\":[\"reader\"]                               | 403",
                ",\"realm_access.roles\":[\"reader\"]                  | 200",
                ",\"groups\":[\"x\",\"auditors\"]                      | 200",
                ",\"groups\":[\"x\"]                                   | 403",
                ",\"groups\":\"auditors\"                              | 403",
                ",\"groups\":7                                         | 403",
            })
    void AZ_05_claimsAreTyped(String claims, int status) throws IOException {
        assertThat(ask("GET /orders/7", token(claims)).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ",\"https://example.com/roles\":[\"orders-clerks\"]    | 200",
                ",\"https://example.com/roles\":[\"clerk\"]            | 403",
                ",\"https://example.com/roles\":\"orders-clerks\"      | 403",
            })
    void AZ_05_rolesUnderANameWithDotsGetTheNamesTheyHaveHere(String claims, int status) throws IOException {
        assertThat(ask("GET /dotted", token(claims)).status()).isEqualTo(status);
    }

    @Test
    void AZ_05_moreRolesThanAnybodyHasAreRefused() throws IOException {
        StringBuilder many = new StringBuilder("[\"reader\"");
        for (int i = 0; i < 600; i++) {
            many.append(",\"r").append(i).append('"');
        }
        assertThat(ask("GET /orders/7", token(roles(many.append(']').toString())))
                        .status())
                .isEqualTo(401);
    }

    // ---- AZ-06

    @Test
    void AZ_06_aRoleTakenAwayCountsNoMoreFromTheNextRequestOn() throws IOException {
        String token = token(roles("[\"clerk\"]"));
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(request("GET /orders/7", token)).status())
                    .isEqualTo(200);
            gateway.reload(yaml(ROLES.replace("inherits: [reader], ", ""), EVENTS));
            assertThat(client.exchange(request("GET /orders/7", token)).status())
                    .isEqualTo(403);
            assertThat(client.exchange(request("POST /orders/7", token, "Content-Length: 0"))
                            .status())
                    .isEqualTo(200);
            gateway.reload(yaml(ROLES, EVENTS));
            assertThat(client.exchange(request("GET /orders/7", token)).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void AZ_06_whatIsAllowedForOneRequestIsNotForAnother() throws IOException {
        String token = token(roles("[\"reader\"]") + ",\"tenant\":\"acme\"");
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(request("GET /tenants/acme", token)).status())
                    .isEqualTo(200);
            assertThat(client.exchange(request("GET /tenants/other", token)).status())
                    .isEqualTo(403);
            assertThat(client.exchange(request("POST /orders/7", token, "Content-Length: 0"))
                            .status())
                    .isEqualTo(403);
            assertThat(client.exchange(request("GET /tenants/acme", token(roles("[\"reader\"]"))))
                            .status())
                    .isEqualTo(403);
        }
    }

    private static RawClient streaming(String token) throws IOException {
        RawClient client = RawClient.connect(gateway.port());
        client.send(request("GET /events", token));
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf("data: 1\n\n") < 0) {
            seen.append(client.read(1));
        }
        assertThat(seen.toString()).startsWith("HTTP/1.1 200");
        return client;
    }

    @Test
    void AZ_06_UP_10_aLiveStreamEndsWhenItsRoleIsTakenAway() throws IOException {
        try (RawClient reader = streaming(token(roles("[\"reader\"]")));
                RawClient clerk = streaming(token(roles("[\"clerk\"]")))) {
            gateway.reload(yaml("""
                    reader: { permissions: ["orders:list"] }
                    clerk: { permissions: ["orders:read", "orders:write"] }
                    banned: {}""", EVENTS));
            assertThat(reader.rest()).doesNotContain("0\r\n\r\n");
            LogLine line = gateway.awaitLogOf(reader);
            assertThat(line.field("gateway.reason")).isEqualTo("access-ended");
            assertThat(line.field("gateway.rule")).isEqualTo("require orders:read");
            assertThat(gateway.logOf(clerk)).isEmpty();
        }
    }

    @Test
    void AZ_06_UP_10_aLiveStreamEndsWhenItsRouteIsGone() throws IOException {
        try (RawClient reader = streaming(token(roles("[\"reader\"]")))) {
            gateway.reload(yaml(ROLES, ""));
            reader.rest();
            assertThat(gateway.awaitLogOf(reader).field("gateway.reason")).isEqualTo("access-ended");
        }
    }

    @Test
    void aLiveStreamGoesOnWhereItsRouteIsOnlyCalledOtherwise() throws IOException {
        try (RawClient reader = streaming(token(roles("[\"reader\"]")))) {
            gateway.reload(yaml(ROLES, EVENTS.replace("events:", "feed:")));
            assertThat(ask("GET /orders/7", token(roles("[\"reader\"]"))).status())
                    .isEqualTo(200);
            assertThat(gateway.logOf(reader)).isEmpty();
        }
    }

    @Test
    void AZ_06_UP_10_aLiveStreamOfHttp2EndsAlone() throws IOException {
        try (Http2Peer peer = Http2Peer.connect(gateway.port())) {
            peer.request(1, true, "GET", "/events", "authorization", "Bearer " + token(roles("[\"reader\"]")));
            peer.request(3, true, "GET", "/events", "authorization", "Bearer " + token(roles("[\"clerk\"]")));
            for (int begun = 0; begun < 2; ) {
                Http2Peer.Frame frame = peer.some();
                begun += frame.type() == Http2Peer.DATA && frame.payload().length > 0 ? 1 : 0;
            }
            gateway.reload(yaml("""
                    reader: {}
                    clerk: { permissions: ["orders:read", "orders:write"] }
                    banned: {}""", EVENTS));
            assertThat(peer.resetCode(1)).isPositive();
            assertThat(peer.alive()).isTrue();
        }
    }

    // ---- AZ-08, AZ-09

    @Test
    void AZ_08_theGatewayFollowsNothingThatAnUpstreamSays() throws IOException {
        UPSTREAM.answer(request -> """
                HTTP/1.1 302 Found\r
                Location: /banned\r
                X-Accel-Redirect: /banned\r
                Content-Length: 0\r
                \r
                """);
        try {
            Response response = ask("GET /orders/7", token(roles("[\"reader\"]")));
            assertThat(response.status()).isEqualTo(302);
            assertThat(UPSTREAM.requests()).hasSize(1);
        } finally {
            UPSTREAM.answerByDefault();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/users/anna/x, 200",
        "/users/bob/x, 403",
        "/users/Anna/x, 403",
        "/users/anna%20/x, 403",
        "/users/ann%61/x, 200",
        "/users/bob/../anna/x, 200",
        "/users/anna/../bob/x, 403",
        "/users/anna%2f..%2fbob/x, 400",
        "/users/anna;bob/x, 400",
        "/users//x, 404",
        "/users/%2561nna/x, 403",
    })
    void AZ_09_theParameterIsTheCallerExactly(String path, int status) throws IOException {
        Response response = ask("GET " + path, token(""));
        assertThat(response.status()).isEqualTo(status);
        if (status != 200) {
            assertThat(UPSTREAM.requests()).isEmpty();
        } else {
            assertThat(UPSTREAM.lastRequest().target()).isEqualTo("/users/anna/x");
        }
    }

    // ---- AZ-10, AZ-11

    @Test
    void AZ_10_aBadTokenIsNeverAnonymous() throws IOException {
        String forged = TestKey.of("two", "ES256").token("{\"alg\":\"ES256\",\"kid\":\"one\"}", "{\"sub\":\"anna\"}");
        assertThat(ask("GET /open", "").status()).isEqualTo(200);
        assertThat(ask("GET /open", forged).status()).isEqualTo(401);
        assertThat(ask("GET /open", "nonsense").status()).isEqualTo(401);
        assertThat(UPSTREAM.requests()).hasSize(1);
    }

    @Test
    void AZ_10_anonymousCallersOfWhomMoreIsAskedAreInvited() throws IOException {
        Response invited = ask("GET /asked", "");
        assertThat(invited.status()).isEqualTo(401);
        assertThat(invited.code()).isEqualTo("credential-missing");
        assertThat(invited.value("www-authenticate")).startsWith("Bearer resource_metadata=");
        assertThat(ask("GET /asked", token("")).status()).isEqualTo(200);
    }

    @Test
    void AZ_11_aClaimThatIsMissingRefuses() throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(request("GET /tenants/acme", token(roles("[\"reader\"]"))))
                            .status())
                    .isEqualTo(403);
            LogLine line = gateway.awaitLogOf(client);
            assertThat(line.field("gateway.rule")).isEqualTo("when");
            assertThat(line.field("gateway.reason")).isIn("condition-failed", "condition-unmet");
        }
    }

    // ---- what callers are told

    @Test
    void insufficientScopeIsToldAsRfc6750Has() throws IOException {
        Response refused = ask("GET /scope", token(",\"scope\":\"a\""));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("insufficient-scope");
        assertThat(refused.value("www-authenticate"))
                .startsWith("Bearer error=\"insufficient_scope\", scope=\"a b\", resource_metadata=\"");
        assertThat(ask("GET /scope", token(",\"scope\":\"b c a\"")).status()).isEqualTo(200);
        assertThat(ask("GET /scope", token(",\"scp\":[\"a\",\"b\"]")).status()).isEqualTo(200);
    }

    @Test
    void insufficientAuthenticationIsToldAsRfc9470Has() throws IOException {
        long now = System.currentTimeMillis() / 1000;
        for (String claims : List.of("", ",\"acr\":\"gold\"", ",\"acr\":\"silver\",\"auth_time\":" + now)) {
            Response refused = ask("GET /strong", token(claims));
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.code()).isEqualTo("insufficient-user-authentication");
            assertThat(refused.value("www-authenticate"))
                    .startsWith("Bearer error=\"insufficient_user_authentication\", acr_values=\"gold\","
                            + " max_age=\"300\", resource_metadata=\"");
        }
        assertThat(ask("GET /strong", token(",\"acr\":\"gold\",\"auth_time\":" + (now - 10)))
                        .status())
                .isEqualTo(200);
        assertThat(ask("GET /strong", token(",\"acr\":\"gold\",\"auth_time\":" + (now - 400)))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aRuleOnTrialRefusesNobodyAndIsCounted() throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(request("GET /trial", token(roles("[\"reader\"]"))))
                            .status())
                    .isEqualTo(200);
            LogLine line = gateway.awaitLogOf(client);
            assertThat(line.field("gateway.shadow_rule")).isEqualTo("require orders:write");
            assertThat(line.field("gateway.decision")).isEqualTo("allowed");
        }
        assertThat(ask("GET /trial", "").status()).isEqualTo(401);
        assertThat(gateway.metric(
                        "sallyport_access_decisions_total", "gateway_route=\"trial\",outcome=\"shadow-deny\""))
                .isEqualTo(1);
    }
}
