package dev.sallyport.controlplane.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the console's page is and asks, over real sockets; the page itself is tried in a browser elsewhere.
class ConsoleEndpointsIT {
    private static RecordingUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = RecordingUpstream.start();
        gateway = TestGateway.start("""
                version: 1
                listeners: { public: { bind: "127.0.0.1:0" } }
                upstreams: { orders: { endpoints: ["http://127.0.0.1:%d"] } }
                routes:
                  read-orders: { match: { path: "/orders/**" }, access: public, upstream: orders }
                """.formatted(upstream.port()));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    private static Response anybody(String path) throws IOException {
        try (RawClient client = RawClient.connect(gateway.gateway().admin().getPort())) {
            return client.exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
    }

    private static void request(String path) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String told(String path) {
        try {
            return gateway.admin(path).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "console.js", "views.js", "charts.js", "console.css", "uplot.js", "uplot.css", "icon.svg"})
    void AD_05_thePagesFilesAllowNothingForeign(String file) throws IOException {
        Response response = anybody("/console/" + file);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.value("content-security-policy"))
                .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(response.value("x-content-type-options")).isEqualTo("nosniff");
        assertThat(response.body()).isNotEmpty().doesNotContain("onclick=", "style=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/console/live", "/console/history", "/console/refusals", "/console/metrics", "/console/session"
            })
    void AD_01_figuresAreForThoseWithAToken(String path) throws IOException {
        assertThat(anybody(path).status()).isEqualTo(401);
    }

    @Test
    void theRootLeadsToThePage() throws IOException {
        Response response = anybody("/");
        assertThat(response.status()).isEqualTo(302);
        assertThat(response.value("location")).isEqualTo("/console/");
    }

    @Test
    void tellsTheLatestRefusals() {
        request("/nowhere?token=hidden");
        String refusals = Eventually.present("a refusal", () -> {
            String body = told("/console/refusals");
            return body.contains("/nowhere") ? body : null;
        });
        assertThat(refusals)
                .startsWith("[{")
                .contains("\"http.response.status_code\":404")
                .doesNotContain("hidden");
    }

    @Test
    void historyTellsWhatHappened() {
        Eventually.until("the route's requests are in the history", () -> {
            request("/orders/1");
            return Pattern.compile("\"rate\": [1-9]")
                    .matcher(told("/console/history?kind=route&name=read-orders"))
                    .find();
        });
    }

    @Test
    void checksTheConfigurationWithoutTakingIt() throws IOException {
        assertThat(gateway.admin("POST", "/config/check", "").body()).contains("\"outcome\": \"unchanged\"");
        assertThat(gateway.admin("/config/before").status()).isEqualTo(404);
    }
}
