package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Any valid message passes the gateway unharmed, however it is framed and cut into packets (oracles G2 and G3).
class PassageIT {
    private static final RecordingUpstream UPSTREAM = RecordingUpstream.start();
    private static final TestGateway GATEWAY = TestGateway.of(Backends.yaml(UPSTREAM.port()));

    @BeforeContainer
    static void start() {
        GATEWAY.start();
    }

    @AfterContainer
    static void stop() throws IOException {
        GATEWAY.close();
        UPSTREAM.close();
    }

    /// A message: method, path, fields and body, and whether the body is sent in chunks.
    record Message(String method, String path, List<String> values, String body, boolean chunked) {
        String octets() {
            StringBuilder octets = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: gateway.test\r\n");
            for (int i = 0; i < values.size(); i++) {
                octets.append("X-Field-")
                        .append(i)
                        .append(": ")
                        .append(values.get(i))
                        .append("\r\n");
            }
            return octets + framed(body, chunked);
        }
    }

    private static String framed(String body, boolean chunked) {
        if (!chunked) {
            return "Content-Length: " + body.length() + "\r\n\r\n" + body;
        }
        StringBuilder octets = new StringBuilder("Transfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < body.length(); i += 100) {
            String piece = body.substring(i, Math.min(body.length(), i + 100));
            octets.append(Integer.toHexString(piece.length()))
                    .append("\r\n")
                    .append(piece)
                    .append("\r\n");
        }
        return octets.append("0\r\n\r\n").toString();
    }

    @Provide
    Arbitrary<Message> messages() {
        Arbitrary<String> paths = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("0-._~!$&'()*+,=:@")
                .ofMinLength(3)
                .ofMaxLength(40)
                .map(segment -> "/" + segment);
        Arbitrary<String> values = Arbitraries.strings()
                .withCharRange('!', '~')
                .withCharRange('\u0080', '\u00ff')
                .ofMaxLength(80);
        return Combinators.combine(
                        Arbitraries.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
                        paths,
                        values.list().ofMaxSize(10),
                        Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(3_000),
                        Arbitraries.of(true, false))
                .as(Message::new);
    }

    @Property(tries = 150)
    void anyRequestArrivesAsItWasSent(
            @ForAll("messages") Message message, @ForAll @IntRange(min = 1, max = 2_000) int packet)
            throws IOException {
        UPSTREAM.answerByDefault().clear();
        try (RawClient client = RawClient.connect(GATEWAY.port())) {
            Response response = client.sendInPieces(message.octets(), packet).response();
            assertThat(response.status()).as(response.body()).isEqualTo(200);
        }
        Request arrived = UPSTREAM.lastRequest();
        assertThat(UPSTREAM.violations()).isEmpty();
        assertThat(arrived.method()).isEqualTo(message.method());
        assertThat(arrived.target()).isEqualTo(message.path());
        assertThat(arrived.body()).isEqualTo(message.body());
        List<String> values = new ArrayList<>();
        for (int i = 0; i < message.values().size(); i++) {
            values.add(arrived.value("X-Field-" + i));
        }
        assertThat(values).isEqualTo(message.values());
    }

    @Property(tries = 150)
    void anyResponseArrivesAsItWasSent(@ForAll("messages") Message message) throws IOException {
        UPSTREAM.clear();
        UPSTREAM.answer(request -> "HTTP/1.1 200 OK\r\n" + framed(message.body(), message.chunked()));
        try (RawClient client = RawClient.connect(GATEWAY.port())) {
            for (int i = 0; i < 2; i++) {
                Response response = client.exchange(Messages.get("/" + i));
                assertThat(response.body()).isEqualTo(message.body());
                assertThat(response.chunked()).isEqualTo(message.chunked());
            }
        }
    }
}
