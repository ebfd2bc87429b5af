package dev.sallyport.dataplane.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.Method;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseParserTest {
    private final ResponseParser parser = new ResponseParser();

    private ResponseParser.Outcome parse(String text, Method method) {
        ByteBuf in = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        return parser.parse(in, method, 1024);
    }

    @Test
    void waitsForEveryOctetOfAHead() {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n";
        for (int length = 0; length < head.length(); length++) {
            assertThat(parse(head.substring(0, length), Method.GET)).isEqualTo(ResponseParser.Outcome.INCOMPLETE);
        }
        assertThat(parse(head, Method.GET)).isEqualTo(ResponseParser.Outcome.HEAD);
        assertThat(parser.bodyLength()).isEqualTo(3);
        assertThat(parser.keepAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\n",
                "HTTP/1.1  200 OK\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 600 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "HTTP/1.1 200 O\0K\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 1\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 100 Continue\r\nContent-Length: 1\r\n\r\n",
            })
    void SM_24_refuses(String head) {
        assertThat(parse(head, Method.GET)).isEqualTo(ResponseParser.Outcome.MALFORMED);
    }

    @Test
    void refusesAHeadAboveTheLimit() {
        assertThat(parse("HTTP/1.1 200 OK\r\nA: " + "a".repeat(2000), Method.GET))
                .isEqualTo(ResponseParser.Outcome.MALFORMED);
    }

    @Test
    void framesByRequestAndStatus() {
        parse("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", Method.HEAD);
        assertThat(parser.bodyLength()).isEqualTo(7);
        parse("HTTP/1.1 304 Not Modified\r\n\r\n", Method.GET);
        assertThat(parser.bodyLength()).isEqualTo(-1);
        parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", Method.GET);
        assertThat(parser.bodyLength()).isEqualTo(ResponseParser.CHUNKED);
        parse("HTTP/1.1 200\r\n\r\n", Method.GET);
        assertThat(parser.bodyLength()).isEqualTo(ResponseParser.UNTIL_CLOSE);
    }
}
