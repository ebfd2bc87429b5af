package dev.sallyport.dataplane.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestParserTest {
    private final RequestParser parser = new RequestParser(1024, 10);

    private static ByteBuf octets(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private RequestParser.Outcome parse(String text) {
        return parser.parse(octets(text));
    }

    @Test
    void parsesAHeadAndLeavesTheRest() {
        ByteBuf in = octets("POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nA:  b c \t\r\n\r\nabcGET");
        assertThat(parser.parse(in)).isEqualTo(RequestParser.Outcome.HEAD);
        assertThat(parser.method()).isEqualTo(Method.POST);
        assertThat(parser.version()).isEqualTo(HttpVersion.HTTP_1_1);
        assertThat(new String(
                        parser.bytes(),
                        parser.targetStart(),
                        parser.targetEnd() - parser.targetStart(),
                        StandardCharsets.US_ASCII))
                .isEqualTo("/a?b");
        assertThat(parser.headers().first("a")).isEqualTo("b c");
        assertThat(parser.headers().first(FieldName.HOST)).isEqualTo("x");
        assertThat(parser.bodyLength()).isEqualTo(3);
        assertThat(parser.keepAlive()).isTrue();
        assertThat(in.toString(StandardCharsets.US_ASCII)).isEqualTo("abcGET");
    }

    @Test
    void waitsForEveryOctetOfAHead() {
        String head = "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n";
        for (int length = 0; length < head.length(); length++) {
            assertThat(parse(head.substring(0, length))).isEqualTo(RequestParser.Outcome.INCOMPLETE);
        }
        assertThat(parse(head)).isEqualTo(RequestParser.Outcome.HEAD);
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\\n', REQUEST_LINE",
        "'GET /  HTTP/1.1\\r\\n', REQUEST_LINE",
        "'GET  / HTTP/1.1\\r\\n', REQUEST_LINE",
        "'GET /\\r\\n', REQUEST_LINE",
        "'GET / http/1.1\\r\\n', REQUEST_LINE",
        "'GET / HTTP/1.10\\r\\n', REQUEST_LINE",
        "'GET / HTTP/01.1\\r\\n', REQUEST_LINE",
        "'GET / HTTP/1.1 x\\r\\n', REQUEST_LINE",
        "'GET / HTTP/2.0\\r\\n', VERSION",
        "'GET / HTTP/1.2\\r\\n', VERSION",
        "'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n', REQUEST_LINE",
        "'get / HTTP/1.1\\r\\n', METHOD",
        "'GETX / HTTP/1.1\\r\\n', METHOD",
        "'\\r\\n\\r\\nGET / HTTP/1.1\\r\\n', REQUEST_LINE",
        "'GET / HTTP/1.1\\r\\n Host: x\\r\\n', FIELD",
        "'GET / HTTP/1.1\\r\\nHost : x\\r\\n', FIELD",
        "'GET / HTTP/1.1\\r\\nHost: x\\n', FIELD",
        "'GET / HTTP/1.1\\r\\nA: b\\rC\\r\\n', FIELD",
        "'GET / HTTP/1.1\\r\\nA: b\\r\\n c\\r\\n', FIELD",
        "'GET / HTTP/1.1\\r\\nA\\r\\n', FIELD",
        "'GET / HTTP/1.1\\r\\n: a\\r\\n', FIELD",
        "'POST / HTTP/1.1\\r\\nContent-Length: +5\\r\\n\\r\\n', FRAMING",
        "'POST / HTTP/1.1\\r\\nContent-Length: 05\\r\\n\\r\\n', FRAMING",
        "'POST / HTTP/1.1\\r\\nContent-Length: 5, 5\\r\\n\\r\\n', FRAMING",
        "'POST / HTTP/1.1\\r\\nContent-Length: 5\\r\\nContent-Length: 5\\r\\n\\r\\n', FRAMING",
        "'POST / HTTP/1.1\\r\\nContent-Length: 9999999999999999999\\r\\n\\r\\n', FRAMING",
        "'POST / HTTP/1.1\\r\\nContent-Length:\\r\\n\\r\\n', FRAMING",
        "'POST / HTTP/1.1\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n', FRAMING",
        "'POST / HTTP/1.0\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n', FRAMING",
        "'POST / HTTP/1.1\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\n', TRANSFER_CODING",
        "'POST / HTTP/1.1\\r\\nTransfer-Encoding: gzip, chunked\\r\\n\\r\\n', FRAMING",
        "'POST / HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n', FRAMING",
        "'POST / HTTP/1.1\\r\\nExpect: x\\r\\n\\r\\n', EXPECTATION",
        "'GET / HTTP/1.1\\r\\nSec-WebSocket-Key1: x\\r\\n\\r\\n', FIELD",
    })
    void refuses(String head, RequestFault fault) {
        String octets = head.replace("\\r", "\r").replace("\\n", "\n");
        assertThat(parse(octets)).isEqualTo(RequestParser.Outcome.FAULT);
        assertThat(parser.fault()).isEqualTo(fault);
    }

    @Test
    void refusesMoreThanItsLimits() {
        assertThat(parse("GET /" + "a".repeat(2000))).isEqualTo(RequestParser.Outcome.FAULT);
        assertThat(parser.fault()).isEqualTo(RequestFault.TARGET_TOO_LONG);
        assertThat(parse("GET / HTTP/1.1\r\nA: " + "a".repeat(2000))).isEqualTo(RequestParser.Outcome.FAULT);
        assertThat(parser.fault()).isEqualTo(RequestFault.HEAD_TOO_LARGE);
        assertThat(parse("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(11))).isEqualTo(RequestParser.Outcome.FAULT);
        assertThat(parser.fault()).isEqualTo(RequestFault.TOO_MANY_FIELDS);
        assertThat(parse("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(10) + "\r\n")).isEqualTo(RequestParser.Outcome.HEAD);
    }

    @Test
    void understandsHowAConnectionEnds() {
        parse("GET / HTTP/1.1\r\nConnection: a, CLOSE\r\n\r\n");
        assertThat(parser.keepAlive()).isFalse();
        parse("GET / HTTP/1.1\r\nConnection: closed\r\n\r\n");
        assertThat(parser.keepAlive()).isTrue();
        parse("GET / HTTP/1.0\r\n\r\n");
        assertThat(parser.keepAlive()).isFalse();
    }

    @Test
    void knowsWhoWaitsForContinue() {
        parse("POST / HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-Continue\r\n\r\n");
        assertThat(parser.expectsContinue()).isTrue();
        parse("GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n");
        assertThat(parser.expectsContinue()).isFalse();
    }
}
