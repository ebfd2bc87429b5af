package dev.sallyport.hostile;

import static dev.sallyport.api.http.RequestFault.CHUNK;
import static dev.sallyport.api.http.RequestFault.FIELD;
import static dev.sallyport.api.http.RequestFault.FRAMING;
import static dev.sallyport.api.http.RequestFault.REQUEST_LINE;
import static dev.sallyport.api.http.RequestFault.TRANSFER_CODING;
import static dev.sallyport.api.http.RequestFault.VERSION;
import static dev.sallyport.hostile.Messages.chunked;
import static dev.sallyport.hostile.Messages.get;
import static dev.sallyport.hostile.Messages.head;
import static dev.sallyport.hostile.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Threats SM-01 to SM-19: requests that two parsers could frame differently.
class RequestFramingIT {
    @RegisterExtension
    static final Arena ARENA = Arena.ofOneRoute();

    @TestFactory
    Stream<DynamicTest> SM_01_refusesContentLengthWithTransferEncoding() {
        return ARENA.refusesEach(
                FRAMING,
                post("Content-Length: 6", "Transfer-Encoding: chunked") + "0\r\n\r\nG",
                post("Content-Length: 6", "Transfer-Encoding: Chunked") + "0\r\n\r\nG",
                post("Content-Length: 6", "X-Between: x", "transfer-encoding: chunked") + "0\r\n\r\nG");
    }

    @TestFactory
    Stream<DynamicTest> SM_02_refusesTransferEncodingWithContentLength() {
        return ARENA.refusesEach(
                FRAMING,
                post("Transfer-Encoding: chunked", "Content-Length: 4") + "5c\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n",
                post("Transfer-Encoding: chunked", "Content-Length: 0") + "0\r\n\r\n");
    }

