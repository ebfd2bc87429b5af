package dev.sallyport.dataplane.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {
    private final BodyReader reader = new BodyReader();

    private String readAll(ByteBuf in) {
        StringBuilder text = new StringBuilder();
        ByteBuf piece;
        while ((piece = reader.next(in)) != null) {
            text.append(piece.toString(StandardCharsets.US_ASCII));
            piece.release();
        }
        return text.toString();
    }

    private static ByteBuf octets(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    @Test
    void readsAKnownLengthAndNoMore() {
        reader.begin(5);
        ByteBuf in = octets("helloGET");
        assertThat(readAll(in)).isEqualTo("hello");
        assertThat(reader.done()).isTrue();
        assertThat(in.readableBytes()).isEqualTo(3);
    }

    @Test
    void readsChunksAndTrailers() {
        reader.begin(ResponseParser.CHUNKED);
        ByteBuf in = octets("5;a=\"b\"\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\nGET");
        assertThat(readAll(in)).isEqualTo("hello0123456789");
        assertThat(reader.done()).isTrue();
        assertThat(reader.trailers().first("x-sum")).isEqualTo("1");
        assertThat(in.readableBytes()).isEqualTo(3);
    }

    @Property(tries = 200)
    void readsTheSameInAnySplit(@ForAll @IntRange(min = 1, max = 60) int cut) {
        String body = "5\r\nhello\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nA: b\r\n\r\n";
        reader.begin(ResponseParser.CHUNKED);
        ByteBuf in = octets(body.substring(0, Math.min(cut, body.length())));
        String text = readAll(in);
        in.writeBytes(octets(body.substring(Math.min(cut, body.length()))));
        text += readAll(in);
        assertThat(text).isEqualTo("helloabcdefghijklmnopqrstuvwxyz");
        assertThat(reader.done()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "100000004000000000\r\n",
                "FFFFFFFFFFFFFFFF\r\n",
                "00000000000000005\r\n",
                "0x5\r\nhello\r\n",
                "+5\r\nhello\r\n",
                "-1\r\n",
                "5 \r\nhello\r\n",
                " 5\r\nhello\r\n",
                "0_2e\r\n",
                "5\0\r\n",
                "\r\n",
                ";a\r\n",
                "5\nhello\r\n",
                "5\rXhello",
                "5;\nhello",
                "5;a\0\r\n",
                "5;a=\"\r\n0\r\n\r\nGET",
                "5\r\nhelloXX",
                "5\r\nhello\n",
                "0\r\nA : b\r\n\r\n",
                "0\r\nA: b\n\r\n",
            })
    void refusesBadChunks(String octets) {
        reader.begin(ResponseParser.CHUNKED);
        readAll(octets(octets));
        assertThat(reader.malformed()).isTrue();
    }

    @Test
    void SM_17_limitsChunkExtensions() {
        reader.begin(ResponseParser.CHUNKED);
        readAll(octets(("1;" + "a".repeat(8000) + "\r\nx\r\n").repeat(3)));
        assertThat(reader.malformed()).isTrue();
    }

    @Test
    void neverEndsByItselfWhenTheConnectionEndsIt() {
        reader.begin(ResponseParser.UNTIL_CLOSE);
        assertThat(readAll(octets("abc"))).isEqualTo("abc");
        assertThat(reader.done()).isFalse();
        assertThat(reader.endsWithConnection()).isTrue();
    }
}
