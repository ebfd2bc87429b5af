package dev.sallyport.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
    private final RequestReader reader = new RequestReader();

    private @Nullable RequestFault http1(String scheme, String target, String... fields) {
        return read(scheme, HttpVersion.HTTP_1_1, Method.GET, target, null, fields);
    }

    private @Nullable RequestFault http2(@Nullable String authority, String target, String... fields) {
        return read("https", HttpVersion.HTTP_2, Method.GET, target, authority, fields);
    }

    private @Nullable RequestFault read(
            String scheme,
            HttpVersion version,
            Method method,
            String target,
            @Nullable String authority,
            String... fields) {
        byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
        return reader.read(scheme, version, method, bytes, 0, bytes.length, authority, Headers.of(fields));
    }

    @Test
    void makesOneCanonicalRequest() {
        assertThat(http1("http", "/a/../%62;c?d", "Host", "Example.COM:80", "X-Y", "z"))
                .isNull();
        CanonicalRequest request = reader.request();
        assertThat(request.method()).isEqualTo(Method.GET);
        assertThat(request.scheme()).isEqualTo("http");
        assertThat(request.authority()).isEqualTo(new Authority("example.com", -1));
        assertThat(request.path()).isEqualTo("/b;c");
        assertThat(request.ambiguity()).isEqualTo(PathAmbiguity.SEMICOLON.bit());
        assertThat(request.query()).isEqualTo("d");
        assertThat(request.headers().first("x-y")).isEqualTo("z");
        assertThat(request.version()).isEqualTo(HttpVersion.HTTP_1_1);
    }

    @Test
    void dropsOnlyTheDefaultPortOfTheScheme() {
        assertThat(http1("http", "/", "Host", "a:443")).isNull();
        assertThat(reader.request().authority()).isEqualTo(new Authority("a", 443));
        assertThat(http1("https", "/", "Host", "a:443")).isNull();
        assertThat(reader.request().authority()).isEqualTo(new Authority("a", -1));
        assertThat(http1("https", "/", "Host", "a:80")).isNull();
        assertThat(reader.request().authority()).isEqualTo(new Authority("a", 80));
        assertThat(http1("http", "/", "Host", "a:80")).isNull();
        assertThat(reader.request().authority()).isEqualTo(new Authority("a", -1));
    }

    @Test
    void remembersAuthorities() {
        assertThat(http1("http", "/", "Host", "a.example")).isNull();
        Authority first = reader.request().authority();
        assertThat(http1("http", "/x", "Host", "a.example")).isNull();
        assertThat(reader.request().authority()).isSameAs(first);
        for (int i = 0; i < 1_000; i++) {
            assertThat(http1("http", "/", "Host", "h" + i + ".example")).isNull();
            assertThat(reader.request().authority().host()).isEqualTo("h" + i + ".example");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a, b", "a:80:80", "[::1", "a b", "a/b", "a@b", ".a", "a:99999", "b\u00fccher.example", ""})
    void HD_01_refusesInvalidHost(String host) {
        assertThat(http1("http", "/", "Host", host)).isEqualTo(RequestFault.AUTHORITY);
    }

    @Test
    void HD_01_refusesMissingAndRepeatedHost() {
        assertThat(http1("http", "/")).isEqualTo(RequestFault.AUTHORITY);
        assertThat(http1("http", "http://a/")).isEqualTo(RequestFault.AUTHORITY);
        assertThat(http1("http", "/", "Host", "a", "Host", "b")).isEqualTo(RequestFault.AUTHORITY);
        assertThat(http1("http", "/", "Host", "a", "host", "a")).isEqualTo(RequestFault.AUTHORITY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "Content-Type", "DPoP", "X-API-Key", "Origin"})
    void HD_10_refusesRepeatedSingletons(String name) {
        assertThat(http1("http", "/", "Host", "a", name, "b", name, "b")).isEqualTo(RequestFault.FIELD_REPEATED);
        assertThat(http1("http", "/", "Host", "a", "X-Other", "b", "X-Other", "b", name, "c"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"http://other-host/admin, public", "http://public:81/, public", "http://public/, public:81"})
    void PA_13_refusesAbsoluteFormThatContradictsHost(String target, String host) {
        assertThat(http1("http", target, "Host", host)).isEqualTo(RequestFault.AUTHORITY);
    }

    @Test
    void PA_13_agreesAfterNormalisation() {
        assertThat(http1("http", "http://PUBLIC:80/%61", "Host", "public.")).isNull();
        assertThat(reader.request().authority()).isEqualTo(new Authority("public", -1));
        assertThat(reader.request().path()).isEqualTo("/a");
    }

    @Test
    void PA_13_refusesTheSchemeOfAnotherConnection() {
        assertThat(http1("http", "https://a/", "Host", "a")).isEqualTo(RequestFault.TARGET);
        assertThat(http1("https", "http://a/", "Host", "a")).isEqualTo(RequestFault.TARGET);
        assertThat(http1("https", "https://a/", "Host", "a:443")).isNull();
    }

    @Test
    void PA_14_refusesConnectAndReadsAsterisk() {
        assertThat(read("http", HttpVersion.HTTP_1_1, Method.CONNECT, "a:443", null, "Host", "a:443"))
                .isEqualTo(RequestFault.CONNECT);
        assertThat(read("http", HttpVersion.HTTP_1_1, Method.OPTIONS, "*", null, "Host", "a"))
                .isNull();
        assertThat(reader.request().path()).isEqualTo("*");
        assertThat(http1("http", "*", "Host", "a")).isEqualTo(RequestFault.TARGET);
        assertThat(read("http", HttpVersion.HTTP_1_1, Method.TRACE, "/", null, "Host", "a"))
                .isNull();
    }

    @Test
    void H2_04_refusesPathsThatAreNoPaths() {
        assertThat(http2("a", "")).isEqualTo(RequestFault.TARGET);
        assertThat(http2("a", "admin")).isEqualTo(RequestFault.TARGET);
        assertThat(http2("a", "*")).isEqualTo(RequestFault.TARGET);
        assertThat(http2("a", "/a b")).isEqualTo(RequestFault.PATH);
        assertThat(http2("a", "/a#b")).isEqualTo(RequestFault.TARGET);
        assertThat(http2("a", "https://a/")).isEqualTo(RequestFault.TARGET);
    }

    @Test
    void H2_05_wantsAuthorityAndHostToAgree() {
        assertThat(http2("A:443", "/")).isNull();
        assertThat(reader.request().authority()).isEqualTo(new Authority("a", -1));
        assertThat(http2("a", "/", "host", "A.")).isNull();
        assertThat(http2(null, "/", "host", "a")).isNull();
        assertThat(reader.request().authority()).isEqualTo(new Authority("a", -1));
        assertThat(http2("a", "/", "host", "b")).isEqualTo(RequestFault.AUTHORITY);
        assertThat(http2("a", "/", "host", "a:80")).isEqualTo(RequestFault.AUTHORITY);
        assertThat(http2(null, "/")).isEqualTo(RequestFault.AUTHORITY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user@a", "a, b", "", "a/b", "\u0141", "\uff41", "a\u0000"})
    void H2_05_refusesInvalidAuthority(String authority) {
        assertThat(http2(authority, "/")).isEqualTo(RequestFault.AUTHORITY);
        assertThat(http2(authority, "/", "host", "a")).isEqualTo(RequestFault.AUTHORITY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Original-URL",
                "X-Rewrite-URL",
                "X-Forwarded-Uri",
                "X-Original-Method",
                "X-HTTP-Method-Override",
                "X-Forwarded-Host",
                "X-Host",
                "Forwarded"
            })
    void PA_19_takesMethodHostAndPathFromNoOtherField(String name) {
        for (String value : new String[] {"/public", "DELETE", "evil", "host=evil"}) {
            assertThat(http1("http", "/admin", "Host", "a", name, value)).isNull();
            CanonicalRequest request = reader.request();
            assertThat(request.method()).isEqualTo(Method.GET);
            assertThat(request.authority()).isEqualTo(new Authority("a", -1));
            assertThat(request.path()).isEqualTo("/admin");
        }
    }

    @Test
    void hasNoRequestAfterAFault() {
        assertThat(http1("http", "/", "Host", "a")).isNull();
        assertThat(http1("http", "/..", "Host", "a")).isEqualTo(RequestFault.PATH);
        assertThatThrownBy(reader::request).isInstanceOf(IllegalStateException.class);
    }
}
