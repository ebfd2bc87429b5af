package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.testing.TestKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `sallyport explain` with a file: credentials, logs, mistakes.
class ExplainCommandTest {
    private static final TestKey KEY = TestKey.of("explained", "ES256");
    private static final String NOON = "2026-06-01T12:00:00Z";
    private static final long NOON_SECOND = 1_780_315_200L;
    private static final String ID = "4e42fa97f7c16cb14e840462ce56eb8c";

    @TempDir
    private Path folder = Path.of("");

    /// What the command did.
    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("keys.json"), TestKey.set(KEY));
        Files.writeString(folder.resolve("revoked.yaml"), "revoked:\n  - { jti: taken-back }\n");
        Files.writeString(folder.resolve("gateway.yaml"), """
                version: 1
                listeners: { plain: { bind: "127.0.0.1:8080" } }
                upstreams: { orders: { endpoints: ["http://127.0.0.1:9001"] } }
                authenticators:
                  staff: { kind: jwt, issuer: "https://id.test", jwks: keys.json, audience: orders, principal: { roles: roles } }
                  till:
                    kind: jwt
                    issuer: "https://id.test"
                    jwks: keys.json
                    audience: till
                    max-lifetime: 5m
                    replay: { single-use: true }
                revocation: { list: revoked.yaml }
                authorizers:
                  policies: { kind: opa, url: "http://127.0.0.1:1/v1/data/shop/authz" }
                  envoy: { kind: ext-authz, url: "http://127.0.0.1:1" }
                roles: { clerk: { permissions: ["orders:read"] } }
                routes:
                  orders: { match: { path: "/orders/{id}" }, access: { authenticate: [staff], require: "orders:read" }, upstream: orders }
                  notes: { match: { path: "/notes" }, access: { optional: [staff], when: 'headers["x-note"] == "a"' }, upstream: orders }
                  payments: { match: { path: "/payments" }, access: { authenticate: [till] }, upstream: orders }
                  asked:
                    match: { path: /asked }
                    access: { authenticate: [staff], require: "orders:read", ask: [policies, envoy] }
                    upstream: orders
                  trial: { match: { path: /trial }, access: { authenticate: [staff], ask: [policies], mode: shadow }, upstream: orders }
                  hours:
                    match: { path: "/hours" }
                    access: { optional: [staff], when: 'time.now < timestamp("2026-06-01T00:00:00Z")' }
                    upstream: orders
                """);
    }

    private Outcome explain(String... options) {
        List<String> line = new ArrayList<>(
                List.of("explain", "-c", folder.resolve("gateway.yaml").toString()));
        line.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    // ---- policy servers

    @Test
    void AZ_11_whatAServerDecidesThatIsNotAskedIsNeverTakenForAllowed() {
        Outcome explained = explain("GET", "/asked", "--as", "clerk");
        assertThat(explained.code()).isEqualTo(ExitCode.REVIEW);
        assertThat(explained.out())
                .startsWith(
                        "DEPENDS authorizer-unasked  by ask policies, envoy\nIt depends on policies, envoy, not asked.\n")
                .contains("not asked", "ask policies")
                .doesNotContain("ALLOWED");
        Outcome json = explain("GET", "/asked", "--as", "clerk", "--format", "json");
        assertThat(json.code()).isEqualTo(ExitCode.REVIEW);
        assertThat(json.out()).contains("\"decision\": \"depends\"", "\"rule\": \"ask policies, envoy\"");
    }

    @Test
    void whatIsRefusedWithoutTheServerIsRefused() {
        Outcome explained = explain("GET", "/asked", "--as", "nobody");
        assertThat(explained.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(explained.out()).startsWith("REFUSED 403 ");
        assertThat(explain("GET", "/asked").code()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void aServerOnTrialDecidesNothing() {
        Outcome explained = explain("GET", "/trial", "--as", "clerk");
        assertThat(explained.code()).isEqualTo(ExitCode.OK);
        assertThat(explained.out()).startsWith("ALLOWED").contains("not asked");
    }

    private static String token(String further) {
        return KEY.token("{\"iss\":\"https://id.test\",\"sub\":\"anna\",\"aud\":\"orders\",\"iat\":" + NOON_SECOND
                + ",\"exp\":" + (NOON_SECOND + 300) + further + "}");
    }

    private Outcome judged(String token) throws IOException {
        Path file = Files.writeString(folder.resolve("token.txt"), token + "\n");
        return explain("GET", "/orders/7", "--at", NOON, "--token-file", file.toString());
    }

    @Test
    void hasTokensJudgedByTheirAuthenticators() throws IOException {
        Outcome good = judged(token(",\"roles\":[\"clerk\"]"));
        assertThat(good.code()).as(good.err()).isEqualTo(ExitCode.OK);
        assertThat(good.out()).startsWith("ALLOWED").contains("anna, proven by staff", "role clerk", "proves anna");
        assertThat(judged(token("")).out()).startsWith("REFUSED 403 requirement-unmet");
        assertThat(judged(token("") + "x").out()).startsWith("REFUSED 401 token-");
        assertThat(judged(token(",\"roles\":[\"clerk\"],\"jti\":\"taken-back\""))
                        .out())
                .startsWith("REFUSED 401 credential-revoked");
        assertThat(explain("GET", "/orders/7", "--at", "2026-06-01T13:00:00Z", "--token", token(""))
                        .out())
                .startsWith("REFUSED 401 token-expired");
    }

    @Test
    void neverUsesUpATokenThatWorksOnce() {
        Outcome refused = explain("POST", "/payments", "--at", NOON, "--token", token(""));
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("till takes each credential once");
        assertThat(explain("POST", "/payments", "--header", "Authorization: Bearer " + token(""))
                        .err())
                .contains("till takes each credential once");
        assertThat(explain("POST", "/payments", "--caller", "anna").code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void goesByTheTimeThatIsGiven() {
        assertThat(explain("GET", "/hours", "--at", "2026-05-31T23:59:59Z").code())
                .isEqualTo(ExitCode.OK);
        assertThat(explain("GET", "/hours", "--at", NOON).code()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void saysNothingToATerminalButText() {
        Outcome sly =
                explain("GET", "/orders/7", "--caller", "al\u202eice", "--tenant", "\u001b[2Jacme", "--as", "a\u0007b");
        assertThat(sly.out())
                .contains("\\u202e", "\\u001b[2Jacme", "a\\u0007b")
                .doesNotContain("\u001b", "\u0007", "\u202e");
    }

    private Outcome logged(String line, String... options) throws IOException {
        Path log = Files.writeString(
                folder.resolve("access.jsonl"), "{\"other\":\"" + ID + "\"}\nnot JSON " + ID + "\n" + line + "\n");
        List<String> all = new ArrayList<>(List.of("--request", ID, "--log", log.toString()));
        all.addAll(List.of(options));
        return explain(all.toArray(String[]::new));
    }

    private static String line(String path, String further) {
        return "{\"timestamp\":\"" + NOON + "\",\"client.address\":\"192.0.2.7\",\"http.request.method\":\"GET\","
                + "\"url.scheme\":\"http\",\"server.address\":\"localhost\",\"server.port\":8080,\"url.path\":\"" + path
                + "\",\"http.response.status_code\":403,\"http.request.id\":\"" + ID
                + "\",\"gateway.listener\":\"plain\","
                + "\"gateway.route\":\"orders\",\"gateway.decision\":\"refused\",\"gateway.reason\":\"requirement-unmet\","
                + "\"gateway.rule\":\"require orders:write\"" + further + ",\"gateway.config\":\"1-abc\"}";
    }

    @Test
    void explainsARequestOfTheLogAgain() throws IOException {
        String caller = ",\"user.id\":\"anna\",\"user.roles\":[\"clerk\"],\"gateway.authenticator\":\"staff\"";
        Outcome again = logged(line("/orders/7", caller));
        assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.OK);
        assertThat(again.out())
                .startsWith("logged " + NOON + ": refused 403 requirement-unmet by require orders:write, route orders, "
                        + "caller anna of staff with roles clerk, configuration 1-abc\n")
                .contains("\nALLOWED  by require orders:read\n", "from 192.0.2.7 to listener plain")
                .contains("Claims are not in the log");
        Outcome json = logged(line("/orders/7", caller), "--format", "json");
        assertThat(json.out()).startsWith("{\"logged\": {").contains("\"now\": {", "\"decision\": \"allowed\"");
        assertThat(logged(line("/orders/7", "")).out()).contains("REFUSED 401 credential-missing");
        assertThat(logged(line("/orders/7", ""), "--caller", "bob", "--as", "clerk")
                        .out())
                .contains("ALLOWED");
        assertThat(logged(line("/hours", "")).code()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void readsTheOtherFormatOfTheLogToo() throws IOException {
        Outcome again = logged("{\"@timestamp\":\"" + NOON
                + "\",\"source.ip\":\"192.0.2.7\",\"http.request.method\":\"GET\","
                + "\"url.scheme\":\"http\",\"url.domain\":\"localhost\",\"url.path\":\"/orders/7\","
                + "\"http.request.id\":\"" + ID + "\",\"user.id\":\"anna\",\"gateway.authenticator\":\"staff\"}");
        assertThat(again.out()).contains("REFUSED 403 requirement-unmet", "It is logged without roles.");
    }

    @Test
    void doesNotGuessWhatTheLogCutOff() throws IOException {
        Outcome cut = logged(line("/orders/7[truncated 12]", ""));
        assertThat(cut.code()).isEqualTo(ExitCode.USAGE);
        assertThat(cut.err()).contains("too long for the log");
        assertThat(logged("{}").err()).contains(ID + " is not in the log");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "GET /orders/7 --request x",
                "--request x --log y GET /",
                "GET /orders/7 --token x --as clerk",
                "GET /orders/7 --anonymous --as clerk",
                "GET /orders/7 --running",
                "GET /orders/7 --at noon",
                "GET /orders/7 --client here",
                "GET /orders/7 --claim x",
                "GET orders/7",
                "GET /orders/7 --header x"
            })
    void mistakesAreUsageErrors(String line) {
        Outcome mistaken = explain(line.split(" "));
        assertThat(mistaken.code()).as(mistaken.out() + mistaken.err()).isEqualTo(ExitCode.USAGE);
        assertThat(mistaken.err()).isNotBlank();
    }

    @Test
    void aFieldCannotBringAnother() {
        assertThat(explain("GET", "/notes", "--header", "X-Other: b\r\nX-Note: a")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(explain("GET", "/notes HTTP/1.1\r\nX-Note: a", "--header", "X-Other: b")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(explain("GET", "/notes", "--header", "X-Note: a").code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aFileThatIsNotUsableIsToldOf() throws IOException {
        Files.writeString(folder.resolve("gateway.yaml"), "version: 1\nroutes: { a: { acess: public } }\n");
        Outcome unusable = explain("GET", "/");
        assertThat(unusable.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unusable.err()).contains("acess", "did you mean `access`?", "is not usable");
    }
}
