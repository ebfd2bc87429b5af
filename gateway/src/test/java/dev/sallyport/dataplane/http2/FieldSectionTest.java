package dev.sallyport.dataplane.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.testing.Http2Peer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The validator behind HPACK.
class FieldSectionTest {
    private static final String[] GET = {":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"};

    private static FieldSection section(FieldSection.Kind kind, String... fields) {
        return section(new FieldSection(1000, 10), kind, fields);
    }

    private static FieldSection section(FieldSection section, FieldSection.Kind kind, String... fields) {
        byte[] block = Http2Peer.block(fields);
        section.begin();
        assertThat(new HpackDecoder().decode(block, 0, block.length, section)).isTrue();
        section.finish(kind);
        return section;
    }

    private static FieldSection request(String... more) {
        List<String> fields = new ArrayList<>(List.of(GET));
        fields.addAll(List.of(more));
        return section(FieldSection.Kind.REQUEST, fields.toArray(String[]::new));
    }

    private static Stream<DynamicTest> malformed(FieldSection.Kind kind, List<String[]> sections) {
        return sections.stream()
                .map(fields -> DynamicTest.dynamicTest(String.join("|", fields), () -> {
                    FieldSection section = section(kind, fields);
                    assertThat(section.malformed()).isNotNull();
                    assertThat(section.acceptable()).isFalse();
                }));
    }

