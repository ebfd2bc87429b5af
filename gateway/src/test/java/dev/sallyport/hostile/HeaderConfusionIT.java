package dev.sallyport.hostile;

import static dev.sallyport.api.http.RequestFault.AUTHORITY;
import static dev.sallyport.api.http.RequestFault.FIELD;
import static dev.sallyport.api.http.RequestFault.FIELD_REPEATED;
import static dev.sallyport.hostile.Messages.get;
import static dev.sallyport.hostile.Messages.head;
import static dev.sallyport.hostile.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Threats HD-01 and HD-03 to HD-15: header fields that claim what only the gateway may say. The PROXY protocol
/// (HD-16) is not spoken here.
class HeaderConfusionIT {
    private static final String CANARY = "evil-canary";

    /// What the gateway says itself, and nothing else may say.
    private static final List<String> OWN = List.of(
            "host",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "forwarded",
            "via",
            "traceparent",
            "x-request-id");

    @RegisterExtension
    static final Arena ARENA = Arena.ofOneRoute();

    @RegisterExtension
    static final Arena HOSTS = new Arena("""
            version: 1
            listeners:
              public:
                bind: 127.0.0.1:0
            upstreams:
              recorder:
                endpoints: ["http://127.0.0.1:$PORT"]
            routes:
              one-host:
                match: { hosts: [gateway.test], path: "/**" }
                access: public
                upstream: recorder
            """);

    @RegisterExtension
    static final Arena BEHIND_PROXY = new Arena("""
            version: 1
            listeners:
              public:
                bind: 127.0.0.1:0
                trusted-proxies: [127.0.0.0/8, 10.0.0.0/8]
            upstreams:
              recorder:
                endpoints: ["http://127.0.0.1:$PORT"]
            routes:
              all:
                match: { path: "/**" }
                access: public
                upstream: recorder
            """);

    @TestFactory
    Stream<DynamicTest> HD_01_refusesInvalidHosts() {
        Stream<String> hosts = Stream.of(
                        "a, b",
                        "a,b",
                        "a:80:80",
                        "[::1",
                        "::1",
                        "[::1]x",
                        "[gateway.test]",
                        "a b",
                        "a/b",
                        "a@b",
                        ".a",
                        "a..b",
                        ".",
                        "",
                        "a:",
                        "a:x",
                        "a:-1",
                        "a:99999",
                        "a:65536",
                        "b\u00fccher.test",
                        "a%2eb",
                        "a_\\b",
                        "a\"b",
                        "a;b",
                        "a?b")
                .map(host -> head("GET / HTTP/1.1", "Host: " + host));
        Stream<String> numbers = Stream.of(
                head("GET / HTTP/1.1"),
                head("GET / HTTP/1.1", "Host: gateway.test", "Host: gateway.test"),
                head("GET / HTTP/1.1", "Host: gateway.test", "host: evil.test"),
                head("GET / HTTP/1.0"));
        return ARENA.refusesEach(AUTHORITY, Stream.concat(hosts, numbers).toArray(String[]::new));
    }

    @TestFactory
    Stream<DynamicTest> HD_01_readsOneHostInEverySpelling() {
        return Stream.of("gateway.test", "GATEWAY.Test", "gateway.test.", "gateway.test:80", "Gateway.TEST.:80")
                .map(host -> DynamicTest.dynamicTest(host, () -> {
                    Request request = HOSTS.forwards(head("GET / HTTP/1.1", "Host: " + host));
                    assertThat(request.value("Host")).isIn("gateway.test", "gateway.test:80");
                }));
    }

