package dev.sallyport.identity;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// A Keycloak of the Maven distribution on a loopback port, in development mode, with the realm of the tests.
final class Keycloak implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(4);
    private static final String ADMIN = "admin";
    private static final String ADMIN_PASSWORD = "admin-of-the-tests";

    private final Process process;
    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    private Keycloak(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /// A free port; nobody else takes it before it is used, unless chance wills it.
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// @param gateway   the public URL of the gateway
    /// @param authority in PEM, of the gateway's certificate
    static Keycloak start(Path folder, String gateway, Path authority) throws IOException {
        Path home = Path.of(Objects.requireNonNull(System.getProperty("keycloak.home"), "keycloak.home"));
        int port = freePort();
        Path imported = Files.createDirectories(home.resolve("data").resolve("import"));
        Files.writeString(imported.resolve("sallyport-realm.json"), realm().replace("GATEWAY", gateway));
        ProcessBuilder builder = new ProcessBuilder(
                "sh",
                home.resolve("bin").resolve("kc.sh").toString(),
                "start-dev",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--truststore-paths=" + authority,
                "--import-realm");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN);
        builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN_PASSWORD);
        Path log = folder.resolve("keycloak.log");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Keycloak keycloak = new Keycloak(process, "http://127.0.0.1:" + port);
        try {
            keycloak.awaitRealm(log);
            return keycloak;
        } catch (IOException | RuntimeException | Error e) {
            keycloak.close();
            throw e;
        }
    }

    private static String realm() throws IOException {
        try (InputStream in = Objects.requireNonNull(Keycloak.class.getResourceAsStream("realm.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void awaitRealm(Path log) throws IOException {
        long deadline = System.nanoTime() + STARTS_WITHIN.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("Keycloak does not start:\n" + Files.readString(log));
            }
            try {
                // until it ends or some time has passed; the loop looks which
                process.waitFor(500, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    private boolean answers() {
        try {
            return send(HttpRequest.newBuilder(URI.create(issuer() + "/.well-known/openid-configuration"))
                                    .timeout(Duration.ofSeconds(5)))
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    String issuer() {
        return url + "/realms/sallyport";
    }

    String url() {
        return url;
    }

    /// An access token of a client's own (client credentials).
    ///
    /// @param fields more fields of the request, names and values in turn, such as a DPoP proof
    String clientToken(String client, String secret, String... fields) throws IOException {
        Map<String, Object> answer = form(
                issuer() + "/protocol/openid-connect/token",
                Map.of("grant_type", "client_credentials", "client_id", client, "client_secret", secret),
                fields);
        return String.valueOf(answer.get("access_token"));
    }

    private String adminToken() throws IOException {
        Map<String, Object> answer = form(
                url + "/realms/master/protocol/openid-connect/token",
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "admin-cli",
                        "username",
                        ADMIN,
                        "password",
                        ADMIN_PASSWORD));
        return String.valueOf(answer.get("access_token"));
    }

    private Map<String, Object> form(String to, Map<String, String> pairs, String... fields) throws IOException {
        StringBuilder body = new StringBuilder();
        pairs.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(to))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        HttpResponse<String> answer = send(request);
        if (answer.statusCode() != 200) {
            throw new AssertionError(to + ": " + answer.statusCode() + " " + answer.body());
        }
        try {
            return JSONObjectUtils.parse(answer.body());
        } catch (ParseException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    /// The id of a user.
    String userId(String name) throws IOException {
        String users = admin("GET", "/users?exact=true&username=" + name);
        int at = users.indexOf("\"id\":\"") + 6;
        return users.substring(at, users.indexOf('"', at));
    }

    /// The sessions of a user, as JSON.
    String sessions(String userId) throws IOException {
        return admin("GET", "/users/" + userId + "/sessions");
    }

    /// An administrator logs a user out everywhere.
    void logOut(String userId) throws IOException {
        admin("POST", "/users/" + userId + "/logout");
    }

    private String admin(String method, String path) throws IOException {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(url + "/admin/realms/sallyport" + path))
                .header("Authorization", "Bearer " + adminToken())
                .method(method, HttpRequest.BodyPublishers.noBody()));
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
