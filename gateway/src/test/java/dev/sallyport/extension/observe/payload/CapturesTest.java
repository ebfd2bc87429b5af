package dev.sallyport.extension.observe.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.json.JsonPaths;
import dev.sallyport.extension.observe.redact.BodyRedaction;
import dev.sallyport.telemetry.JsonLine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapturesTest {
    private final Captures captures = new Captures();
    private final BodyRedaction redaction = new BodyRedaction(List.of(), JsonPaths.NONE);

    private Capture capture(int most, long room, String... fields) {
        captures.use(most, room);
        Exchanges request = Exchanges.request();
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        Exchange exchange = request.exchange();
        captures.decide(exchange);
        return (Capture) Objects.requireNonNull(exchange.tap());
    }

    private static ByteBuf piece(String text) {
        ByteBuf piece = PooledByteBufAllocator.DEFAULT.directBuffer();
        piece.writeBytes("skipped".getBytes(StandardCharsets.UTF_8)).skipBytes(7);
        return piece.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(Capture capture, String text) {
        ByteBuf piece = piece(text);
        capture.onRequestBody(piece);
        assertThat(piece.refCnt()).isEqualTo(1);
        assertThat(piece.toString(StandardCharsets.UTF_8)).isEqualTo(text);
        piece.release();
    }

    private String shown(CapturedBody body) {
        JsonLine line = new JsonLine(64);
        body.write(line, redaction);
        return new String(line.bytes(), 0, line.length(), StandardCharsets.UTF_8);
    }

    @Test
    void copiesWhatGoesByAndLeavesItAsItIs() {
        Capture capture = capture(100, 1000, "Content-Type", "application/json; charset=UTF-8");
        send(capture, "{\"a\":");
        send(capture, "17}");
        assertThat(shown(capture.request())).isEqualTo("{\"type\":\"application/json\",\"text\":\"{\\\"a\\\":17}\"}");
        assertThat(capture.response()).isNull();
    }

    @Test
    void LG_04_keepsTheBeginningOnly() {
        Capture capture = capture(10, 1000, "Content-Type", "text/plain");
        send(capture, "0123456");
        send(capture, "789abcdef");
        send(capture, "more");
        assertThat(shown(capture.request()))
                .isEqualTo("{\"type\":\"text/plain\",\"text\":\"0123456789\",\"truncated\":true}");
        assertThat(captures.held()).isEqualTo(10);
    }

    @Test
    void LG_04_allTogetherHaveSoMuchMemory() {
        Capture first = capture(600, 1000, "Content-Type", "text/plain");
        send(first, "x".repeat(600));
        Capture second = capture(600, 1000, "Content-Type", "text/plain");
        send(second, "y".repeat(600));
        send(second, "y".repeat(600));
        assertThat(captures.held()).isEqualTo(600);
        assertThat(shown(second.request()))
                .isEqualTo("{\"type\":\"text/plain\",\"text\":\"\",\"truncated\":true,\"memory\":\"full\"}");
        first.onRecorded();
        assertThat(captures.held()).isZero();
        Capture third = capture(600, 1000, "Content-Type", "text/plain");
        send(third, "z".repeat(600));
        assertThat(captures.held()).isEqualTo(600);
    }

    @Test
    void isForgottenWhenTheLastHolderLetsGo() {
        Capture capture = capture(100, 1000, "Content-Type", "text/plain");
        send(capture, "hello");
        capture.onResponse(head("Content-Type", "text/plain"));
        ByteBuf answer = piece("there");
        capture.onResponseBody(answer);
        answer.release();
        assertThat(captures.held()).isEqualTo(200);
        capture.hold();
        capture.hold();
        capture.onRecorded();
        capture.letGo();
        assertThat(capture.request().present()).isTrue();
        assertThat(captures.held()).isEqualTo(200);
        capture.letGo();
        assertThat(captures.held()).isZero();
        assertThat(capture.request().present()).isFalse();
        assertThat(Objects.requireNonNull(capture.response()).present()).isFalse();
    }

    private static ResponseHead head(String name, String value) {
        Headers headers = new Headers.Builder()
                .add(name.getBytes(StandardCharsets.ISO_8859_1), value.getBytes(StandardCharsets.ISO_8859_1))
                .build();
        return new ResponseHead(200, headers, HttpVersion.HTTP_1_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/octet-stream",
                "image/png",
                "multipart/form-data; boundary=x",
                "text/html",
                "application/xml",
                "application/grpc",
                "application/json; charset=utf-16",
                "text/plain;charset=\"utf-7\"",
                "json",
                ""
            })
    void ofOthersTheTypeIsToldAndNothingKept(String type) {
        Capture capture = capture(100, 1000, "Content-Type", type);
        send(capture, "password=S3cr3t");
        String word = type.indexOf(';') < 0 ? type : type.substring(0, type.indexOf(';'));
        assertThat(shown(capture.request())).isEqualTo("{\"type\":\"" + word + "\"}");
        assertThat(captures.held()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"gzip,gzip", "br,br", "GZIP,GZIP"})
    void whatIsCompressedIsNotShown(String encoding, String told) {
        Capture capture = capture(100, 1000, "Content-Type", "application/json", "Content-Encoding", encoding);
        send(capture, "\u001f\u008b{\"a\":1}");
        assertThat(shown(capture.request())).isEqualTo("{\"type\":\"application/json\",\"encoded\":\"" + told + "\"}");
        assertThat(captures.held()).isZero();
    }

    @Test
    void LG_02_twoTypesAreNone() {
        Capture capture = capture(100, 1000, "Content-Type", "application/json", "Content-Type", "text/plain");
        send(capture, "secret");
        assertThat(shown(capture.request())).isEqualTo("{\"type\":\"\"}");
    }

    @Test
    void nothingIsCapturedWhileNobodyAskedForIt() {
        Exchange exchange = Exchanges.request().exchange();
        captures.decide(exchange);
        assertThat(exchange.tap()).isNull();
    }
}
