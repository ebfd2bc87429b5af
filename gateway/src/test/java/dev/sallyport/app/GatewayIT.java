package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.controlplane.reload.ReloadResult;
import dev.sallyport.controlplane.reload.Trigger;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Start, reload and stop of the whole gateway over real sockets.
class GatewayIT {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final RecordingUpstream upstream = RecordingUpstream.start();
    private Path config = Path.of("");

    @BeforeEach
    void writeConfig() throws IOException {
        config = folder.resolve("gateway.yaml");
        Files.writeString(config, yaml("/one"));
    }

    @AfterEach
    void closeUpstream() throws IOException {
        upstream.close();
    }

    /// A configuration with a route for everything below `/load`, and one for `path`.
    private String yaml(String path) {
        return yaml(path, "", "");
    }

    private String yaml(String path, String moreListeners, String moreRoutes) {
        return """
                version: 1
                listeners:
                  web: { bind: 127.0.0.1:0 }
                %s
                upstreams:
                  app: { endpoints: ["http://127.0.0.1:%d"] }
                routes:
                  load: { match: { path: "/load/**" }, access: public, upstream: app }
                  changing: { match: { path: "%s" }, access: public, upstream: app }
                %s
                admin: { bind: 127.0.0.1:0 }
                """.formatted(moreListeners, upstream.port(), path, moreRoutes);
    }

    private Gateway start(boolean watch) throws StartException {
        return Gateway.start(
                config,
                GatewayOptions.usual()
                        .withLoops(2)
                        .withWatch(watch)
                        .withLog(new EventLog(log, EventLog.Format.LOGFMT))
                        .withStandardOut(new ByteArrayOutputStream()));
    }

    @Test
    void forwardsAndAnswersOnItsPorts() throws Exception {
        try (Gateway gateway = start(false)) {
            assertThat(get(gateway.port("web"), "/one").body()).isEqualTo("GET /one");
            assertThat(get(gateway.port("web"), "/unknown").status()).isEqualTo(404);
            assertThat(admin(gateway, "GET", "/status").body()).contains("\"state\": \"ready\"", "\"web\"");
            assertThat(admin(gateway, "GET", "/routes").body()).contains("\"changing\"", "\"public\"");
            assertThat(admin(gateway, "GET", "/metrics").body())
                    .contains("sallyport_config_reloads_total{outcome=\"applied\"} 1")
                    .contains("http_server_request_duration_seconds_count");
            assertThat(get(gateway.admin().getPort(), "/readyz").status()).isEqualTo(200);
        }
    }

