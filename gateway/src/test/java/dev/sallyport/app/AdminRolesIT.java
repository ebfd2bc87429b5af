package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.admin.AdminEndpoint;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Threats AD-01 and AD-03: everything that the admin listener of a real gateway offers is asked with the token that
/// is for
/// looking only, and without any. The list is the gateway's own, so that nothing new is forgotten.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdminRolesIT {
    private static final String OPERATOR = "operator-operator-operator-operator";
    private static final String READER = "reader-reader-reader-reader-reader";

    /// What is no `GET` and changes nothing: questions that are too long for a URL.
    private static final Set<String> QUESTIONS = Set.of("POST /explain", "POST /config/check");

    /// What needs no token: probes, the console's files, its log-in, and its end.
    private static final Set<String> LOG_IN = Set.of("POST /console/session", "DELETE /console/session");

    private static RecordingUpstream upstream;
    private static TestGateway gateway;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(folder.resolve("operator"), OPERATOR);
        Files.writeString(folder.resolve("reader"), READER);
        upstream = RecordingUpstream.start();
        gateway = TestGateway.start("""
                version: 1
                listeners:
                  public: { bind: "127.0.0.1:0" }
                upstreams:
                  only: { endpoints: ["http://127.0.0.1:%1$d"] }
                limits:
                  per-caller: { key: client.address, rate: 100/s }
                routes:
                  all: { match: { path: "/**" }, access: public, upstream: only, limits: [per-caller] }
                behaviour: {}
                admin: { bind: "127.0.0.1:0", token: "${file:%2$s/operator}", read-token: "${file:%2$s/reader}" }
                """.formatted(upstream.port(), folder));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    private static List<AdminEndpoint> offered() {
        return gateway.gateway().offered();
    }

    private static String name(AdminEndpoint endpoint) {
        return endpoint.method() + " " + endpoint.path();
    }

    private static Response ask(AdminEndpoint endpoint, String token) throws IOException {
        int port = gateway.gateway().admin().getPort();
        try (RawClient client = RawClient.connect(port)) {
            return client.exchange(endpoint.method() + " " + endpoint.path() + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                    + (token.isEmpty() ? "" : "\r\nAuthorization: Bearer " + token)
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    }

    @Order(1)
    @TestFactory
    Stream<DynamicTest> AD_03_whoMayOnlyLookChangesNothing() {
        return offered().stream()
                .filter(endpoint -> !endpoint.method().equals("GET"))
                .filter(endpoint -> !LOG_IN.contains(name(endpoint)))
                .map(endpoint -> DynamicTest.dynamicTest(name(endpoint), () -> {
                    Response response = ask(endpoint, READER);
                    if (QUESTIONS.contains(name(endpoint))) {
                        assertThat(response.status()).isNotIn(401, 403);
                    } else {
                        assertThat(response.status()).isEqualTo(403);
                        assertThat(response.body()).contains("admin-read-only");
                    }
                }));
    }

    /// Who guesses for long is not even listened to.
    @Order(2)
    @TestFactory
    Stream<DynamicTest> AD_01_withoutATokenNothingIsToldOrDone() {
        return offered().stream()
                .filter(endpoint -> !LOG_IN.contains(name(endpoint)))
                .filter(endpoint -> !endpoint.method().equals("GET") || endpoint.role() != null)
                .map(endpoint -> DynamicTest.dynamicTest(name(endpoint), () -> {
                    assertThat(ask(endpoint, "").status()).isIn(401, 429);
                    assertThat(ask(endpoint, READER + "x").status()).isIn(401, 429);
                }));
    }

    @Test
    void theListIsWhole() {
        assertThat(offered().stream().map(AdminRolesIT::name))
                .contains(
                        "POST /reload",
                        "POST /alerts/test",
                        "POST /alerts/silences",
                        "DELETE /alerts/silences",
                        "GET /findings")
                .anyMatch(name -> name.startsWith("DELETE /limits") || name.startsWith("POST /limits"))
                .anyMatch(name -> name.startsWith("POST /behaviour"))
                .anyMatch(name -> name.startsWith("POST /revocations"));
    }

    @Test
    void AD_01_onlyProbesAndTheConsolesFilesAreOpen() {
        assertThat(offered().stream()
                        .filter(endpoint ->
                                endpoint.role() == null && endpoint.method().equals("GET"))
                        .map(AdminEndpoint::path))
                .allMatch(path -> path.equals("/livez")
                        || path.equals("/readyz")
                        || path.equals("/")
                        || path.startsWith("/console"));
    }
}
