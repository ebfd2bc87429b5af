package dev.sallyport.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real Prometheus scrapes a gateway with the token of readers, and takes the rules that come with the product.
class PrometheusIT {
    private static final String TOKEN = "reader-of-the-prometheus-tests";
    private static final Path EXAMPLES = Path.of("../examples/prometheus");

    @TempDir
    private Path folder = Path.of("");

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    @Test
    void promtoolTakesTheRules() throws IOException, InterruptedException {
        assertThat(run(List.of(
                        "promtool",
                        "check",
                        "rules",
                        EXAMPLES.resolve("sallyport-rules.yaml").toString())))
                .contains("SUCCESS");
    }

    @Test
    void prometheusScrapesAndKnowsWhatTheDashboardAsks() throws IOException, InterruptedException {
        int port = Keycloak.freePort();
        Files.writeString(folder.resolve("admin-read-token"), TOKEN);
        try (RecordingUpstream upstream = RecordingUpstream.start();
                TestGateway gateway = TestGateway.start("""
                        version: 1
                        listeners: { public: { bind: "127.0.0.1:0" } }
                        upstreams: { orders: { endpoints: ["http://127.0.0.1:%d"] } }
                        routes: { orders: { match: { path: "/orders/**" }, access: public, upstream: orders } }
                        admin: { bind: "127.0.0.1:0", read-token: "${file:%s/admin-read-token}" }
                        """.formatted(upstream.port(), folder));
                RawClient client = RawClient.connect(gateway.port())) {
            client.exchange("GET /orders/1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Files.copy(EXAMPLES.resolve("sallyport-rules.yaml"), folder.resolve("sallyport-rules.yaml"));
            Path configuration = Files.writeString(
                    folder.resolve("prometheus.yaml"),
                    Files.readString(EXAMPLES.resolve("prometheus.yaml"))
                            .replace("9901", String.valueOf(gateway.gateway().admin().getPort()))
                            .replace("10s", "200ms"));
            Process prometheus = new ProcessBuilder(
                            "prometheus",
                            "--config.file=" + configuration,
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.txt").toFile())
                    .start();
            try (HttpClient asker = HttpClient.newHttpClient()) {
                Eventually.until("the gateway is scraped", () -> value(asker, port, "up{job=\"sallyport\"} == 1"));
                Eventually.until(
                        "the request is counted",
                        () -> value(
                                asker,
                                port,
                                "http_server_request_duration_seconds_count{gateway_route=\"orders\",http_response_status_code=\"200\"} >= 1"));
                // every expression of the dashboard is one
                Matcher expressions = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"")
                        .matcher(Files.readString(EXAMPLES.resolve("sallyport-dashboard.json")));
                int asked = 0;
                while (expressions.find()) {
                    String expression = expressions.group(1).replace("\\\"", "\"").replace("$__rate_interval", "1m");
                    assertThat(answer(asker, port, expression)).as(expression).contains("\"status\":\"success\"");
                    asked++;
                }
                assertThat(asked).isGreaterThan(20);
            } finally {
                prometheus.destroy();
                assertThat(prometheus.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    private static boolean value(HttpClient asker, int port, String expression) {
        return answer(asker, port, expression).contains("\"value\":[");
    }

    private static String answer(HttpClient asker, int port, String expression) {
        String query = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        URI url = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query=" + query);
        try {
            return asker.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (ConnectException e) {
            return ""; // it has not begun to listen
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
