package dev.sallyport.hostile;

import static dev.sallyport.hostile.Messages.get;
import static dev.sallyport.hostile.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Badges;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Response;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Threats AZ-02, AZ-12 and OA-09: methods, and what pages of other sites may have a browser do.
class BrowserIT {
    @RegisterExtension
    static final Arena ARENA = new Arena("""
            version: 1
            listeners:
              public: { bind: "127.0.0.1:0" }
            upstreams:
              recorder: { endpoints: ["http://127.0.0.1:$PORT"] }
            authenticators:
              staff: { kind: badge }
            routes:
              write:
                match: { path: /orders, methods: [POST, PUT] }
                access: { authenticate: [staff] }
                upstream: recorder
                cors:
                  origins: ["https://app.test", "https://shop.test"]
                  methods: [POST]
                  headers: [Content-Type, Authorization]
                  expose: [X-Total]
                  credentials: true
                  max-age: 5m
              read: { match: { path: /orders, methods: [GET] }, access: { authenticate: [staff] }, upstream: recorder }
              open:
                match: { path: "/open/**" }
                access: public
                upstream: recorder
                cors: { origins: ["*"], headers: ["*"] }
              mixed:
                match: { path: /mixed, methods: [GET, OPTIONS] }
                access: public
                upstream: recorder
                cors: { origins: ["https://app.test"] }
              mixed-write: { match: { path: /mixed, methods: [DELETE] }, access: public, upstream: recorder }
              forms:
                match: { path: "/forms/**" }
                access: public
                upstream: recorder
                csrf: { origins: ["https://app.test"] }
              page:
                match: { path: "/page" }
                access: public
                upstream: recorder
                security-headers: { x-frame-options: DENY, referrer-policy: off, content-security-policy: "default-src 'self'" }
              guarded-page:
                match: { path: "/guarded" }
                access: { authenticate: [staff] }
                upstream: recorder
                security-headers: {}
            """).with(new Badges.Factory());

