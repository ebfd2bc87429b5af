package dev.sallyport.dataplane.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.message.OutgoingHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// HPACK against the examples of RFC 7541 and against Netty's implementation.
class HpackTest {
    private final HpackDecoder decoder = new HpackDecoder();
    private final FieldSection section = new FieldSection(1 << 20, 1000);

    private boolean decode(byte[] block) {
        section.begin();
        return decoder.decode(block, 0, block.length, section);
    }

    private List<String> fields() {
        Headers headers = section.headers();
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < headers.count(); i++) {
            fields.add(headers.name(i) + ": " + headers.value(i));
        }
        return fields;
    }

    private String request() {
        section.finish(FieldSection.Kind.REQUEST);
        assertThat(section.acceptable()).isTrue();
        String path = new String(
                section.pathBytes(),
                section.pathStart(),
                section.pathEnd() - section.pathStart(),
                StandardCharsets.US_ASCII);
        return section.methodOrNull() + " " + section.scheme() + " " + section.authority() + " " + path + " "
                + fields();
    }

    /// RFC 7541 Appendix C.3 (plain) and C.4 (Huffman): three requests on one connection.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "828684410f7777772e6578616d706c652e636f6d 828684be58086e6f2d6361636865"
                        + " 828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
                "828684418cf1e3c2e5f23a6ba0ab90f4ff 828684be5886a8eb10649cbf"
                        + " 828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"
            })
    void readsTheExamplesOfTheStandard(String blocks) {
        List<String> requests = new ArrayList<>();
        for (String block : blocks.split(" ", -1)) {
            assertThat(decode(HexFormat.of().parseHex(block))).isTrue();
            requests.add(request());
        }

        assertThat(requests)
                .containsExactly(
                        "GET http www.example.com / []",
                        "GET http www.example.com / [cache-control: no-cache]",
                        "GET https www.example.com /index.html [custom-key: custom-value]");
    }

    /// RFC 7541 Appendix C.6, with entries that push each other out of a table of 256 octets.
    @Test
    void evictsAsTheStandardHasIt() {
        List<String> blocks = List.of(
                "3fe10148"
                        + "82640258"
                        + "85aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
                "4883640effc1c0bf",
                "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960"
                        + "d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007");
        List<String> responses = new ArrayList<>();
        for (String block : blocks) {
            assertThat(decode(HexFormat.of().parseHex(block))).isTrue();
            section.finish(FieldSection.Kind.RESPONSE);
            responses.add(section.statusCode() + " " + fields());
        }

        assertThat(responses)
                .containsExactly(
                        "302 [cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location:"
                                + " https://www.example.com]",
                        "307 [cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location:"
                                + " https://www.example.com]",
                        "200 [cache-control: private, date: Mon, 21 Oct 2013 20:13:22 GMT, location:"
                                + " https://www.example.com, content-encoding: gzip, set-cookie:"
                                + " foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // index 0
                "be", // an empty dynamic table has no entry 62
                "ff80808080808080808001", // an index beyond all use
                "40", // no name
                "4001", // a name that is cut off
                "40016101", // a value that is cut off
                "408161", // Huffman padding that is not all ones
                "4084ffffffff", // the end of string as a symbol
                "8220", // a size update after a field
                "3fe21f" // a size above what was allowed: 4097
            })
    void refusesWhatIsNotAFieldBlock(String hex) {
        assertThat(decode(HexFormat.of().parseHex(hex))).isFalse();
    }

    private static Http2Headers randomHeaders(Random random) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        headers.method("GET").scheme("http").path("/" + text(random, 12)).authority("a" + random.nextInt(3));
        for (int i = random.nextInt(12); i > 0; i--) {
            headers.add("x-" + (char) ('a' + random.nextInt(6)), text(random, random.nextInt(90)));
        }
        return headers;
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) (random.nextInt(8) == 0 ? 0xa0 + random.nextInt(95) : '!' + random.nextInt(90)));
        }
        return text.toString().strip();
    }

    @Test
    void readsWhatNettyWrites() throws Exception {
        Random random = new Random(7541);
        DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder((name, value) -> random.nextInt(10) == 0);
        for (int round = 0; round < 2000; round++) {
            if (random.nextInt(40) == 0) {
                encoder.configuration().maxHeaderTableSize(random.nextInt(4096));
            }
            Http2Headers headers = randomHeaders(random);
            ByteBuf out = Unpooled.buffer();
            encoder.encodeHeaders(3, headers, out);
            byte[] block = new byte[out.readableBytes()];
            out.readBytes(block);

            assertThat(decode(block)).isTrue();
            section.finish(FieldSection.Kind.REQUEST);
            assertThat(section.authority()).isEqualTo(String.valueOf(headers.authority()));
            List<String> expected = new ArrayList<>();
            for (Map.Entry<CharSequence, CharSequence> field : headers) {
                if (field.getKey().charAt(0) != ':') {
                    expected.add(field.getKey() + ": " + field.getValue());
                }
            }
            assertThat(fields()).isEqualTo(expected);
        }
    }

    @Test
    void writesWhatNettyReads() throws Exception {
        Random random = new Random(9113);
        HpackEncoder encoder = new HpackEncoder();
        DefaultHttp2HeadersDecoder netty = new DefaultHttp2HeadersDecoder(false, 1 << 20);
        OutgoingHead head = new OutgoingHead();
        for (int round = 0; round < 3000; round++) {
            if (random.nextInt(50) == 0) {
                int size = random.nextInt(3) == 0 ? 0 : random.nextInt(5000);
                netty.configuration().maxHeaderTableSize(size);
                encoder.capacity(size);
            }
            List<String> expected = new ArrayList<>(List.of(":status: " + (200 + random.nextInt(300))));
            Headers.Builder received = new Headers.Builder();
            for (int i = random.nextInt(12); i > 0; i--) {
                String name = List.of("Server", "X-Thing", "etag", "Set-Cookie", "AGE")
                        .get(random.nextInt(5));
                String value = "v" + random.nextInt(3) + "-".repeat(random.nextInt(60));
                received.add(name, value);
                expected.add(name.toLowerCase(Locale.ROOT) + ": " + value);
            }
            head.begin(received.build(), 0, null);
            encoder.begin();
            encoder.status(Integer.parseInt(expected.getFirst().substring(9)));
            encoder.fields(head);
            int length = encoder.length() - Frames.HEADER_LENGTH;
            Http2Headers decoded =
                    netty.decodeHeaders(1, Unpooled.wrappedBuffer(encoder.block(), Frames.HEADER_LENGTH, length));
            List<String> found = new ArrayList<>();
            for (Map.Entry<CharSequence, CharSequence> field : decoded) {
                found.add(field.getKey() + ": " + field.getValue());
            }
            assertThat(found).isEqualTo(expected);
        }
    }

    @Test
    void needsOneOctetForAFieldThatRepeats() {
        HpackEncoder encoder = new HpackEncoder();
        OutgoingHead head = new OutgoingHead();
        int length = 0;
        for (int round = 0; round < 3; round++) {
            head.begin(Headers.of("Server", "nginx", "X-Thing", "some value that repeats"), 0, null);
            encoder.begin();
            encoder.status(200);
            encoder.fields(head);
            length = encoder.length() - Frames.HEADER_LENGTH;
        }
        assertThat(length).isEqualTo(3);
    }

    @Test
    void keepsCredentialsOutOfTheTable() {
        HpackEncoder encoder = new HpackEncoder();
        OutgoingHead head = new OutgoingHead();
        for (int round = 0; round < 3; round++) {
            head.begin(Headers.of("authorization", "Bearer abc", "cookie", "a=b", "set-cookie", "c=d"), 0, null);
            encoder.begin();
            encoder.fields(head);
            String block = new String(
                    encoder.block(),
                    Frames.HEADER_LENGTH,
                    encoder.length() - Frames.HEADER_LENGTH,
                    StandardCharsets.ISO_8859_1);
            // 0001xxxx: a literal that no intermediary may index; 23, 32 and 55 are the names
            assertThat(block).isEqualTo("\u001f\u0008\nBearer abc\u001f\u0011\u0003a=b\u001f(\u0003c=d");
        }
    }

    @Test
    void DO_10_usesNoLargerTableThanItsOwn() {
        HpackEncoder encoder = new HpackEncoder();
        encoder.capacity(0xffffffffL);
        encoder.begin();
        assertThat(encoder.length()).isEqualTo(Frames.HEADER_LENGTH);
    }
}
