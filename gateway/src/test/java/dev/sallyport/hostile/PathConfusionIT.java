package dev.sallyport.hostile;

import static dev.sallyport.api.http.RequestFault.AUTHORITY;
import static dev.sallyport.api.http.RequestFault.PATH;
import static dev.sallyport.api.http.RequestFault.REQUEST_LINE;
import static dev.sallyport.api.http.RequestFault.TARGET;
import static dev.sallyport.hostile.Messages.get;
import static dev.sallyport.hostile.Messages.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.RequestFault;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.Octets;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Threats PA-01 to PA-20: paths and targets that route, rule and upstream could read differently.
class PathConfusionIT {
    /// `/admin` and all below it stands for what is protected: whoever gets there is told `admin`.
    @RegisterExtension
    static final Arena ARENA = new Arena("""
            version: 1
            listeners:
              public:
                bind: 127.0.0.1:0
            upstreams:
              recorder:
                endpoints: ["http://127.0.0.1:$PORT"]
            routes:
              public:
                match: { path: "/public/**" }
                access: public
                upstream: recorder
              admin:
                match: { path: "/admin/**" }
                access: public
                respond: { status: 403, content-type: text/plain, body: admin }
              files:
                match: { path: "/files/**" }
                access: public
                allow-ambiguous: [encoded-slash, semicolon, empty-segment]
                upstream: recorder
              wide:
                match: { path: "/a/**" }
                access: public
                upstream: recorder
              narrow:
                match: { path: "/a/secret" }
                access: public
                respond: { status: 403, content-type: text/plain, body: narrow }
              other-host:
                match: { hosts: [other.test], path: "/admin/**" }
                access: public
                upstream: recorder
            """);

    /// Octets of a path that are logged (threat LG-04).
    private static final int LOGGED = 1024;