    private static Response send(String octets) throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            return client.exchange(octets);
        }
    }

    private static String preflight(String path, String origin, String method, String... more) {
        String[] fields = new String[more.length + 2];
        fields[0] = "Origin: " + origin;
        fields[1] = "Access-Control-Request-Method: " + method;
        System.arraycopy(more, 0, fields, 2, more.length);
        return request("OPTIONS", path, fields);
    }

    private static void assertNoLeave(Response response) {
        assertThat(response.names()).noneMatch(name -> name.startsWith("access-control-"));
    }

    // ---- CORS

    @Test
    void AZ_12_aPreflightIsAnsweredWithoutAskingWhoCalls() throws IOException {
        Response response = send(preflight(
                "/orders", "https://app.test", "POST", "Access-Control-Request-Headers: content-type,authorization"));
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.value("access-control-allow-origin")).isEqualTo("https://app.test");
        assertThat(response.value("access-control-allow-credentials")).isEqualTo("true");
        assertThat(response.value("access-control-allow-methods")).isEqualTo("POST");
        assertThat(response.value("access-control-allow-headers")).isEqualTo("content-type, authorization");
        assertThat(response.value("access-control-max-age")).isEqualTo("300");
        assertThat(response.value("vary")).contains("origin");
        assertThat(ARENA.upstream().requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.test.evil.test",
                "https://evil-app.test",
                "https://evil.test/https://app.test",
                "http://app.test",
                "https://app.test:8443",
                "https://app.test:443",
                "https://app.test/",
                "https://app.test ,x",
                "https://app.test, https://shop.test",
                "HTTPS://APP.TEST",
                "https://sub.app.test",
                "https://app.tes",
                "null",
                "*"
            })
    void AZ_12_originsAreComparedExactly(String origin) throws IOException {
        Response preflight = send(preflight("/orders", origin, "POST"));
        assertThat(preflight.status()).isEqualTo(403);
        assertThat(preflight.code()).isEqualTo("cors-origin");
        assertNoLeave(preflight);
        assertThat(preflight.values("vary")).anyMatch(value -> value.contains("origin"));
        Response real = send(request("POST", "/orders", "Origin: " + origin, "Content-Length: 0"));
        assertNoLeave(real);
        assertThat(real.values("vary")).contains("origin");
    }

    @Test
    void AZ_12_apreflightAuthenticatesNobody() throws IOException {
        assertThat(send(preflight("/orders", "https://app.test", "POST", "Authorization: Badge us alice t1"))
                        .status())
                .isEqualTo(204);
        Response real = send(request("POST", "/orders", "Origin: https://app.test", "Content-Length: 0"));
        assertThat(real.status()).isEqualTo(401);
        assertThat(real.value("access-control-allow-origin"))
                .as("a page may read why")
                .isEqualTo("https://app.test");
        assertThat(ARENA.upstream().requests()).isEmpty();
    }

    @Test
    void AZ_12_whatTheUpstreamSaysIsReplacedAndItsVaryKept() throws IOException {
        ARENA.upstream()
                .answer(request -> Messages.head(
                        "HTTP/1.1 200 OK",
                        "Access-Control-Allow-Origin: *",
                        "ACCESS-CONTROL-ALLOW-CREDENTIALS: true",
                        "access-control-allow-private-network: true",
                        "Vary: Accept-Encoding",
                        "Vary: Accept",
                        "Content-Length: 0"));
        String badge = "Authorization: Badge us alice t1";
        Response listed = send(request("POST", "/orders", badge, "Origin: https://shop.test", "Content-Length: 0"));
        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.value("access-control-allow-origin")).isEqualTo("https://shop.test");
        assertThat(listed.value("access-control-expose-headers")).isEqualTo("x-total");
        assertThat(listed.names()).doesNotContain("access-control-allow-private-network");
        assertThat(listed.values("vary")).containsExactly("Accept-Encoding", "Accept", "origin");
        Response other = send(request("POST", "/orders", badge, "Origin: https://evil.test", "Content-Length: 0"));
        assertThat(other.status()).as("CORS does not say who may").isEqualTo(200);
        assertNoLeave(other);
        assertThat(other.values("vary")).contains("Accept-Encoding", "origin");
        Response without = send(request("POST", "/orders", badge, "Content-Length: 0"));
        assertNoLeave(without);
        assertThat(without.values("vary")).contains("origin");
        ARENA.upstream().answer(request -> "HTTP/1.1 200 OK\r\nVary: Accept, Origin\r\nContent-Length: 0\r\n\r\n");
        assertThat(send(request("POST", "/orders", badge, "Content-Length: 0")).values("vary"))
                .containsExactly("Accept, Origin");
    }

    @Test
    void AZ_12_aPreflightBelongsToTheRouteOfTheMethodItAsksAbout() throws IOException {
        // another route at the same path, without cors
        Response get = send(preflight("/orders", "https://app.test", "GET"));
        assertThat(get.status()).isEqualTo(405);
        assertNoLeave(get);
        // no route
        assertThat(send(preflight("/orders", "https://app.test", "DELETE")).status())
                .isEqualTo(405);
        // served, but not for pages
        Response put = send(preflight("/orders", "https://app.test", "PUT"));
        assertThat(put.status()).isEqualTo(403);
        assertThat(put.code()).isEqualTo("cors-method");
        assertThat(put.names()).doesNotContain("access-control-allow-methods");
        Response field = send(preflight(
                "/orders", "https://app.test", "POST", "Access-Control-Request-Headers: content-type, x-other"));
        assertThat(field.code()).isEqualTo("cors-header");
        assertThat(field.names()).doesNotContain("access-control-allow-headers");
    }

    @Test
    void AZ_12_aRouteWithOptionsDoesNotSpeakForOthers() throws IOException {
        Response response = send(preflight("/mixed", "https://app.test", "DELETE"));
        assertThat(ARENA.upstream().lastRequest().method()).isEqualTo("OPTIONS");
        assertThat(response.names()).doesNotContain("access-control-allow-methods", "access-control-allow-headers");
        assertThat(send(preflight("/mixed", "https://app.test", "GET")).value("access-control-allow-methods"))
                .isEqualTo("GET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT", "post", "FOO", "POST,PUT", ""})
    void AZ_12_AZ_02_preflightsAboutMethodsThatNobodyHasAreOrdinaryRequests(String method) throws IOException {
        Response response = send(preflight("/orders", "https://app.test", method));
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.names()).doesNotContain("access-control-allow-methods");
    }

    @Test
    void AZ_12_everyOriginIsNeverTrustedWithCredentials() throws IOException {
        Response response =
                send(preflight("/open/x", "https://any.test", "DELETE", "Access-Control-Request-Headers: x-a"));
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.value("access-control-allow-origin")).isEqualTo("*");
        assertThat(response.value("access-control-allow-methods")).isEqualTo("DELETE");
        assertThat(response.names()).doesNotContain("access-control-allow-credentials");
        assertThat(send(preflight("/open/x", "null", "DELETE", "Access-Control-Request-Headers: authorization"))
                        .code())
                .isEqualTo("cors-header");
    }

    @Test
    void AZ_02_optionsThatIsNoPreflightGoesByTheRule() throws IOException {
        assertThat(send(request("OPTIONS", "/orders", "Origin: https://app.test"))
                        .status())
                .isEqualTo(405);
        assertThat(send(request("OPTIONS", "/orders", "Access-Control-Request-Method: POST"))
                        .status())
                .isEqualTo(405);
        assertThat(send(request("OPTIONS", "/open/x", "Authorization: Basic eDp5", "Content-Length: 0"))
                        .status())
                .isEqualTo(200);
        assertThat(ARENA.upstream().lastRequest().method()).isEqualTo("OPTIONS");
    }

    // ---- methods

    @ParameterizedTest
    @CsvSource({
        "TRACE, 405, trace-refused",
        "CONNECT, 405, connect-refused",
        "GETX, 501, method-unknown",
        "get, 501, method-unknown",
        "Get, 501, method-unknown",
        "FOO, 501, method-unknown",
        "PROPFIND, 501, method-unknown",
        "TRACK, 501, method-unknown",
        "QUERY, 501, method-unknown"
    })
    void AZ_02_methodsThatAreNotKnownAreRefusedEverywhere(String method, int status, String code) throws IOException {
        for (String path : new String[] {"/orders", "/open/x", "/nowhere"}) {
            String target = method.equals("CONNECT") ? "gateway.test:443" : path;
            Response response = send(request(method, target, "Authorization: Badge us alice t1"));
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.code()).isEqualTo(code);
            assertThat(response.body().toLowerCase(Locale.ROOT)).doesNotContain("badge");
        }
        assertThat(ARENA.upstream().requests()).isEmpty();
    }

    @Test
    void AZ_02_headFollowsTheRuleOfGet() throws IOException {
        assertThat(head("/orders").status()).isEqualTo(401);
        assertThat(head("/orders", "Authorization: Badge other alice t1").status())
                .isEqualTo(401);
        assertThat(ARENA.upstream().requests()).isEmpty();
        assertThat(head("/orders", "Authorization: Badge us alice t1").status()).isEqualTo(200);
        assertThat(ARENA.upstream().lastRequest().method()).isEqualTo("HEAD");
    }

    private static Response head(String path, String... fields) throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            return client.send(request("HEAD", path, fields)).responseToHead();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE"})
    void AZ_02_noFieldStandsForAnotherMethod(String field) throws IOException {
        assertThat(send(request("DELETE", "/orders", "Authorization: Badge us alice t1"))
                        .status())
                .isEqualTo(405);
        assertThat(send(get("/orders", "Authorization: Badge us alice t1", field))
                        .status())
                .isEqualTo(200);
        assertThat(ARENA.upstream().lastRequest().method()).isEqualTo("GET");
        assertThat(ARENA.upstream().lastRequest().names()).noneMatch(name -> name.contains("method"));
    }

    // ---- CSRF

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.test",
                "Origin: http://gateway.test.evil.test",
                "Origin: https://gateway.test",
                "Origin: null",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: https://evil.test\r\nSec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
                "Cookie: sid=1"
            })
    void OA_09_writesOfOtherSitesAreRefused(String fields) throws IOException {
        for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE"}) {
            Response response = send(request(method, "/forms/x", fields, "Content-Length: 0"));
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.code()).isEqualTo("csrf");
        }
        assertThat(ARENA.upstream().requests()).isEmpty();
        assertThat(send(get("/forms/x", fields)).status()).as("reading is free").isEqualTo(200);
        assertThat(send(get("/forms/x", fields, "Connection: Upgrade", "Upgrade: websocket"))
                        .status())
                .as("but for what opens a way to write")
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Nothing: 1",
                "Origin: http://gateway.test",
                "Origin: http://gateway.test\r\nSec-Fetch-Site: same-origin\r\nCookie: sid=1",
                "Sec-Fetch-Site: same-origin\r\nCookie: sid=1",
                "Sec-Fetch-Site: none\r\nCookie: sid=1",
                "Origin: null\r\nSec-Fetch-Site: same-origin\r\nCookie: sid=1",
                "Origin: https://app.test\r\nSec-Fetch-Site: cross-site\r\nCookie: sid=1"
            })
    void OA_09_writesOfThisSiteOfListedOnesAndOfProgramsAreServed(String fields) throws IOException {
        assertThat(send(request("POST", "/forms/x", fields, "Content-Length: 0"))
                        .status())
                .isEqualTo(200);
    }

    // ---- security headers

    @Test
    void pagesAreToldWhatTheyMayDo() throws IOException {
        ARENA.upstream()
                .answer(request -> Messages.head(
                        "HTTP/1.1 200 OK",
                        "Server: Apache/2.4.1",
                        "X-Powered-By: PHP/5",
                        "X-Frame-Options: ALLOWALL",
                        "Cross-Origin-Opener-Policy: unsafe-none",
                        "Referrer-Policy: no-referrer",
                        "Content-Length: 0"));
        Response response = send(get("/page"));
        assertThat(response.value("x-frame-options")).isEqualTo("DENY");
        assertThat(response.value("content-security-policy")).isEqualTo("default-src 'self'");
        assertThat(response.value("x-content-type-options")).isEqualTo("nosniff");
        assertThat(response.value("permissions-policy")).isEqualTo("camera=(), geolocation=(), microphone=()");
        assertThat(response.value("cross-origin-resource-policy")).isEqualTo("same-origin");
        assertThat(response.value("cross-origin-opener-policy"))
                .as("a default steps back")
                .isEqualTo("unsafe-none");
        assertThat(response.value("referrer-policy")).as("off").isEqualTo("no-referrer");
        assertThat(response.names()).doesNotContain("server", "x-powered-by", "strict-transport-security");
    }

    @Test
    void refusalsAreToldToo() throws IOException {
        Response response = send(get("/guarded"));
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.value("x-content-type-options")).isEqualTo("nosniff");
        assertThat(response.value("x-frame-options")).isEqualTo("SAMEORIGIN");
    }
}
