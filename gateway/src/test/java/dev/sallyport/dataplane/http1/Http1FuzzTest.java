package dev.sallyport.dataplane.http1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.message.FieldGrammar;
import dev.sallyport.dataplane.message.OutgoingHead;
import dev.sallyport.testing.Octets;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.StrictReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Whatever octets come: the parsers end, keep to the grammar, and what is written again means the same to a
/// reader that
/// shares no code with them.
class Http1FuzzTest {
    private static final int MAX_HEAD = 8192;

    @FuzzTest(maxDuration = "2m")
    void requestHead(byte[] data) throws IOException {
        RequestParser parser = new RequestParser(MAX_HEAD, 100);
        ByteBuf in = Unpooled.wrappedBuffer(data);
        switch (parser.parse(in)) {
            case INCOMPLETE -> {
                assertThat(in.readerIndex()).isZero();
                assertThat(data.length).isLessThanOrEqualTo(MAX_HEAD);
            }
            case FAULT -> assertThat(parser.fault().status()).isBetween(400, 599);
            case HEAD -> {
                assertThat(in.readerIndex()).isPositive().isLessThanOrEqualTo(MAX_HEAD);
                assertThat(parser.bodyLength()).isGreaterThanOrEqualTo(-1);
                assertGrammatical(parser.headers());
                assertRewritten(parser.headers(), parser.bodyLength());
            }
        }
    }

    private static void assertGrammatical(Headers headers) {
        for (int i = 0; i < headers.count(); i++) {
            assertThat(FieldGrammar.isToken(headers.bytes(), headers.lineStart(i), headers.nameEnd(i)))
                    .isTrue();
            assertThat(FieldGrammar.isValue(headers.bytes(), headers.valueStart(i), headers.valueEnd(i)))
                    .isTrue();
            assertThat(headers.value(i)).isEqualTo(headers.value(i).strip());
        }
    }

    /// The fields written as a proxy writes them are read back as one request with one framing.
    private static void assertRewritten(Headers headers, long bodyLength) throws IOException {
        long own = FieldName.bits(FieldName.Rule.OWN) | FieldName.bits(FieldName.Rule.HOP_BY_HOP);
        OutgoingHead fields = new OutgoingHead();
        fields.begin(headers, own, null);
        HeadWriter writer = new HeadWriter();
        writer.request(Method.POST, "/x?y", "gateway.test", fields, Math.min(bodyLength, 0), false);
        String octets = Octets.text(Arrays.copyOf(writer.bytes(), writer.length()));
        String body = bodyLength < 0 ? "0\r\n\r\n" : "";
        Request request =
                Objects.requireNonNull(new StrictReader(new ByteArrayInputStream(Octets.of(octets + body))).request());
        assertThat(request.target()).isEqualTo("/x?y");
        assertThat(request.chunked()).isEqualTo(bodyLength < 0);
    }

    @FuzzTest(maxDuration = "2m")
    void responseHead(byte[] data) {
        ResponseParser parser = new ResponseParser();
        ByteBuf in = Unpooled.wrappedBuffer(data);
        switch (parser.parse(in, Method.GET, MAX_HEAD)) {
            case INCOMPLETE, MALFORMED -> assertThat(in.readerIndex()).isZero();
            case HEAD -> {
                assertThat(parser.head().status()).isBetween(100, 599);
                assertThat(parser.bodyLength()).isGreaterThanOrEqualTo(-2);
                assertGrammatical(parser.head().headers());
            }
        }
    }

    /// A chunked body comes out the same whether it arrives at once or octet by octet, and only one that ends as
    /// the grammar says is complete.
    @FuzzTest(maxDuration = "2m")
    void chunkedBody(byte[] data) {
        List<Integer> whole = new ArrayList<>();
        String once = read(data, Math.max(1, data.length), whole);
        List<Integer> pieces = new ArrayList<>();
        assertThat(read(data, 1, pieces)).isEqualTo(once);
        assertThat(pieces).isEqualTo(whole);
    }

    /// Reads `data` in steps; body and outcome as text, the number of octets consumed when complete in `consumed`.
    static String read(byte[] data, int step, List<Integer> consumed) {
        BodyReader reader = new BodyReader();
        reader.begin(ResponseParser.CHUNKED);
        ByteBuf in = Unpooled.buffer(data.length + 1);
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (!reader.done() && !reader.malformed() && at < data.length) {
            int length = Math.min(step, data.length - at);
            in.writeBytes(data, at, length);
            at += length;
            for (ByteBuf piece = reader.next(in); piece != null; piece = reader.next(in)) {
                body.append(Octets.text(ByteBufUtil.getBytes(piece)));
                piece.release();
            }
        }
        if (reader.done()) {
            consumed.add(in.readerIndex());
        }
        return (reader.malformed() ? "malformed" : reader.done() ? "done " + reader.trailers() : "open") + "|"
                + (reader.malformed() ? "" : body);
    }
}
