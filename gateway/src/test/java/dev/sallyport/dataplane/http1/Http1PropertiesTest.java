package dev.sallyport.dataplane.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.message.OutgoingHead;
import dev.sallyport.testing.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Laws of the HTTP/1.1 codec that hold for every valid message.
class Http1PropertiesTest {
    /// A head as written and what it says.
    record Head(Method method, String target, List<String> names, List<String> values) {
        String octets() {
            StringBuilder octets = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
            for (int i = 0; i < names.size(); i++) {
                octets.append(names.get(i)).append(": ").append(values.get(i)).append("\r\n");
            }
            return octets.append("\r\n").toString();
        }
    }

    @Provide
    Arbitrary<Head> heads() {
        Arbitrary<Method> methods =
                Arbitraries.of(Method.GET, Method.HEAD, Method.POST, Method.PUT, Method.PATCH, Method.DELETE);
        Arbitrary<String> targets = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("/%~-._!$&'()*+,;=:@?")
                .ofMaxLength(60)
                .map(rest -> "/" + rest);
        Arbitrary<String> names = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("ABCZ0189-")
                .ofMinLength(1)
                .ofMaxLength(20)
                .map(rest -> "X" + rest);
        Arbitrary<String> values = Arbitraries.strings()
                .withCharRange(' ', '~')
                .withCharRange('\u0080', '\u00ff')
                .withChars("\t")
                .ofMaxLength(60)
                .map(Http1PropertiesTest::trimmed);
        return Combinators.combine(
                        methods,
                        targets,
                        names.list().ofMaxSize(12),
                        values.list().ofSize(12))
                .as((method, target, some, texts) -> new Head(method, target, some, texts.subList(0, some.size())));
    }

    private static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && " \t".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        while (end > start && " \t".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(start, end);
    }

    private static RequestParser parser() {
        return new RequestParser(16 * 1024, 100);
    }

    private static List<String> names(Headers headers) {
        return IntStream.range(0, headers.count()).mapToObj(headers::name).toList();
    }

    private static List<String> values(Headers headers) {
        return IntStream.range(0, headers.count()).mapToObj(headers::value).toList();
    }

    @Property(tries = 300)
    void readsWhatWasWritten(@ForAll("heads") Head head) {
        RequestParser parser = parser();
        ByteBuf in = Unpooled.wrappedBuffer(Octets.of(head.octets() + "rest"));
        assertThat(parser.parse(in)).isEqualTo(RequestParser.Outcome.HEAD);
        assertThat(in.readableBytes()).isEqualTo(4);
        assertSame(parser, head);
    }

    private static void assertSame(RequestParser parser, Head head) {
        assertThat(parser.method()).isEqualTo(head.method());
        assertThat(Octets.text(Arrays.copyOfRange(parser.bytes(), parser.targetStart(), parser.targetEnd())))
                .isEqualTo(head.target());
        assertThat(names(parser.headers())).isEqualTo(head.names());
        assertThat(values(parser.headers())).isEqualTo(head.values());
    }

    @Property(tries = 100)
    void readsTheSameInPieces(@ForAll("heads") Head head) {
        byte[] octets = Octets.of(head.octets());
        RequestParser parser = parser();
        for (int length = 0; length < octets.length; length++) {
            ByteBuf part = Unpooled.wrappedBuffer(octets, 0, length);
            assertThat(parser.parse(part)).isEqualTo(RequestParser.Outcome.INCOMPLETE);
            assertThat(part.readerIndex()).isZero();
        }
        assertThat(parser.parse(Unpooled.wrappedBuffer(octets))).isEqualTo(RequestParser.Outcome.HEAD);
        assertSame(parser, head);
    }

    @Property(tries = 300)
    void readsAgainWhatItWritesAgain(@ForAll("heads") Head head) {
        RequestParser first = parser();
        first.parse(Unpooled.wrappedBuffer(Octets.of(head.octets())));
        OutgoingHead fields = new OutgoingHead();
        fields.begin(first.headers(), 0, null);
        HeadWriter writer = new HeadWriter();
        writer.request(head.method(), head.target(), "gateway.test", fields, -1, false);

        RequestParser second = parser();
        ByteBuf again = Unpooled.wrappedBuffer(writer.bytes(), 0, writer.length());
        assertThat(second.parse(again)).isEqualTo(RequestParser.Outcome.HEAD);
        assertThat(second.bodyLength()).isEqualTo(-1);
        List<String> names = new ArrayList<>(names(second.headers()));
        assertThat(names).contains("host", "transfer-encoding");
        names.removeAll(List.of("host", "transfer-encoding"));
        assertThat(names).isEqualTo(head.names());
    }

    @Property(tries = 300)
    void readsChunksInAnyPieces(
            @ForAll @Size(max = 8) List<@IntRange(min = 1, max = 300) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 40) int step,
            @ForAll boolean upperCase) {
        StringBuilder octets = new StringBuilder();
        StringBuilder body = new StringBuilder();
        for (int size : sizes) {
            String data = "\r\n0;".repeat(size).substring(0, size);
            String digits = Integer.toHexString(size);
            octets.append(upperCase ? digits.toUpperCase(Locale.ROOT) : digits)
                    .append(upperCase ? ";a=\"b\"" : "")
                    .append("\r\n")
                    .append(data)
                    .append("\r\n");
            body.append(data);
        }
        octets.append("0\r\n\r\n");
        byte[] all = Octets.of(octets + "GET /");
        List<Integer> consumed = new ArrayList<>();
        String read = Http1FuzzTest.read(all, step, consumed);
        assertThat(read).isEqualTo("done " + Headers.EMPTY + "|" + body);
        assertThat(consumed).containsExactly(octets.length());
    }
}
