package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/// `sallyport top` against a running gateway.
class TopIT {
    @Test
    void showsTheBusiestRoutes() throws IOException {
        try (RecordingUpstream upstream = RecordingUpstream.start();
                TestGateway gateway = TestGateway.before(upstream.port())) {
            String picture = Eventually.present("the route is in the picture", () -> {
                request(gateway);
                String now = top(gateway);
                return now.contains("\nall ") ? now : null;
            });
            assertThat(picture).startsWith("gateway ready").contains("ROUTE", "REQUESTS/S", "(all)", " ms");
        }
    }

    private static void request(TestGateway gateway) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.exchange("GET /orders/1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String top(TestGateway gateway) {
        StringWriter out = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(
                        "top",
                        "--once",
                        "--admin",
                        "http://127.0.0.1:" + gateway.gateway().admin().getPort(),
                        "--token",
                        gateway.gateway().adminToken());
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }
}