    private static String[] and(String... more) {
        return Stream.concat(Stream.of(GET), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void acceptsAnOrdinaryRequest() {
        FieldSection section = request("te", "trailers", "x-a", "", "content-length", "12", "x-b", "a\tb \u00ff");

        assertThat(section.acceptable()).isTrue();
        assertThat(section.contentLength()).isEqualTo(12);
        Headers headers = section.headers();
        assertThat(headers.toString()).isEqualTo("te: trailers\r\nx-a: \r\ncontent-length: 12\r\nx-b: a\tb \u00ff\r\n");
        assertThat(headers.field(0)).isEqualTo(FieldName.TE);
    }

    @TestFactory
    Stream<DynamicTest> H2_02_refusesConnectionSpecificFields() {
        return malformed(
                FieldSection.Kind.REQUEST,
                List.of(
                        and("transfer-encoding", "chunked"),
                        and("connection", "x"),
                        and("connection", "close"),
                        and("keep-alive", "timeout=5"),
                        and("proxy-connection", "keep-alive"),
                        and("upgrade", "h2c"),
                        and("te", "gzip"),
                        and("te", "trailers, gzip"),
                        and("te", "")));
    }

    @TestFactory
    Stream<DynamicTest> H2_03_refusesOctetsThatBelongToNoField() {
        return malformed(
                FieldSection.Kind.REQUEST,
                List.of(
                        and("x", "a\r\nTransfer-Encoding: chunked"),
                        and("x", "a\nb"),
                        and("x", "a\rb"),
                        and("x", "a\0b"),
                        and("x", "a\u007fb"),
                        and("x", "\u0001"),
                        and("x", " a"),
                        and("x", "a "),
                        and("x", "a\t"),
                        and("foo: bar\r\nhost", "x"),
                        and("foo:bar", "x"),
                        and("foo ", "x"),
                        and("foo\0", "x"),
                        and("Foo", "x"),
                        and("f\u00f6o", "x"),
                        and("", "x"),
                        and("content-length", "+5"),
                        and("content-length", "5, 5"),
                        and("content-length", ""),
                        and("content-length", "9999999999999999999")));
    }

    @TestFactory
    Stream<DynamicTest> H2_01_refusesTwoContentLengths() {
        return malformed(
                FieldSection.Kind.REQUEST,
                List.of(
                        and("content-length", "5", "content-length", "5"),
                        and("content-length", "5", "content-length", "6")));
    }

    @TestFactory
    Stream<DynamicTest> H2_04_refusesWrongPseudoFields() {
        return malformed(
                FieldSection.Kind.REQUEST,
                List.of(
                        new String[] {":method", "GET", ":scheme", "http", ":authority", "a"},
                        new String[] {":method", "GET", ":authority", "a", ":path", "/"},
                        new String[] {":scheme", "http", ":authority", "a", ":path", "/"},
                        new String[] {":method", "GET", ":scheme", "http", ":authority", "a", ":path", ""},
                        new String[] {":method", "GET", ":scheme", "http", ":authority", "a", ":path", "admin"},
                        new String[] {":method", "GET", ":scheme", "http", ":authority", "a", ":path", "*"},
                        new String[] {":method", "GET", ":scheme", "http", ":authority", "a", ":path", "http://b/"},
                        new String[] {":method", "OPTIONS", ":scheme", "http", ":authority", "a", ":path", "**"},
                        new String[] {":method", "GET /x HTTP/1.1\r\n", ":scheme", "http", ":path", "/"},
                        new String[] {":method", "GET /", ":scheme", "http", ":authority", "a", ":path", "/"},
                        new String[] {":method", "", ":scheme", "http", ":authority", "a", ":path", "/"},
                        and(":path", "/again"),
                        and(":method", "POST"),
                        and(":status", "200"),
                        and(":unknown", "x"),
                        and(":", "x"),
                        and("x", "y", ":authority", "b"),
                        new String[] {"x", "y", ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"}));
    }

    @TestFactory
    Stream<DynamicTest> UP_05_refusesExtendedConnect() {
        return malformed(
                FieldSection.Kind.REQUEST,
                List.of(
                        new String[] {
                            ":method",
                            "CONNECT",
                            ":protocol",
                            "websocket",
                            ":scheme",
                            "http",
                            ":path",
                            "/",
                            ":authority",
                            "a"
                        },
                        new String[] {":method", "CONNECT", ":scheme", "http", ":path", "/", ":authority", "a"},
                        new String[] {":method", "CONNECT"}));
    }

    @Test
    void UP_04_refusesConnect() {
        FieldSection section = section(FieldSection.Kind.REQUEST, ":method", "CONNECT", ":authority", "a:22");

        assertThat(section.malformed()).isNull();
        assertThat(section.refused()).isEqualTo(RequestFault.CONNECT);
    }

    @Test
    void H2_04_acceptsAsteriskForOptionsOnly() {
        FieldSection section = section(
                FieldSection.Kind.REQUEST, ":method", "OPTIONS", ":scheme", "http", ":authority", "a", ":path", "*");

        assertThat(section.acceptable()).isTrue();
    }

    @Test
    void H2_06_joinsCookiesBeforeLimitsApply() {
        List<String> fields = new ArrayList<>(List.of(GET));
        for (int i = 0; i < 50; i++) {
            fields.add("cookie");
            fields.add("c=" + i);
        }
        FieldSection section = section(FieldSection.Kind.REQUEST, fields.toArray(String[]::new));

        assertThat(section.acceptable()).isTrue();
        Headers headers = section.headers();
        assertThat(headers.count()).isEqualTo(1);
        assertThat(headers.value(0)).startsWith("c=0; c=1; c=2;").endsWith("; c=49");
        assertThat(headers.repeated()).isZero();

        for (int i = 0; i < 200; i++) {
            fields.add("cookie");
            fields.add("d=" + i);
        }
        assertThat(section(FieldSection.Kind.REQUEST, fields.toArray(String[]::new))
                        .refused())
                .isEqualTo(RequestFault.HEAD_TOO_LARGE);
    }

    @Test
    void DO_09_countsFieldsAndTheirOverhead() {
        List<String> fields = new ArrayList<>(List.of(GET));
        for (int i = 0; i < 11; i++) {
            fields.add("x");
            fields.add("");
        }
        String[] many = fields.toArray(String[]::new);
        assertThat(section(FieldSection.Kind.REQUEST, many).refused()).isEqualTo(RequestFault.TOO_MANY_FIELDS);
        assertThat(section(new FieldSection(300, 100), FieldSection.Kind.REQUEST, many)
                        .refused())
                .isEqualTo(RequestFault.HEAD_TOO_LARGE);
        assertThat(section(new FieldSection(600, 100), FieldSection.Kind.REQUEST, many)
                        .acceptable())
                .isTrue();
    }

    @Test
    void DO_09_keepsNoMoreThanTheLimitOfABomb() {
        // one entry of 3,000 octets, referred to 30,000 times by one octet each: 90 MB when kept
        HpackDecoder decoder = new HpackDecoder();
        FieldSection section = new FieldSection(32 * 1024, 100);
        byte[] entry = Http2Peer.block("x", "y".repeat(3000));
        entry[0] = 0x40;
        section.begin();
        assertThat(decoder.decode(entry, 0, entry.length, section)).isTrue();
        byte[] bomb = new byte[30_000];
        Arrays.fill(bomb, (byte) 0xbe);
        section.begin();
        assertThat(decoder.decode(bomb, 0, bomb.length, section)).isTrue();
        section.finish(FieldSection.Kind.TRAILERS);

        assertThat(section.refused()).isNotNull();
        assertThat(section.headers().bytes().length).isLessThanOrEqualTo(33 * 1024);
    }

    @TestFactory
    Stream<DynamicTest> US_07_refusesWrongResponses() {
        return malformed(
                FieldSection.Kind.RESPONSE,
                List.of(
                        new String[] {"x", "y"},
                        new String[] {":status", "99"},
                        new String[] {":status", "600"},
                        new String[] {":status", "20"},
                        new String[] {":status", "2000"},
                        new String[] {":status", "2x0"},
                        new String[] {":status", "+20"},
                        new String[] {":status", "200", ":status", "200"},
                        new String[] {":status", "200", ":path", "/"},
                        new String[] {"x", "y", ":status", "200"},
                        new String[] {":status", "200", "transfer-encoding", "chunked"},
                        new String[] {":status", "200", "connection", "close"},
                        new String[] {":status", "200", "x", "a\r\nb: c"},
                        new String[] {":status", "200", "content-length", "1", "content-length", "1"}));
    }

    @Test
    void H2_08_keepsFramingAndCredentialsOutOfTrailers() {
        FieldSection section = section(
                FieldSection.Kind.TRAILERS,
                "grpc-status",
                "0",
                "content-length",
                "5",
                "host",
                "a",
                "authorization",
                "x",
                "set-cookie",
                "y",
                "content-encoding",
                "gzip",
                "x-checksum",
                "1");

        assertThat(section.acceptable()).isTrue();
        assertThat(section.trailers().toString()).isEqualTo("grpc-status: 0\r\nx-checksum: 1\r\n");
        assertThat(section(FieldSection.Kind.TRAILERS, ":status", "200").malformed())
                .isNotNull();
        assertThat(section(FieldSection.Kind.TRAILERS, ":path", "/").malformed())
                .isNotNull();
    }
}