    /// What became of a request: refused with a code, answered by a route, or forwarded with a target by a route.
    private static String fate(String target) throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            Response response = client.exchange(get(target));
            LogLine line = ARENA.gateway().awaitLogOf(client);
            assertThat(line.field("http.response.status_code")).isEqualTo(Integer.toString(response.status()));
            if (response.status() == 200) {
                Request request = ARENA.upstream().awaitRequests(1).getFirst();
                // oracle G3: what was routed and logged is what was forwarded
                String path = request.target().split("\\?", 2)[0];
                String logged = line.field("url.path");
                String kept = path.substring(0, Math.min(path.length(), LOGGED));
                assertThat(logged)
                        .isEqualTo(
                                path.length() > LOGGED ? kept + "[truncated " + (path.length() - LOGGED) + "]" : path);
                assertThat(ARENA.upstream().violations()).isEmpty();
                return line.field("gateway.route") + " → " + request.target();
            }
            assertThat(ARENA.upstream().octets()).isEmpty();
            return response.code().isEmpty() ? response.body() : response.code();
        }
    }

    private static Stream<DynamicTest> fates(String expected, String... targets) {
        return Stream.of(targets)
                .map(target -> DynamicTest.dynamicTest(
                        Octets.visible(target), () -> assertThat(fate(target)).isEqualTo(expected)));
    }

    private static DynamicTest forwarded(String target, String as) {
        return DynamicTest.dynamicTest(
                Octets.visible(target), () -> assertThat(fate(target)).isEqualTo("public → " + as));
    }

    private static Stream<DynamicTest> refused(RequestFault fault, String... targets) {
        return fates(fault.code(), targets);
    }

    @TestFactory
    Stream<DynamicTest> PA_01_resolvesDotSegmentsBeforeRouting() {
        return Stream.of(
                        fates(
                                "admin",
                                "/public/../admin",
                                "/public/%2e%2e/admin",
                                "/public/.%2e/admin",
                                "/public/%2E./admin",
                                "/public/x/../../admin",
                                "/public/./../admin/x",
                                "/./admin"),
                        refused(
                                PATH,
                                "/public/..;/admin",
                                "/public/%2e%2e;/admin",
                                "/../admin",
                                "/public/../../admin",
                                "/.."),
                        fates("path-ambiguous", "/public/...//admin"),
                        fates("route-unknown", "/api../admin", "/..admin", "/public../admin"),
                        Stream.of(
                                forwarded("/public/a/../b", "/public/b"), forwarded("/public/.../x", "/public/.../x")))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> PA_02_refusesEncodedSlashes() {
        return Stream.of(
                        refused(PATH, "/public/..%2fadmin", "/public/..%2Fadmin"),
                        fates("path-ambiguous", "/public/x%2fadmin", "/public/x%2Fadmin", "/public/%2F", "/admin/%2f"),
                        fates("route-unknown", "/public%2fadmin", "/admin%2fx"),
                        Stream.of(DynamicTest.dynamicTest(
                                "where a route takes them",
                                () -> assertThat(fate("/files/a%2fb")).isEqualTo("files → /files/a%2Fb"))))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> PA_03_decodesOnceOnly() {
        return Stream.of(
                forwarded("/public/%252e%252e%252fadmin", "/public/%252e%252e%252fadmin"),
                forwarded("/public/%25%32%65", "/public/%252e"),
                forwarded("/public/%25252f", "/public/%25252f"));
    }

    @TestFactory
    Stream<DynamicTest> PA_04_refusesBackslashes() {
        return refused(PATH, "/public\\..\\admin", "/public/%5c", "/public/..%5cadmin", "/public/%5C", "/\\evil.com");
    }

    @TestFactory
    Stream<DynamicTest> PA_05_refusesEmptySegments() {
        return Stream.of(
                        fates("path-ambiguous", "/admin//x", "/public//x", "/public/x//"),
                        fates("route-unknown", "//admin", "///", "//evil.com/admin"),
                        Stream.of(DynamicTest.dynamicTest(
                                "where a route takes them",
                                () -> assertThat(fate("/files//x")).isEqualTo("files → /files//x"))))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> PA_06_refusesPathParameters() {
        return Stream.of(
                        refused(PATH, "/public/..;x/admin", "/public/..%3bx/admin"),
                        fates(
                                "path-ambiguous",
                                "/admin/;x=1",
                                "/public/;/x",
                                "/public/a;b",
                                "/public/a%3bb",
                                "/public;/../admin"),
                        fates("route-unknown", "/admin;x=1", "/;/admin", "/admin%3bx"),
                        Stream.of(DynamicTest.dynamicTest(
                                "where a route takes them",
                                () -> assertThat(fate("/files/a;b=c")).isEqualTo("files → /files/a;b=c"))))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> PA_07_keepsQueryAndFragmentMarksApart() {
        return Stream.of(
                        refused(TARGET, "/admin#x", "/public/x#", "/public/x?a#b"),
                        fates("admin", "/public%3f/../admin"),
                        fates("route-unknown", "/admin%23", "/admin%3f"),
                        Stream.of(
                                forwarded("/public/%3fa", "/public/%3Fa"),
                                forwarded("/public/?/../admin", "/public/?/../admin"),
                                forwarded("/public/x?a?b", "/public/x?a?b")))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> PA_08_refusesControlsAndRawOctets() {
        return Stream.concat(
                refused(
                        PATH,
                        "/admin%00.css",
                        "/public/%0d%0a",
                        "/public/%0a",
                        "/public/%09",
                        "/public/%7f",
                        "/public/%1f",
                        "/public/\u00e9",
                        "/public/\u0080",
                        "/public/\u00ff",
                        "/public/\"",
                        "/public/<",
                        "/public/{x}"),
                refused(REQUEST_LINE, "/public/a b", "/public/a\tb", "/public/\u007f", "/public/\0", "/public/\u001b"));
    }

    @TestFactory
    Stream<DynamicTest> PA_09_refusesInvalidEscapes() {
        return refused(
                PATH,
                "/public/%c0%ae%c0%ae/",
                "/public/%c0%af",
                "/public/%ed%a0%80",
                "/public/%ff",
                "/public/%fe%ff",
                "/public/%u002e",
                "/public/%2",
                "/public/%",
                "/public/%zz",
                "/public/%e2%82",
                "/public/%f5%80%80%80",
                "/public/%80");
    }

    @TestFactory
    Stream<DynamicTest> PA_10_comparesOctetsNotLookAlikes() {
        return Stream.concat(
                Stream.of(
                        forwarded(
                                "/public/%EF%BC%8E%EF%BC%8E%EF%BC%8Fadmin", "/public/%EF%BC%8E%EF%BC%8E%EF%BC%8Fadmin"),
                        forwarded("/public/e%CC%81", "/public/e%CC%81")),
                fates("route-unknown", "/adm%C4%B1n", "/%EF%BD%81dmin", "/admi%C5%8B", "/%C5%BFecret"));
    }

    @TestFactory
    Stream<DynamicTest> PA_11_comparesCase() {
        return fates("route-unknown", "/ADMIN", "/Admin", "/Public/x", "/%41dmin");
    }

    @TestFactory
    Stream<DynamicTest> PA_12_endsPrefixesAtSegments() {
        return Stream.concat(
                fates("admin", "/admin", "/admin/", "/admin/.", "/admin/x", "/%61dmin", "/admin?x"),
                fates("route-unknown", "/admin.", "/admin%20", "/admin.json", "/admin..", "/adminx", "/admi"));
    }

    @TestFactory
    Stream<DynamicTest> PA_13_takesOneAuthorityOnly() {
        return Stream.concat(
                ARENA.refusesEach(
                        AUTHORITY,
                        head("GET http://other-host/admin HTTP/1.1", "Host: public"),
                        head("GET http://public@evil/ HTTP/1.1", "Host: evil"),
                        head("GET http://public:secret@evil/ HTTP/1.1", "Host: public"),
                        head("GET http:///admin HTTP/1.1", "Host: gateway.test"),
                        head("GET http://gateway.test:8080/admin HTTP/1.1", "Host: gateway.test")),
                ARENA.refusesEach(
                        TARGET,
                        head("GET https://gateway.test/public/x HTTP/1.1", "Host: gateway.test"),
                        head("GET admin HTTP/1.1", "Host: gateway.test"),
                        head("GET ?x HTTP/1.1", "Host: gateway.test"),
                        head("GET ftp://gateway.test/ HTTP/1.1", "Host: gateway.test"),
                        head("GET gateway.test/admin HTTP/1.1", "Host: gateway.test")));
    }

    @Test
    void PA_13_forwardsAbsoluteFormInOriginForm() throws IOException {
        Request request = ARENA.forwards(head("GET http://GATEWAY.test:80/public/x?y HTTP/1.1", "Host: gateway.test"));
        assertThat(request.target()).isEqualTo("/public/x?y");
        assertThat(request.value("Host")).isEqualTo("gateway.test");
    }

    @TestFactory
    Stream<DynamicTest> PA_14_refusesOtherForms() {
        return ARENA.refusesEach(
                TARGET,
                head("GET * HTTP/1.1", "Host: gateway.test"),
                head("POST * HTTP/1.1", "Host: gateway.test"),
                head("OPTIONS ** HTTP/1.1", "Host: gateway.test"),
                head("OPTIONS http://gateway.test HTTP/1.1", "Host: gateway.test"),
                head("DELETE gateway.test:443 HTTP/1.1", "Host: gateway.test"));
    }

    @Test
    void PA_14_answersOptionsForItself() throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            Response response = client.exchange(head("OPTIONS * HTTP/1.1", "Host: gateway.test"));
            assertThat(response.status()).isIn(200, 204);
            assertThat(ARENA.upstream().octets()).isEmpty();
        }
    }

    @TestFactory
    Stream<DynamicTest> PA_16_prefersTheMoreSpecificRoute() {
        return Stream.of(
                DynamicTest.dynamicTest(
                        "literal before rest",
                        () -> assertThat(fate("/a/secret")).isEqualTo("narrow")),
                DynamicTest.dynamicTest(
                        "rest", () -> assertThat(fate("/a/secrets")).isEqualTo("wide → /a/secrets")),
                DynamicTest.dynamicTest("host before none", () -> {
                    try (RawClient client = ARENA.client()) {
                        client.exchange(head("GET /admin/x HTTP/1.1", "Host: other.test"));
                        assertThat(ARENA.gateway().awaitLogOf(client).field("gateway.route"))
                                .isEqualTo("other-host");
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> PA_18_readsLongPathsInLinearTime() {
        return Stream.of(
                DynamicTest.dynamicTest(
                        "4 000 parents",
                        () -> assertThat(fate("/public/" + "../".repeat(4_000) + "x"))
                                .isEqualTo(PATH.code())),
                DynamicTest.dynamicTest(
                        "2 000 segments and back",
                        () -> assertThat(fate("/public" + "/a".repeat(2_000) + "/..".repeat(2_000) + "/x"))
                                .isEqualTo("public → /public/x")),
                DynamicTest.dynamicTest("4 000 segments", () -> {
                    String path = "/public" + "/a".repeat(4_000);
                    assertThat(fate(path)).isEqualTo("public → " + path);
                }),
                DynamicTest.dynamicTest("4 000 query parameters", () -> {
                    String target = "/public/x?" + "a=b&".repeat(4_000);
                    assertThat(fate(target)).isEqualTo("public → " + target);
                }),
                DynamicTest.dynamicTest(
                        "longer than the head may be",
                        () -> assertThat(fate("/public/" + "a/".repeat(20_000)))
                                .isEqualTo(RequestFault.TARGET_TOO_LONG.code())));
    }

    @Test
    void PA_19_routesByTheRequestLineOnly() throws IOException {
        String[] claims = {
            "X-Forwarded-Uri: /public/x",
            "X-Original-URL: /public/x",
            "X-Original-URI: /public/x",
            "X-Rewrite-URL: /public/x",
            "X-Original-Method: GET",
            "X-Forwarded-Method: GET",
            "X-Forwarded-Path: /public/x",
            "X-HTTP-Method-Override: DELETE"
        };
        try (RawClient client = ARENA.client()) {
            Response response = client.exchange(get("/admin/x", claims));
            assertThat(response.body()).isEqualTo("admin");
        }
        Request request = ARENA.forwards(get("/public/y", claims));
        assertThat(request.target()).isEqualTo("/public/y");
        assertThat(request.names())
                .doesNotContain(
                        "x-forwarded-uri",
                        "x-original-url",
                        "x-original-uri",
                        "x-rewrite-url",
                        "x-original-method",
                        "x-forwarded-method",
                        "x-forwarded-path",
                        "x-http-method-override");
    }

    @TestFactory
    Stream<DynamicTest> PA_20_refusesAPathInHost() {
        return ARENA.refusesEach(
                AUTHORITY,
                head("GET /admin HTTP/1.1", "Host: example.com/abc?bar="),
                head("GET /admin HTTP/1.1", "Host: gateway.test/"),
                head("GET /admin HTTP/1.1", "Host: gateway.test?x"),
                head("GET /admin HTTP/1.1", "Host: gateway.test#x"),
                head("GET /admin HTTP/1.1", "Host: http://gateway.test"));
    }
}