    @TestFactory
    Stream<DynamicTest> HD_01_servesNoUnknownHost() {
        return Stream.of("evil.test", "localhost", "127.0.0.1", "gateway.test.evil.test", "xgateway.test", "[::1]")
                .map(host -> DynamicTest.dynamicTest(host, () -> {
                    HOSTS.upstream().clear();
                    try (RawClient client = HOSTS.client()) {
                        Response response = client.exchange(head("GET / HTTP/1.1", "Host: " + host));
                        assertThat(response.status()).isEqualTo(421);
                        Arena.assertQuiet(response);
                    }
                    assertThat(HOSTS.upstream().octets()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> HD_03_believesNoForwardingFieldOfAnUntrustedPeer() {
        return Stream.of(
                        "X-Forwarded-For: 127.0.0.1",
                        "X-Forwarded-For: " + "1.2.3.4, ".repeat(40) + "5.6.7.8",
                        "X-Forwarded-For: unknown",
                        "X-Forwarded-For: [::1]:80",
                        "X-Forwarded-For: \"",
                        "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8")
                .map(field -> DynamicTest.dynamicTest(field, () -> {
                    ARENA.upstream().clear();
                    try (RawClient client = ARENA.client()) {
                        assertThat(client.exchange(get("/", field)).status()).isEqualTo(200);
                        Request request = ARENA.upstream().awaitRequests(1).getFirst();
                        assertThat(request.value("X-Forwarded-For")).isEqualTo("127.0.0.1");
                        assertThat(ARENA.gateway().awaitLogOf(client).field("client.address"))
                                .isEqualTo("127.0.0.1");
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> HD_03_walksTheFieldOfATrustedPeerFromTheRight() {
        return Stream.of(
                        new Chain("X-Forwarded-For: 198.51.100.7", "198.51.100.7"),
                        new Chain("X-Forwarded-For: 1.1.1.1, 198.51.100.7", "198.51.100.7"),
                        new Chain("X-Forwarded-For: 1.1.1.1, 198.51.100.7, 10.0.0.3", "198.51.100.7"),
                        new Chain("X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 198.51.100.7", "198.51.100.7"),
                        new Chain("X-Forwarded-For: 198.51.100.7:1234", "198.51.100.7"),
                        new Chain("X-Forwarded-For: 198.51.100.7, unknown", "127.0.0.1"),
                        new Chain("X-Forwarded-For: [2001:db8::1]:80", "2001:db8:0:0:0:0:0:1"),
                        new Chain("X-Forwarded-For: ::ffff:198.51.100.7", "198.51.100.7"),
                        new Chain("X-Forwarded-For: 198.51.100.7, ::ffff:10.0.0.1", "198.51.100.7"),
                        new Chain("X-Real-IP: 198.51.100.7", "127.0.0.1"))
                .map(chain -> DynamicTest.dynamicTest(chain.field(), () -> {
                    Request request = BEHIND_PROXY.forwards(get("/", chain.field()));
                    assertThat(request.value("X-Forwarded-For")).isEqualTo(chain.client());
                }));
    }

    private record Chain(String field, String client) {}

    @TestFactory
    Stream<DynamicTest> HD_04_rebuildsForwarded() {
        return Stream.of(
                        "Forwarded: for=1.1.1.1;host=admin;proto=https",
                        "Forwarded: for=\"[::1]\"",
                        "Forwarded: for=_hidden",
                        "Forwarded: for=1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\nX-Forwarded-Proto: https")
                .map(field -> DynamicTest.dynamicTest(field, () -> {
                    Request request = ARENA.forwards(get("/", field));
                    assertThat(request.value("Forwarded")).isEqualTo("for=127.0.0.1;host=\"gateway.test\";proto=http");
                    assertThat(request.value("X-Forwarded-For")).isEqualTo("127.0.0.1");
                    assertThat(request.value("X-Forwarded-Proto")).isEqualTo("http");
                    assertThat(request.value("X-Forwarded-Host")).isEqualTo("gateway.test");
                }));
    }

    @TestFactory
    Stream<DynamicTest> HD_05_stripsOtherClaimsAboutTheClient() {
        return strips(
                "X-Real-IP",
                "True-Client-IP",
                "CF-Connecting-IP",
                "X-Client-IP",
                "X-Cluster-Client-IP",
                "X-Forwarded-Prefix",
                "X-Forwarded-Host",
                "X-Forwarded-Port",
                "X-Forwarded-Scheme",
                "X-Forwarded-Ssl",
                "X-Forwarded-Server",
                "X-Forwarded",
                "Front-End-Https",
                "X-Envoy-External-Address",
                "X-Envoy-Original-Path",
                "Fastly-Client-IP",
                "Fastly-SSL",
                "X-Original-Forwarded-For",
                "X-Remote-Addr");
    }

    @TestFactory
    Stream<DynamicTest> HD_06_stripsClaimsAboutTheCaller() {
        return strips(
                "X-User",
                "X-Authenticated-User",
                "X-Consumer-Id",
                "X-Consumer-Username",
                "X-Consumer-Groups",
                "X-Userinfo",
                "Remote-User",
                "X-Roles",
                "X-Role",
                "X-Groups",
                "X-Remote-User",
                "X-Auth-Request-User",
                "X-JWT-Claim-Sub",
                "X-Pomerium-Jwt-Assertion",
                "X-Goog-Authenticated-User-Email",
                "X-MS-Client-Principal",
                "X-Amzn-Oidc-Identity",
                "X-Webauth-User");
    }

    @TestFactory
    Stream<DynamicTest> HD_07_stripsClaimsInEverySpelling() {
        return Stream.concat(
                strips(
                        "X_User",
                        "X.User",
                        "x-user",
                        "X-USER",
                        "X_Forwarded_Proto",
                        "X.Forwarded.For",
                        "x_real_ip",
                        "Remote_User",
                        "X-Forwarded_For",
                        "Authorization_",
                        "a_b",
                        "a.b"),
                ARENA.refusesEach(FIELD, get("/", "X-User : admin"), get("/", "X-U\u00c5er: admin")));
    }

    private static Stream<DynamicTest> strips(String... names) {
        return Stream.of(names)
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Request request = ARENA.forwards(get("/", name + ": " + CANARY));
                    assertThat(request.fields().toString()).doesNotContain(CANARY);
                }));
    }

    @TestFactory
    Stream<DynamicTest> HD_08_letsNothingOfTheGatewayBeNominatedAway() {
        return Stream.of(
                        "close, X-Forwarded-For",
                        "x-forwarded-for",
                        "X-FORWARDED-PROTO, x-forwarded-host",
                        "x-real-ip, forwarded, via",
                        "traceparent, x-request-id, host",
                        "content-length, transfer-encoding")
                .map(nominated -> DynamicTest.dynamicTest(nominated, () -> {
                    Request request = ARENA.forwards(post("Connection: " + nominated, "Content-Length: 5") + "hello");
                    assertThat(request.names()).containsAll(OWN);
                    assertThat(request.body()).isEqualTo("hello");
                }));
    }

    @TestFactory
    Stream<DynamicTest> HD_08_keepsCredentialsThatWereNominated() {
        return Stream.of(
                        "authorization",
                        "Authorization",
                        "cookie, AUTHORIZATION",
                        "authorization\r\nConnection: cookie")
                .map(nominated -> DynamicTest.dynamicTest(nominated, () -> {
                    Request request = ARENA.forwards(
                            get("/", "Authorization: Bearer x", "Cookie: a=b", "Connection: " + nominated));
                    assertThat(request.value("Authorization")).isEqualTo("Bearer x");
                    assertThat(request.value("Cookie")).isEqualTo("a=b");
                }));
    }

    @TestFactory
    Stream<DynamicTest> HD_08_removesWhatWasNominated() {
        return Stream.of("x-mine", "close, X-Mine", "X-MINE ,close", ",, x-mine ,", "close\r\nConnection: x-mine")
                .map(nominated -> DynamicTest.dynamicTest(nominated, () -> {
                    Request request = ARENA.forwards(
                            get("/", "X-Mine: 1", "x-mine: 2", "Connection: " + nominated, "X-Other: 3"));
                    assertThat(request.names()).contains("x-other").doesNotContain("x-mine", "connection");
                }));
    }

    @TestFactory
    Stream<DynamicTest> HD_09_forwardsNothingThatConcernsOneConnection() {
        return strips(
                "TE",
                "Trailer",
                "Keep-Alive",
                "Proxy-Authorization",
                "Proxy-Authenticate",
                "Proxy-Connection",
                "Upgrade",
                "Connection",
                "HTTP2-Settings");
    }

    @TestFactory
    Stream<DynamicTest> HD_10_refusesRepeatedCredentialsAndFraming() {
        return ARENA.refusesEach(
                FIELD_REPEATED,
                get("/", "Authorization: Bearer a", "Authorization: Bearer b"),
                get("/", "Authorization: Bearer a", "authorization: Bearer a"),
                get("/", "Content-Type: text/plain", "Content-Type: text/html"),
                get("/", "DPoP: a", "DPoP: b"),
                get("/", "X-API-Key: a", "x-api-key: b"),
                get("/", "Origin: https://a.test", "Origin: https://b.test"));
    }

    @Test
    void HD_10_forwardsListsInOrder() throws IOException {
        Request request = ARENA.forwards(get("/", "Accept: a", "X-List: 1", "Accept: b", "X-List: 2"));
        assertThat(request.values("Accept")).containsExactly("a", "b");
        assertThat(request.values("X-List")).containsExactly("1", "2");
    }

    @TestFactory
    Stream<DynamicTest> HD_11_stripsMethodOverrides() {
        return strips(
                "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Method", "x_http_method_override");
    }

    @Test
    void HD_11_overridesNoMethod() throws IOException {
        Request request = ARENA.forwards(get("/x?_method=DELETE", "X-HTTP-Method-Override: DELETE"));
        assertThat(request.method()).isEqualTo("GET");
    }

    @TestFactory
    Stream<DynamicTest> HD_12_stripsClientCertificates() {
        return strips(
                "Client-Cert",
                "Client-Cert-Chain",
                "X-Forwarded-Client-Cert",
                "X-SSL-Client-Cert",
                "X-SSL-Client-Verify",
                "X-SSL-Client-S-DN",
                "SSL-Client-Cert",
                "X-Client-Cert");
    }

    @TestFactory
    Stream<DynamicTest> HD_13_beginsTracesOfUntrustedPeersAnew() {
        return Stream.of(
                        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        "traceparent: " + CANARY,
                        "traceparent: " + "0".repeat(20_000),
                        "tracestate: " + (CANARY + "=1,").repeat(1_000) + "x=1",
                        "baggage: user=" + CANARY)
                .map(field -> DynamicTest.dynamicTest(field.substring(0, 20), () -> {
                    Request request = ARENA.forwards(get("/", field));
                    assertThat(request.value("traceparent"))
                            .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
                            .doesNotContain("0af7651916cd43dd8448eb211c80319c", "0".repeat(32));
                    assertThat(request.names()).doesNotContain("tracestate", "baggage");
                    assertThat(request.fields().toString()).doesNotContain(CANARY);
                }));
    }

    @TestFactory
    Stream<DynamicTest> HD_13_validatesTracesOfTrustedPeers() {
        return Stream.of(
                        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
                        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
                        "")
                .map(parent -> DynamicTest.dynamicTest("traceparent: " + parent, () -> {
                    Request request = BEHIND_PROXY.forwards(get("/", "traceparent: " + parent, "tracestate: a=1"));
                    assertThat(request.value("traceparent"))
                            .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
                            .doesNotContain("0af7651916cd43dd8448eb211c80319");
                    assertThat(request.names()).doesNotContain("tracestate");
                }));
    }

    @Test
    void HD_13_continuesAValidTraceOfATrustedPeer() throws IOException {
        Request request = BEHIND_PROXY.forwards(
                get("/", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate: a=1"));
        assertThat(request.value("traceparent"))
                .startsWith("00-0af7651916cd43dd8448eb211c80319c-")
                .endsWith("-01")
                .doesNotContain("b7ad6b7169203331");
        assertThat(request.value("tracestate")).isEqualTo("a=1");
    }

    @TestFactory
    Stream<DynamicTest> HD_14_makesItsOwnRequestIds() {
        return Stream.of(
                        "X-Request-Id: " + CANARY,
                        "X-Request-Id: a\r\nX-Request-Id: b",
                        "x-request-id: " + "9".repeat(32))
                .map(field -> DynamicTest.dynamicTest(field, () -> {
                    Request request = ARENA.forwards(get("/", field));
                    assertThat(request.value("X-Request-Id"))
                            .matches("[0-9a-f]{32}")
                            .isNotEqualTo("9".repeat(32));
                }));
    }

    @Test
    void HD_14_refusesControlsInRequestIds() throws IOException {
        ARENA.refuses(new Attack("line feed", get("/", "X-Request-Id: a\nb"), FIELD));
    }

    @TestFactory
    Stream<DynamicTest> HD_15_stripsProxyAndEarlyData() {
        return strips("Proxy", "proxy", "Early-Data");
    }
}
