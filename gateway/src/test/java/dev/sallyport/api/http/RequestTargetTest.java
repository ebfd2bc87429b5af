package dev.sallyport.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    private final RequestTarget target = new RequestTarget();

    private @Nullable RequestFault parse(Method method, String text) {
        byte[] bytes = ("GET " + text + " HTTP/1.1").getBytes(StandardCharsets.ISO_8859_1);
        return target.parse(method, bytes, 4, 4 + text.length());
    }

    private @Nullable RequestFault parse(String text) {
        return parse(Method.GET, text);
    }

    private String path(String text) {
        assertThat(parse(text)).as(text).isNull();
        return target.path();
    }

    private static int bits(PathAmbiguity... spellings) {
        int bits = 0;
        for (PathAmbiguity spelling : spellings) {
            bits |= spelling.bit();
        }
        return bits;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/a", "/a/b/", "/a.b/c", "/-._~!$&'()*+,=:@", "/a%20b", "/%C3%A4", "/a...", "/.../x", "/..a"
            })
    void keepsCanonicalPaths(String path) {
        assertThat(path(path)).isEqualTo(path);
        assertThat(target.ambiguity()).isZero();
        assertThat(target.query()).isNull();
        assertThat(target.authority()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/%61dmin, /admin",
        "/%7euser, /~user",
        "/%c3%a4, /%C3%A4",
        "/a%3fb, /a%3Fb",
        "/%E2%82%ac, /%E2%82%AC",
        "/%f0%9f%98%80, /%F0%9F%98%80",
        "/[a]|b, /%5Ba%5D%7Cb",
        "/a%2c, /a%2C"
    })
    void bringsEscapesIntoOneSpelling(String received, String canonical) {
        assertThat(path(received)).isEqualTo(canonical);
        assertThat(target.ambiguity()).isZero();
    }

    @Test
    void separatesQueryAndKeepsIt() {
        assertThat(path("/a?b=%zz&c=/../d?e;f//")).isEqualTo("/a");
        assertThat(target.query()).isEqualTo("b=%zz&c=/../d?e;f//");
        assertThat(target.ambiguity()).isZero();
        assertThat(path("/%61?")).isEqualTo("/a");
        assertThat(target.query()).isEmpty();
        assertThat(path("/a")).isEqualTo("/a");
        assertThat(target.query()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/?a b", "/?a#b", "/?\t", "/?\u0000", "/?\u007f", "/?\u00e4", "/./?\r\n"})
    void refusesQueriesWithControlsSpacesAndFragments(String text) {
        assertThat(parse(text)).isEqualTo(RequestFault.TARGET);
    }

    @ParameterizedTest
    @CsvSource({
        "/public/../admin, /admin",
        "/public/%2e%2e/admin, /admin",
        "/public/.%2e/admin, /admin",
        "/public/%2E./admin, /admin",
        "/public/./admin, /public/admin",
        "/public/%2e/admin, /public/admin",
        "/a/b/c/../../d, /a/d",
        "/a/.., /",
        "/a/b/.., /a/",
        "/a/., /a/",
        "/., /",
        "/./, /",
        "/./a, /a",
        "/api../admin, /api../admin",
        "/public/.../admin, /public/.../admin"
    })
    void PA_01_resolvesDotSegmentsBeforeAnythingIsMatched(String received, String canonical) {
        assertThat(path(received)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/..", "/../", "/../admin", "/a/../..", "/a/../../b", "/%2e%2e", "/.%2e/%2e%2e", "/./.."})
    void PA_01_refusesToClimbAboveTheRoot(String text) {
        assertThat(parse(text)).isEqualTo(RequestFault.PATH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/public/..;/admin",
                "/api/..;x=1/admin",
                "/api/.;/admin",
                "/api/.;x",
                "/api/%2e%2e;/admin",
                "/api/..%3b/admin",
                "/api/..;"
            })
    void PA_01_refusesDotSegmentsWithParameters(String text) {
        assertThat(parse(text)).isEqualTo(RequestFault.PATH);
    }

    @ParameterizedTest
    @CsvSource({"/public%2fadmin, /public%2Fadmin", "/public%2Fadmin, /public%2Fadmin", "/admin%2f, /admin%2F"})
    void PA_02_marksEncodedSlashAndKeepsItInItsSegment(String received, String canonical) {
        assertThat(path(received)).isEqualTo(canonical);
        assertThat(target.ambiguity()).isEqualTo(bits(PathAmbiguity.ENCODED_SLASH));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/public/..%2fadmin",
                "/public%2f..%2fadmin",
                "/public%2f../admin",
                "/public%2f%2e%2e",
                "/a%2f./b",
                "/a/.%2Fb",
                "/a%2f..;x",
                "/a;x%2f../b"
            })
    void PA_02_refusesDotSegmentsBesideEncodedSlash(String text) {
        assertThat(parse(text)).isEqualTo(RequestFault.PATH);
    }

    @ParameterizedTest
    @CsvSource({"/%252e%252e%252f, /%252e%252e%252f", "/%25%32%65, /%252e", "/%252E%252e/a, /%252E%252e/a"})
    void PA_03_decodesAtMostOnce(String received, String canonical) {
        assertThat(path(received)).isEqualTo(canonical);
        assertThat(target.ambiguity()).isZero();
        assertThat(path(target.path())).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/public\\..\\admin", "/a%5cb", "/a%5Cb", "/\\evil.com", "\\a"})
    void PA_04_refusesBackslash(String text) {
        assertThat(parse(text)).isIn(RequestFault.PATH, RequestFault.TARGET);
    }

    @ParameterizedTest
    @CsvSource({"//admin, //admin", "/admin//x, /admin//x", "///, ///", "/a/./, /a/", "/a//../b, /a/b", "/a/.//b, /a//b"
    })
    void PA_05_marksEmptySegments(String received, String canonical) {
        assertThat(path(received)).isEqualTo(canonical);
        assertThat(target.authority()).isNull();
        boolean doubled = received.contains("//");
        assertThat(target.ambiguity()).isEqualTo(doubled ? bits(PathAmbiguity.EMPTY_SEGMENT) : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "/admin;x=1, /admin;x=1",
        "/;/admin, /;/admin",
        "/public;/../admin, /admin",
        "/admin%3bx, /admin%3Bx",
        "/a;b/c, /a;b/c"
    })
    void PA_06_marksPathParameters(String received, String canonical) {
        assertThat(path(received)).isEqualTo(canonical);
        assertThat(target.ambiguity()).isEqualTo(bits(PathAmbiguity.SEMICOLON));
    }

    @Test
    void PA_07_keepsEncodedQuestionMarkAsDataAndRefusesFragments() {
        assertThat(path("/public%3f/../admin")).isEqualTo("/admin");
        assertThat(target.query()).isNull();
        assertThat(path("/public%3f/x")).isEqualTo("/public%3F/x");
        assertThat(path("/admin%23")).isEqualTo("/admin%23");
        assertThat(parse("/admin#x")).isEqualTo(RequestFault.TARGET);
        assertThat(parse("/a?b#x")).isEqualTo(RequestFault.TARGET);
        assertThat(parse("/%61#")).isEqualTo(RequestFault.TARGET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin%00.css",
                "/%0d%0a",
                "/%0A",
                "/%1f",
                "/%7f",
                "/a\u0000b",
                "/a\u0001",
                "/a\u007f",
                "/\u00e4",
                "/\u00ff",
                "/a b",
                "/a\tb",
                "/a\rb",
                "/a\nb",
                "/a\"b",
                "/<a>",
                "/{a}",
                "/a^b",
                "/a`b"
            })
    void PA_08_refusesControlsSpacesAndRawOctets(String text) {
        assertThat(parse(text)).isEqualTo(RequestFault.PATH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%c0%ae%c0%ae/",
                "/%c0%af",
                "/%c1%81",
                "/%ed%a0%80",
                "/%ff",
                "/%fe",
                "/%f5%80%80%80",
                "/%f4%90%80%80",
                "/%e0%80%af",
                "/%f0%80%80%af",
                "/%80",
                "/%c3",
                "/%c3x",
                "/%c3%41",
                "/%e2%82",
                "/%e2%82/",
                "/%u002e",
                "/%2",
                "/%",
                "/%zz",
                "/%2g",
                "/%g2",
                "/%%32e",
                "/%2?a",
                "/%-1",
                "/%+1"
            })
    void PA_09_refusesBadEscapesAndBadUtf8(String text) {
        assertThat(parse(text)).isEqualTo(RequestFault.PATH);
    }

    @Test
    void PA_10_neverFoldsUnicodeLookAlikes() {
        assertThat(path("/%ef%bc%8e%ef%bc%8e%ef%bc%8fadmin")).isEqualTo("/%EF%BC%8E%EF%BC%8E%EF%BC%8Fadmin");
        assertThat(target.ambiguity()).isZero();
        assertThat(path("/%c5%bf")).isEqualTo("/%C5%BF");
        assertThat(path("/%e2%84%aa")).isEqualTo("/%E2%84%AA");
        assertThat(path("/e%cc%81")).isNotEqualTo(path("/%c3%a9"));
    }

    @Test
    void PA_11_keepsCase() {
        assertThat(path("/ADMIN")).isEqualTo("/ADMIN");
        assertThat(path("/%41dmin")).isEqualTo("/Admin");
    }

    @ParameterizedTest
    @CsvSource({
        "/admin/, /admin/",
        "/admin., /admin.",
        "/admin/., /admin/",
        "/admin%20, /admin%20",
        "/admin.json, /admin.json",
        "/admin.., /admin.."
    })
    void PA_12_keepsWhatTrails(String received, String canonical) {
        assertThat(path(received)).isEqualTo(canonical);
    }

    @Test
    void PA_13_takesAuthorityOfAbsoluteForm() {
        assertThat(path("http://Other-Host:80/%61dmin?x")).isEqualTo("/admin");
        assertThat(target.authority()).isEqualTo(new Authority("other-host", -1));
        assertThat(target.scheme()).isEqualTo("http");
        assertThat(target.query()).isEqualTo("x");
        assertThat(path("HTTPS://h:8443")).isEqualTo("/");
        assertThat(target.authority()).isEqualTo(new Authority("h", 8443));
        assertThat(target.scheme()).isEqualTo("https");
        assertThat(path("http://h?x=1")).isEqualTo("/");
        assertThat(target.query()).isEqualTo("x=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://public@evil/",
                "http://a:b@evil/",
                "http:///admin",
                "http://",
                "http://h:0/",
                "http://h#x"
            })
    void PA_13_refusesUserInformationAndBadAuthorities(String text) {
        assertThat(parse(text)).isEqualTo(RequestFault.AUTHORITY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"admin", "?x", "ftp://h/", "http:/h/", "http:h", "ws://h/", "h:80", "", "://h/", "%2fadmin", " /"
            })
    void PA_13_refusesWhatIsNoOriginOrAbsoluteForm(String text) {
        assertThat(parse(text)).isEqualTo(RequestFault.TARGET);
    }

    @Test
    void PA_14_takesAsteriskForOptionsOnly() {
        assertThat(parse(Method.OPTIONS, "*")).isNull();
        assertThat(target.asterisk()).isTrue();
        assertThat(target.path()).isEqualTo("*");
        assertThat(parse(Method.GET, "*")).isEqualTo(RequestFault.TARGET);
        assertThat(parse(Method.OPTIONS, "*x")).isEqualTo(RequestFault.TARGET);
        assertThat(parse(Method.OPTIONS, "*?")).isEqualTo(RequestFault.TARGET);
        assertThat(parse(Method.OPTIONS, "http://h")).isEqualTo(RequestFault.TARGET);
        assertThat(parse(Method.DELETE, "host:443")).isEqualTo(RequestFault.TARGET);
        assertThat(parse(Method.CONNECT, "host:443")).isEqualTo(RequestFault.CONNECT);
        assertThat(parse(Method.CONNECT, "/")).isEqualTo(RequestFault.CONNECT);
        assertThat(parse(Method.OPTIONS, "/")).isNull();
        assertThat(target.asterisk()).isFalse();
    }

    @Test
    void PA_18_resolvesManySegmentsInLinearTime() {
        assertThat(path("/a" + "/b/..".repeat(200_000))).isEqualTo("/a/");
        assertThat(path("/a".repeat(200_000) + "/..".repeat(199_999))).isEqualTo("/a/");
        assertThat(parse("/..".repeat(4_000))).isEqualTo(RequestFault.PATH);
        assertThat(path("/x".repeat(200_000))).hasSize(400_000);
        assertThat(path("/?" + "a=b&".repeat(200_000))).isEqualTo("/");
    }
}
