package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeIssuer;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import dev.sallyport.testing.TestKey;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a running gateway explains of a request is what it does with it.
class ExplainIT {
    private static final TestKey KEY = TestKey.of("explained", "ES256");

    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final FakeIssuer issuer = FakeIssuer.of(KEY);

    @TempDir
    private Path folder = Path.of("");

    private TestGateway gateway = TestGateway.of("");

    @BeforeEach
    void start() {
        gateway = TestGateway.start("""
                version: 1
                listeners:
                  public:
                    bind: 127.0.0.1:0
                upstreams:
                  only: { endpoints: ["http://127.0.0.1:%1$d"] }
                authenticators:
                  staff: { kind: jwt, issuer: "%2$s", audience: orders, principal: { roles: roles } }
                  till: { kind: jwt, issuer: "%2$s", audience: till, max-lifetime: 5m, replay: { single-use: true } }
                roles:
                  clerk: { permissions: ["orders:read"] }
                routes:
                  orders:
                    match: { methods: [GET], path: "/orders/{id}" }
                    access:
                      authenticate: [staff]
                      require: orders:read
                      when: 'path.id != "9"'
                      deny: [{ when: 'principal.id == "bob"' }]
                    rewrite: { path: "/v1/orders/{id}" }
                    upstream: only
                  payments: { match: { path: /payments }, access: { authenticate: [till] }, upstream: only }
                  open: { match: { path: "/open/**" }, access: public, upstream: only }
                """.formatted(upstream.port(), issuer.name()));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        issuer.close();
        upstream.close();
    }

    private String token(String subject, String audience, long lifetime, String roles) {
        long now = System.currentTimeMillis() / 1000;
        return KEY.token("{\"iss\":\"" + issuer.name() + "\",\"sub\":\"" + subject + "\",\"aud\":\"" + audience
                + "\",\"jti\":\"" + subject + "-1\",\"iat\":" + (now - 100) + ",\"exp\":" + (now + lifetime)
                + ",\"roles\":[" + roles + "]}");
    }

    /// What was said, by the command or its endpoint.
    private record Said(int code, String text) {}

    private Said explain(String body) throws IOException {
        return explain(body, gateway.gateway().adminToken(), "application/json");
    }

    private Said explain(String body, String adminToken, String type) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + gateway.gateway().admin().getPort() + "/explain")
                        .toURL()
                        .openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Authorization", "Bearer " + adminToken);
        connection.setRequestProperty("Content-Type", type);
        connection.setRequestProperty("Accept", "text/plain");
        connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
        int status = connection.getResponseCode();
        var in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        return new Said(status, in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    private static String question(String method, String url, String further) {
        return "{\"method\":\"" + method + "\",\"url\":\"" + url + "\"" + further + "}";
    }

    private Response really(String method, String target, String fields) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(
                    method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n");
            return method.equals("HEAD") ? client.responseToHead() : client.response();
        }
    }

    @Test
    void saysWhatTheGatewayDoes() throws IOException {
        String clerk = token("anna", "orders", 200, "\"clerk\"");
        List<String> wrong = new ArrayList<>();
        for (String target : List.of(
                "/orders/7",
                "/orders/9",
                "/orders/7/8",
                "/orders/a;b",
                "/orders/..%2f7",
                "/open/a?b=c",
                "/open//x",
                "/nowhere",
                "/%")) {
            for (String method : List.of("GET", "HEAD", "POST", "TRACE", "BREW", "OPTIONS")) {
                for (String token : List.of(
                        "",
                        clerk,
                        token("bob", "orders", 200, "\"clerk\""),
                        token("carol", "orders", 200, ""),
                        token("dave", "orders", -90, "\"clerk\""),
                        token("erin", "elsewhere", 200, "\"clerk\""),
                        "rubbish")) {
                    upstream.clear();
                    Response response =
                            really(method, target, token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n");
                    String body = question(method, target, token.isEmpty() ? "" : ",\"token\":\"" + token + "\"");
                    Said said = explain(body);
                    boolean forwarded = !upstream.requests().isEmpty();
                    String expected =
                            forwarded || response.status() == 204 ? "ALLOWED" : "REFUSED " + response.status();
                    if (said.code != 200
                            || !said.text.startsWith(expected)
                            || (forwarded
                                    && !said.text.contains(
                                            upstream.lastRequest().target()))) {
                        wrong.add(method + " " + target + ": " + expected + ", but explained:\n" + said.text);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void neverUsesUpATokenThatWorksOnce() throws IOException {
        String once = token("anna", "till", 100, "");
        Said said = explain(question("POST", "/payments", ",\"token\":\"" + once + "\""));
        assertThat(said.code).isEqualTo(422);
        assertThat(said.text).contains("till takes each credential once");
    }

    @Test
    void answersOnlyThoseWhoHaveTheAdminToken() throws IOException {
        assertThat(explain(question("GET", "/orders/7", ""), "wrong", "application/json").code)
                .isEqualTo(401);
        assertThat(explain(question("GET", "/orders/7", ""), gateway.gateway().adminToken(), "text/plain").code)
                .isEqualTo(415);
        Said unknown = explain(question("GET", "/orders/7", ",\"rolls\":[\"clerk\"]"));
        assertThat(unknown.code).isEqualTo(422);
        assertThat(unknown.text).contains("did you mean `roles`?");
    }

    @Test
    void commandAsksTheRunningGatewayAndReadsItsLog() throws IOException {
        Response refused = really(
                "GET", "/orders/9", "Authorization: Bearer " + token("anna", "orders", 200, "\"clerk\"") + "\r\n");
        assertThat(refused.status()).isEqualTo(403);
        LogLine line = Eventually.present(
                "the line",
                () -> gateway.log().stream()
                        .filter(one -> one.field("url.path").equals("/orders/9"))
                        .findFirst()
                        .orElse(null));
        assertThat(line.text()).contains("\"user.roles\":[\"clerk\"]");
        Path log = Files.writeString(folder.resolve("access.jsonl"), gateway.logText());
        Path config = gateway.file();
        Said again =
                command("--request", line.field("http.request.id"), "--log", log.toString(), "-c", config.toString());
        assertThat(again.code).as(again.text).isEqualTo(ExitCode.REFUSED);
        assertThat(again.text)
                .contains("logged ", "refused 403 condition-unmet by when", "REFUSED 403 condition-unmet  by when");
    }

    private static Said command(String... options) {
        List<String> line = new ArrayList<>(List.of("explain"));
        line.addAll(List.of(options));
        java.io.StringWriter out = new java.io.StringWriter();
        int code = Main.commandLine()
                .setOut(new java.io.PrintWriter(out, true))
                .setErr(new java.io.PrintWriter(out, true))
                .execute(line.toArray(String[]::new));
        return new Said(code, out.toString());
    }
}