    @Test
    void takesAChangedFileIntoUse() throws Exception {
        try (Gateway gateway = start(true)) {
            Path next = Files.writeString(folder.resolve("next"), yaml("/two"));
            Files.move(next, config, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Eventually.until("the new route", () -> status(gateway.port("web"), "/two") == 200);
            assertThat(get(gateway.port("web"), "/one").status()).isEqualTo(404);
            Eventually.until(
                    "a line about it",
                    () -> log.toString(StandardCharsets.UTF_8).contains("config.trigger=file-change"));
        }
    }

    @Test
    void reloadsWhenTheAdminListenerIsAsked() throws Exception {
        try (Gateway gateway = start(false)) {
            Files.writeString(config, yaml("/two"));
            Response response = admin(gateway, "POST", "/reload");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).contains("\"applied\"", "\"2-");
            assertThat(get(gateway.port("web"), "/two").status()).isEqualTo(200);
            assertThat(admin(gateway, "POST", "/reload").body()).contains("\"unchanged\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version: 1\nlisteners:\n  web: { bind: 127.0.0.1:0 }\nroutes:\n  a: { match: {}, access: pub",
                "",
                "nonsense",
                "version: 1\nlisteners: { web: { bind: 127.0.0.1:0 } }\nroutes: { a: { match: {}, access: public, upstream: none } }",
                "version: 1\nlisteners: { web: { bind: 127.0.0.1:0 } }\nroutes: { a: { match: {}, respond: {} } }",
                "version: 1\nlisteners: { web: { bind: 127.0.0.1:0, tls: { certificates: [{ chain: no.pem, key: no.pem }] } } }\nroutes: { a: { match: {}, access: public, respond: {} } }",
                "version: 1\nversion: 1\n",
                "\u00ff\u00fe"
            })
    void FA_10_refusedFileLeavesTheOldOneServing(String broken) throws Exception {
        try (Gateway gateway = start(true);
                RawClient open = RawClient.connect(gateway.port("web"))) {
            assertThat(open.exchange(request("/one")).status()).isEqualTo(200);
            Files.write(config, broken.getBytes(StandardCharsets.ISO_8859_1));
            Eventually.until("the refusal", () -> gateway.status().refused() != null);

            assertThat(open.exchange(request("/one")).status()).isEqualTo(200);
            assertThat(get(gateway.port("web"), "/one").status()).isEqualTo(200);
            assertThat(get(gateway.admin().getPort(), "/readyz").status()).isEqualTo(200);
            Response reload = admin(gateway, "POST", "/reload");
            assertThat(reload.status()).isEqualTo(422);
            assertThat(reload.body()).contains("\"line\"", "gateway.yaml");
            assertThat(admin(gateway, "GET", "/status").body()).contains("\"refused\": {");
            assertThat(admin(gateway, "GET", "/metrics").body()).contains("sallyport_config_last_reload_successful 0");

            Files.writeString(config, yaml("/two"));
            Eventually.until("the good one", () -> status(gateway.port("web"), "/two") == 200);
            Eventually.until("nothing refused", () -> gateway.status().refused() == null);
        }
    }

    @Test
    void FA_10_missingFileLeavesTheOldOneServing() throws Exception {
        try (Gateway gateway = start(false)) {
            Files.delete(config);
            assertThat(gateway.reload(Trigger.ADMIN)).isInstanceOf(ReloadResult.Refused.class);
            assertThat(get(gateway.port("web"), "/one").status()).isEqualTo(200);
        }
    }

    @Test
    void FA_10_portInUseRefusesTheWholeReload() throws Exception {
        try (Gateway gateway = start(false);
                ServerSocket taken = new ServerSocket(0)) {
            Files.writeString(
                    config, yaml("/two", "  more: { bind: \"127.0.0.1:%d\" }".formatted(taken.getLocalPort()), ""));
            assertThat(gateway.reload(Trigger.ADMIN)).isInstanceOfSatisfying(ReloadResult.Refused.class, refused -> {
                assertThat(refused.problems()).hasSize(1);
                assertThat(refused.problems().getFirst().toString()).contains("more", "in use");
            });
            assertThat(get(gateway.port("web"), "/one").status()).isEqualTo(200);
            assertThat(get(gateway.port("web"), "/two").status()).isEqualTo(404);
        }
    }

    @Test
    void listenersComeAndGoWhileOthersKeepTheirConnections() throws Exception {
        try (Gateway gateway = start(false);
                RawClient open = RawClient.connect(gateway.port("web"))) {
            assertThat(open.exchange(request("/one")).status()).isEqualTo(200);

            Files.writeString(config, yaml("/one", "  more: { bind: 127.0.0.1:0 }", ""));
            assertThat(gateway.reload(Trigger.ADMIN)).isInstanceOf(ReloadResult.Applied.class);
            int more = gateway.port("more");
            assertThat(get(more, "/one").status()).isEqualTo(200);
            assertThat(open.exchange(request("/one")).status()).isEqualTo(200);

            Files.writeString(config, yaml("/one"));
            assertThat(gateway.reload(Trigger.ADMIN)).isInstanceOf(ReloadResult.Applied.class);
            Eventually.until("the port to be closed", () -> status(more, "/one") < 0);
            assertThat(open.exchange(request("/one")).status()).isEqualTo(200);
        }
    }

    @Test
    void FA_10_twoHundredReloadsUnderLoadLoseNoRequest() throws Exception {
        try (Gateway gateway = start(false);
                Load load = Load.on(gateway.port("web"), "/load/x", 8)) {
            for (int i = 0; i < 200; i++) {
                String listener = i % 3 == 0 ? "  more: { bind: 127.0.0.1:0 }" : "";
                String limits = i % 5 == 0
                        ? "  web: { bind: 127.0.0.1:0, limits: { headers: %d } }".formatted(50 + i)
                        : "  web: { bind: 127.0.0.1:0 }";
                String yaml = yaml("/route-" + i, listener, "")
                        .replace("  web: { bind: 127.0.0.1:0 }", limits)
                        .replace(
                                "app: { endpoints",
                                i % 2 == 0 ? "app: { balance: random, endpoints" : "app: { endpoints");
                Files.writeString(config, yaml);
                ReloadResult result = i % 7 == 0 ? refusedFirst(gateway, yaml) : gateway.reload(Trigger.ADMIN);
                assertThat(result).isInstanceOf(ReloadResult.Applied.class);
                load.awaitAnswers(5);
            }
            assertThat(load.lost()).isEmpty();
            assertThat(load.answered()).isGreaterThan(1000);
            assertThat(Objects.requireNonNull(gateway.status().version()).sequence())
                    .isEqualTo(201);
        }
    }

    private ReloadResult refusedFirst(Gateway gateway, String yaml) throws IOException {
        Files.writeString(config, yaml + "unknown: 1\n");
        assertThat(gateway.reload(Trigger.ADMIN)).isInstanceOf(ReloadResult.Refused.class);
        Files.writeString(config, yaml);
        return gateway.reload(Trigger.ADMIN);
    }

    @Test
    void stoppingUnderLoadLosesNoRequest() throws Exception {
        Gateway gateway = start(false);
        try (Load load = Load.on(gateway.port("web"), "/load/x", 8)) {
            load.awaitAnswers(200);
            gateway.stop(Duration.ZERO, DRAIN);
            load.join();
            assertThat(load.lost()).isEmpty();
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("event=drain.done");
    }

    @Test
    void isNotReadyWhileDraining() throws Exception {
        Gateway gateway = start(false);
        int admin = gateway.admin().getPort();
        Thread stopping = Thread.ofVirtual().start(() -> gateway.stop(Duration.ofSeconds(3), DRAIN));
        Eventually.until("draining", () -> status(admin, "/readyz") == 503);
        assertThat(get(admin, "/livez").status()).isEqualTo(200);
        assertThat(get(gateway.port("web"), "/one").status()).isEqualTo(200);
        stopping.join();
        assertThat(status(admin, "/readyz")).isNegative();
    }

    @Test
    void AD_06_noSecretInAnythingItTells() throws Exception {
        Files.writeString(folder.resolve("secret"), "canary-in-a-secret-file\n");
        Files.writeString(folder.resolve("token"), "canary-in-the-admin-token\n");
        Files.writeString(
                config,
                yaml("/one")
                        .replace("upstream: app }\n  changing", """
                                upstream: app, rewrite: { headers: { request: { set: { X-Key: "${file:secret}" } } } } }
                                  changing""")
                        .replace("127.0.0.1:0 }\n", "127.0.0.1:0 }\n")
                        .replace("admin: { bind: 127.0.0.1:0", "admin: { token: \"${file:token}\", bind: 127.0.0.1:0"));
        try (Gateway gateway = start(false)) {
            assertThat(get(gateway.port("web"), "/load/x").status()).isEqualTo(200);
            assertThat(upstream.lastRequest().toString()).contains("canary-in-a-secret-file");
            for (String page : new String[] {"/config", "/status", "/routes", "/metrics", "/version"}) {
                Response response = admin(gateway, "GET", page);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).doesNotContain("canary");
            }
            assertThat(admin(gateway, "GET", "/config").body()).contains("${file:secret}");
        }
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("canary");
    }

    @Test
    void anUnusableConfigurationDoesNotStart() throws Exception {
        Files.writeString(config, "version: 2\n");
        assertThatThrownBy(() -> start(false))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.problems()).hasSizeGreaterThan(1));
    }

    private static String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private static Response get(int port, String path) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            return client.exchange(request(path));
        }
    }

    /// The status of an answer, −1 when there is none.
    private static int status(int port, String path) {
        try {
            return get(port, path).status();
        } catch (IOException e) {
            return -1;
        }
    }

    private static Response admin(Gateway gateway, String method, String path) throws IOException {
        try (RawClient client = RawClient.connect(gateway.admin().getPort())) {
            return client.exchange(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + gateway.adminToken() + "\r\n\r\n");
        }
    }
}