    @TestFactory
    Stream<DynamicTest> SM_03_refusesEveryCodingButChunked() {
        return Stream.concat(
                ARENA.refusesEach(
                        FRAMING,
                        te("Transfer-Encoding: chunked", "Transfer-Encoding: x"),
                        te("Transfer-Encoding: x", "Transfer-Encoding: chunked"),
                        te("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
                        te("Transfer-Encoding: chunked, identity"),
                        te("Transfer-Encoding: chunked, xchunked"),
                        te("Transfer-Encoding: identity, chunked"),
                        te("Transfer-Encoding: gzip, chunked"),
                        te("Transfer-Encoding: gzip", "Transfer-Encoding: chunked, gzip"),
                        te("Transfer-Encoding: gzip", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip"),
                        te("Transfer-Encoding: chunked chunked")),
                ARENA.refusesEach(
                        TRANSFER_CODING,
                        te("Transfer-Encoding: xchunked"),
                        te("Transfer-Encoding: chunkedx"),
                        te("Transfer-Encoding: identity"),
                        te("Transfer-Encoding: deflate")));
    }

    @TestFactory
    Stream<DynamicTest> SM_04_refusesEverySpellingOfChunkedButOne() {
        return Stream.concat(
                ARENA.refusesEach(
                        FIELD,
                        te("Transfer-Encoding: \u000bchunked"),
                        te("Transfer-Encoding: \fchunked"),
                        te("Transfer-Encoding: chunked\0"),
                        te("Transfer-Encoding : chunked"),
                        te("Transfer-Encoding\t: chunked"),
                        te("Transfer-Encoding:\r\n chunked"),
                        te("Transfer-Encoding: x\r\n\tchunked")),
                ARENA.refusesEach(
                        FRAMING,
                        te("Transfer-Encoding: \u00a0chunked"),
                        te("Transfer-Encoding: \"chunked\""),
                        te("Transfer-Encoding: ,chunked"),
                        te("Transfer-Encoding: chunked,"),
                        te("Transfer-Encoding: chunked;a=b"),
                        te("Transfer-Encoding:"),
                        te("Transfer-Encoding: ")));
    }

    @Test
    void SM_04_neverFramesByAnUnderscore() throws IOException {
        Request request = ARENA.forwards(post("Transfer_Encoding: chunked", "Content_Length: 5"));
        assertThat(request.names()).doesNotContain("transfer_encoding", "content_length", "transfer-encoding");
        assertThat(request.body()).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> SM_04_takesTheOneCodingInAnyCase() {
        return Stream.of("chunked", "CHUNKED", "Chunked", "  chunked\t ")
                .map(coding -> DynamicTest.dynamicTest(coding, () -> {
                    Request request = ARENA.forwards(post("Transfer-Encoding:" + coding) + "5\r\nhello\r\n0\r\n\r\n");
                    assertThat(request.body()).isEqualTo("hello");
                    assertThat(request.values("Content-Length")).isEmpty();
                }));
    }

    private static String te(String... fields) {
        return post(fields) + "0\r\n\r\n";
    }

    @TestFactory
    Stream<DynamicTest> SM_05_refusesEveryContentLengthButOnePlainNumber() {
        Stream<DynamicTest> spellings = ARENA.refusesEach(
                FRAMING,
                Stream.of(
                                "5, 5",
                                "5, 6",
                                "5,5",
                                "+5",
                                "-0",
                                "-1",
                                "0x5",
                                "0o5",
                                "1_0",
                                "1 0",
                                "05",
                                "00",
                                "5\u00a0",
                                "5.0",
                                "5e0",
                                "\u00b2",
                                "",
                                " ",
                                "five",
                                "9223372036854775808",
                                "18446744073709551621",
                                "99999999999999999999999999")
                        .map(value -> post("Content-Length: " + value) + "hello")
                        .toArray(String[]::new));
        return Stream.of(
                        spellings,
                        ARENA.refusesEach(
                                FRAMING,
                                post("Content-Length: 5", "Content-Length: 5") + "hello",
                                post("Content-Length: 5", "Content-Length: 6") + "hello",
                                post("Content-Length: 0", "content-length: 5") + "hello",
                                post("Content-Length:", "Content-Length: 5") + "hello"),
                        ARENA.refusesEach(FIELD, post("Content-Length: 5\0") + "hello"))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> SM_07_refusesLengthsThatOnlySomeParsersSee() {
        return ARENA.refusesEach(
                FIELD,
                "POST /attack HTTP/1.1\r\n Content-Length: 7\r\nHost: gateway.test\r\n\r\nGET /a ",
                "POST /attack HTTP/1.1\r\n\tContent-Length: 7\r\nHost: gateway.test\r\n\r\nGET /a ",
                post(" Content-Length: 7") + "GET /a ",
                post("Content-Length:\n 7") + "GET /a ",
                post("Content-Length\0: 7") + "GET /a ",
                post("Content-Length\u000b: 7") + "GET /a ",
                post("Content-Length 7") + "GET /a ",
                post("\0Content-Length: 7") + "GET /a ");
    }

    @TestFactory
    Stream<DynamicTest> SM_09_refusesTransferEncodingInHttp10() {
        return ARENA.refusesEach(
                FRAMING,
                head("POST /attack HTTP/1.0", "Host: gateway.test", "Transfer-Encoding: chunked") + "0\r\n\r\n",
                head("POST /attack HTTP/1.0", "Host: gateway.test", "Transfer-Encoding: chunked", "Content-Length: 5")
                        + "0\r\n\r\n",
                head(
                                "POST /attack HTTP/1.0",
                                "Host: gateway.test",
                                "Connection: keep-alive",
                                "Transfer-Encoding: chunked")
                        + "0\r\n\r\n");
    }

    @TestFactory
    Stream<DynamicTest> SM_09_parsesNothingBehindAnHttp10Request() {
        return Stream.of(
                        head("POST /old HTTP/1.0", "Host: gateway.test"),
                        head("GET /old HTTP/1.0", "Host: gateway.test"),
                        head("GET /old HTTP/1.0", "Host: gateway.test", "Connection: keep-alive"))
                .map(octets -> DynamicTest.dynamicTest(octets, () -> {
                    ARENA.upstream().clear();
                    try (RawClient client = ARENA.client()) {
                        Response response = client.exchange(octets + Messages.SMUGGLED);
                        assertThat(response.status()).isEqualTo(200);
                        assertThat(client.end()).isEqualTo(RawClient.End.CLOSED);
                    }
                    Request request = ARENA.upstream().awaitRequests(1).getFirst();
                    assertThat(request.target()).isEqualTo("/old");
                    assertThat(request.body()).isEmpty();
                    ARENA.upstream().clear();
                    ARENA.assertVictimUnharmed();
                }));
    }

    @TestFactory
    Stream<DynamicTest> SM_10_refusesOtherVersionsAndRequestLines() {
        Stream<DynamicTest> lines = ARENA.refusesEach(
                REQUEST_LINE,
                "GET /admin\r\n",
                "GET /admin\r\nHost: gateway.test\r\n\r\n",
                line("GET /  HTTP/1.1"),
                line("GET  / HTTP/1.1"),
                line(" GET / HTTP/1.1"),
                line("GET\t/ HTTP/1.1"),
                line("GET / HTTP/1.1 "),
                line("GET / HTTP/1.10"),
                line("GET / HTTP/01.1"),
                line("GET / http/1.1"),
                line("GET / HTTP/1.1 x"),
                line("GET / HTTP/1,1"),
                line("GET / HTTP/ 1.1"),
                line("GET / HTTP/1"),
                line("GET / HTTPS/1.1"),
                line("GET / HTTP/+1.1"),
                line("GET  HTTP/1.1"),
                line("GET"),
                line("/ HTTP/1.1"));
        Stream<DynamicTest> versions = ARENA.refusesEach(
                VERSION,
                line("GET / HTTP/2.0"),
                line("GET / HTTP/3.0"),
                line("GET / HTTP/0.9"),
                line("GET / HTTP/1.2"),
                line("GET / HTTP/9.9"));
        return Stream.concat(lines, versions);
    }

    private static String line(String requestLine) {
        return head(requestLine, "Host: gateway.test");
    }

    @TestFactory
    Stream<DynamicTest> SM_11_refusesBareLineFeeds() {
        return Stream.of(
                        ARENA.refusesEach(REQUEST_LINE, "GET / HTTP/1.1\nHost: gateway.test\r\n\r\n"),
                        ARENA.refusesEach(
                                FIELD,
                                "GET / HTTP/1.1\r\nHost: gateway.test\n\r\n",
                                "GET / HTTP/1.1\r\nHost: gateway.test\nX: y\r\n\r\n",
                                "GET / HTTP/1.1\r\nHost: gateway.test\r\nX: y\n\n",
                                "GET / HTTP/1.1\r\nHost: gateway.test\r\n\n",
                                "GET / HTTP/1.1\r\n\nHost: gateway.test\r\n\r\n"),
                        ARENA.refusesEach(
                                CHUNK,
                                chunked("5\nhello\r\n0\r\n\r\n"),
                                chunked("5;a\nhello\r\n0\r\n\r\n"),
                                chunked("5;a=\"b\n\"\r\nhello\r\n0\r\n\r\n"),
                                chunked("5\r\nhello\n0\r\n\r\n"),
                                chunked("5\r\nhello\r\n0\n\r\n"),
                                chunked("5\r\nhello\r\n0\r\n\n"),
                                chunked("5\r\nhello\r\n0\r\nX: y\n\r\n"),
                                chunked("5\r\nhello\r\n0\r\nX: y\r\n\n")))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> SM_12_refusesBareCarriageReturns() {
        return Stream.of(
                        ARENA.refusesEach(REQUEST_LINE, "GET / HTTP/1.1\rHost: gateway.test\r\r"),
                        ARENA.refusesEach(
                                FIELD,
                                post("Foo: a\rTransfer-Encoding: chunked") + "0\r\n\r\n",
                                post("Foo: a\r") + "",
                                "GET / HTTP/1.1\r\nHost: gateway.test\r\rX",
                                "GET / HTTP/1.1\r\nHost: gateway.test\r\n\rX",
                                "GET / HTTP/1.1\r\nHost: gateway.test\r\nX\r: y\r\n\r\n"),
                        ARENA.refusesEach(
                                CHUNK,
                                chunked("5\rXhello\r\n0\r\n\r\n"),
                                chunked("5\r\r\nhello\r\n0\r\n\r\n"),
                                chunked("5\r\nhello\rX0\r\n\r\n"),
                                chunked("5\r\nhello\r\n0\r\n\rX"),
                                chunked("5\r\nhello\r\n0\rX\r\n"),
                                chunked("5\r\nhello\r\n0\r\nX: a\rb\r\n\r\n")))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> SM_13_refusesFoldedLines() {
        return ARENA.refusesEach(
                FIELD,
                post("X: a\r\n Transfer-Encoding: chunked") + "0\r\n\r\n",
                post("X: a\r\n\tTransfer-Encoding: chunked") + "0\r\n\r\n",
                post("X:\r\n a"),
                "GET / HTTP/1.1\r\n Host: gateway.test\r\n\r\n",
                "GET / HTTP/1.1\r\n \r\nHost: gateway.test\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: gateway.test\r\n \r\n\r\n",
                "GET / HTTP/1.1\r\nHost: gateway.test\r\n\t\r\n\r\n");
    }

    @TestFactory
    Stream<DynamicTest> SM_14_refusesFieldNamesThatAreNoTokens() {
        Stream<String> named = Stream.of(
                "X : y", "X y", "X", ":", ": y", "X(: y", "X@: y", "X\t: y", "X/: y", "X[: y", "X\": y", "X\\: y",
                "{X}: y");
        Stream<String> octets = IntStream.of(0x00, 0x01, 0x08, 0x0b, 0x0c, 0x1f, 0x20, 0x7f, 0x80, 0xa0, 0xe9, 0xff)
                .mapToObj(c -> "X" + (char) c + "Y: z");
        return ARENA.refusesEach(
                FIELD, Stream.concat(named, octets).map(Messages::post).toArray(String[]::new));
    }

    @TestFactory
    Stream<DynamicTest> SM_14_refusesControlsInValues() {
        return ARENA.refusesEach(
                FIELD,
                IntStream.concat(IntStream.rangeClosed(0x00, 0x1f), IntStream.of(0x7f))
                        .filter(c -> c != '\t')
                        .mapToObj(c -> post("X: a" + (char) c + "b"))
                        .toArray(String[]::new));
    }

    @Test
    void SM_14_passesOtherOctetsOfValuesUnchanged() throws IOException {
        StringBuilder value = new StringBuilder("a\tb");
        IntStream.rangeClosed(0x80, 0xff).forEach(c -> value.append((char) c));
        assertThat(ARENA.forwards(get("/", "X-Any: " + value)).value("X-Any")).isEqualTo(value.toString());
    }

    @TestFactory
    Stream<DynamicTest> SM_15_refusesJunkBeforeTheRequestLine() {
        return ARENA.refusesEach(
                REQUEST_LINE,
                "\0" + get("/"),
                "\u0001" + get("/"),
                " " + get("/"),
                "\t" + get("/"),
                "\r\n\r\n" + get("/"),
                "\r\n\r\n\r\n" + get("/"),
                "\n" + get("/"),
                "\r" + get("/"),
                "\r\n " + get("/"),
                "\u00ef\u00bb\u00bf" + get("/"));
    }

    @Test
    void SM_15_toleratesOneEmptyLine() throws IOException {
        assertThat(ARENA.forwards("\r\n" + get("/behind-an-empty-line")).target())
                .isEqualTo("/behind-an-empty-line");
    }

    @TestFactory
    Stream<DynamicTest> SM_16_refusesChunkSizesThatAreNoPlainHexadecimal() {
        Stream<String> sizes = Stream.of(
                "FFFFFFFFFFFFFFFFF",
                "8000000000000000",
                "FFFFFFFFFFFFFFFF",
                "00000000000000000005",
                "0x5",
                "+5",
                "-1",
                "5 ",
                " 5",
                "5\t",
                "0_2e",
                "5\0",
                "5g",
                "",
                ";a",
                "5,",
                "\u00b5");
        return ARENA.refusesEach(
                CHUNK,
                sizes.map(size -> chunked(size + "\r\nhello\r\n0\r\n\r\n")).toArray(String[]::new));
    }

    @Test
    void SM_16_doesNotWrapLargeChunkSizes() throws IOException {
        ARENA.upstream().clear();
        try (RawClient client = ARENA.client()) {
            client.send(chunked("100000004\r\nABCD\r\n0\r\n\r\n") + get("/wrapped"))
                    .halfClose();
            client.rest();
        }
        ARENA.assertVictimUnharmed();
    }

    @TestFactory
    Stream<DynamicTest> SM_17_refusesExtensionsThatParsersDisagreeAbout() {
        String kilobytes = "x".repeat(8 * 1024);
        return ARENA.refusesEach(
                new Attack("line break in quotes", chunked("5;a=\"\r\n0\r\n\r\nGET /smuggled"), CHUNK),
                new Attack("bare line feed", chunked("5;\nhello\r\n0\r\n\r\n"), CHUNK),
                new Attack("NUL", chunked("5;a\0\r\nhello\r\n0\r\n\r\n"), CHUNK),
                new Attack("DEL", chunked("5;a\u007f\r\nhello\r\n0\r\n\r\n"), CHUNK),
                new Attack("64 KiB", chunked("5;" + kilobytes.repeat(8) + "\r\nhello\r\n0\r\n\r\n"), CHUNK),
                new Attack("8 KiB each", chunked(("1;" + kilobytes + "\r\nx\r\n").repeat(40) + "0\r\n\r\n"), CHUNK));
    }

    @TestFactory
    Stream<DynamicTest> SM_17_forwardsNoExtension() {
        return Stream.of("5;a", "5;a=b", "5;a=\"b c\"", "5;a=b;c=d", "05;a")
                .map(size -> DynamicTest.dynamicTest(size, () -> {
                    Request request = ARENA.forwards(chunked(size + "\r\nhello\r\n0;z=1\r\n\r\n"));
                    assertThat(request.body()).isEqualTo("hello");
                }));
    }

    @TestFactory
    Stream<DynamicTest> SM_18_refusesChunksThatDoNotEndWithTheirSize() {
        return ARENA.refusesEach(
                CHUNK,
                chunked("5\r\nhelloXX0\r\n\r\n"),
                chunked("5\r\nhello  \r\n0\r\n\r\n"),
                chunked("5\r\nhello\n\r0\r\n\r\n"),
                chunked("5\r\nhello0\r\n\r\n"),
                chunked("5\r\nhello!\r\n0\r\n\r\n"),
                chunked("5\r\nhell\r\n0\r\n\r\n"),
                chunked("5\r\nhello\r\n\r\n0\r\n\r\n"));
    }

    @Test
    void SM_18_takesTextBehindTheLastChunkForTrailersOnly() throws IOException {
        Request request = ARENA.forwards(chunked("5\r\nhello\r\n0\r\nX:POST /smuggled HTTP/1.1\r\n\r\n"));
        assertThat(request.body()).isEqualTo("hello");
        assertThat(request.trailers()).isEmpty();
        assertThat(ARENA.upstream().requests()).hasSize(1);
    }

    @TestFactory
    Stream<DynamicTest> SM_18_neverCompletesABodyThatWasCutOff() {
        return Stream.of(
                        chunked("5\r\nhello\r\n"),
                        chunked("5\r\nhel"),
                        chunked("5\r\nhello\r\n0\r\n"),
                        chunked("5\r\nhello\r\n0\r\nX: y\r\n"),
                        chunked("5"),
                        chunked(""),
                        post("Content-Length: 50") + "hello",
                        post("Content-Length: 50"))
                .map(octets -> DynamicTest.dynamicTest(octets, () -> {
                    ARENA.upstream().clear();
                    try (RawClient client = ARENA.client()) {
                        client.send(octets).halfClose();
                        client.rest();
                    }
                    ARENA.assertVictimUnharmed();
                }));
    }

    @Test
    void SM_19_forwardsNoTrailer() throws IOException {
        String trailers = String.join(
                "\r\n",
                "Content-Length: 3",
                "Transfer-Encoding: gzip",
                "Host: evil.test",
                "Authorization: Bearer x",
                "Cookie: a=b",
                "X-User: admin",
                "Content-Encoding: gzip",
                "X-Forwarded-For: 1.2.3.4",
                "X-Mine: 1",
                "");
        Request request = ARENA.forwards(chunked("5\r\nhello\r\n0\r\n" + trailers + "\r\n"));
        assertThat(request.body()).isEqualTo("hello");
        assertThat(request.trailers()).isEmpty();
        assertThat(request.value("Host")).isEqualTo(Messages.HOST);
        assertThat(request.names())
                .doesNotContain("authorization", "cookie", "x-user", "content-encoding", "x-mine", "content-length");
        assertThat(String.join("", ARENA.upstream().octets())).doesNotContain("evil.test", "1.2.3.4", "admin");
    }

    @TestFactory
    Stream<DynamicTest> SM_19_refusesTrailersWithoutEnd() {
        return ARENA.refusesEach(
                new Attack("10 000 trailers", chunked("0\r\n" + "X: y\r\n".repeat(10_000) + "\r\n"), CHUNK),
                new Attack("1 MiB trailer", chunked("0\r\nX: " + "y".repeat(1 << 20) + "\r\n\r\n"), CHUNK),
                new Attack("bad name", chunked("0\r\nX y: z\r\n\r\n"), CHUNK),
                new Attack("folded", chunked("0\r\nX: y\r\n z\r\n\r\n"), CHUNK),
                new Attack("no colon", chunked("0\r\nX\r\n\r\n"), CHUNK));
    }
}
