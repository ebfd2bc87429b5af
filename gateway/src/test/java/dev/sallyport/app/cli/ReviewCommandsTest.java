package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.testing.JsonSchemaCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `access` and `audit`, as they are typed.
class ReviewCommandsTest {
    private static final String YAML = """
            version: 1
            listeners: { plain: { bind: "127.0.0.1:${env:NOT_SET_EITHER:-8080}" } }
            upstreams: { orders: { endpoints: ["http://orders.nowhere.invalid:9001"] } }
            authenticators:
              staff: { kind: jwt, issuer: "https://id.example.com", audience: a, secret: "${env:NOT_SET_ANYWHERE}", principal: { roles: roles } }
            roles:
              reader: { permissions: ["orders:read"] }
              clerk: { inherits: [reader], permissions: ["orders:write"] }
            routes:
              read: { match: { methods: [GET], path: "/orders/**" }, access: { authenticate: [staff], require: orders:read }, upstream: orders }
              change:
                match: { methods: [POST, PUT], path: "/orders/**" }
                access: { authenticate: [staff], require: orders:write, when: 'principal.id != "<b>"' }
                upstream: orders
              status: { match: { path: /status }, access: public, respond: { body: up } }
            """;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("gateway.yaml"), YAML);
    }

    /// What a command did.
    private record Outcome(int code, String out, String err) {}

    private static Outcome run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
        return new Outcome(code, out.toString(), err.toString());
    }

    private Outcome access(String... args) {
        String[] all = new String[args.length + 3];
        all[0] = "access";
        all[1] = "-c";
        all[2] = file.toString();
        System.arraycopy(args, 0, all, 3, args.length);
        return run(all);
    }

    // ---- access

    @Test
    void theTableHasWhatIsPublicFirst() {
        Outcome table = access();
        assertThat(table.code()).isZero();
        assertThat(table.err()).isEmpty();
        assertThat(table.out()).isEqualTo("""
                        ROUTE                        METHOD  PATH                                   anonymous  any proven caller  reader  clerk
                        status                       any     /status                                yes        yes                yes     yes
                        sallyport.resource-metadata  GET     /.well-known/oauth-protected-resource  yes        yes                yes     yes
                        read                         GET     /orders/**                             no         no                 yes     yes
                        change                       POST    /orders/**                             no         no                 no      depends [1]
                        change                       PUT     /orders/**                             no         no                 no      depends [1]

                        [1] if (principal.id != "<b>")
                        """);
    }

    @Test
    void onlyWhatIsAskedFor() {
        assertThat(access("--role", "clerk", "--route", "read").out()).isEqualTo("""
                        ROUTE  METHOD  PATH        anonymous  any proven caller  clerk
                        read   GET     /orders/**  no         no                 yes
                        """);
        Outcome unknown = access("--role", "clark");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("--role clark (did you mean `clerk`?)");
        assertThat(access("--route", "x").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void csvQuotesWhatNeedsIt() {
        assertThat(access("--format", "csv").out())
                .startsWith("route,method,hosts,path,anonymous,any proven caller,reader,clerk\r\n")
                .contains("read,GET,,/orders/**,no,no,yes,yes\r\n")
                .contains("\"depends: (principal.id != \"\"<b>\"\")\"\r\n");
    }

    @Test
    void jsonNamesWhatItDependsOn() {
        Map<String, @Nullable Object> json = json(access("--format", "json").out());
        assertThat(json.get("callers")).isEqualTo(List.of("(anonymous)", "(any proven caller)", "reader", "clerk"));
        assertThat(String.valueOf(((List<?>) Objects.requireNonNull(json.get("rows"))).get(3)))
                .contains("route=change", "method=POST", "public=false")
                .contains("clerk={answer=depends, on=(principal.id != \"<b>\")}");
    }

    @Test
    void AD_04_theHtmlPageIsEscapedAndNeedsNothing() {
        String page = access("--format", "html").out();
        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .contains(
                        "default-src 'none'; style-src 'sha256-",
                        "<caption>",
                        "<th scope=\"col\">clerk</th>",
                        "<th scope=\"row\">read</th>")
                .contains("(principal.id != &quot;&lt;b&gt;&quot;)", "<a href=\"#on-1\">", "<li id=\"on-1\">")
                .doesNotContain("<script", "style=", "http:", "https:", "<b>");
    }

    @Test
    void theDifferenceAsksForAReviewWhereSomebodyMayMore() throws IOException {
        Path other = Files.writeString(folder.resolve("new.yaml"), YAML.replace("[POST, PUT]", "[POST, PUT, DELETE]"));
        Outcome wider = run("access", "--diff", file.toString(), other.toString());
        assertThat(wider.code()).isEqualTo(ExitCode.REVIEW).isEqualTo(3);
        assertThat(wider.out()).isEqualTo("""
                        + clerk gains DELETE /orders/** if (principal.id != "<b>") (route change)
                        Somebody may more, or may be able to: review it.
                        """);

        Outcome narrower = run("access", "--diff", other.toString(), file.toString());
        assertThat(narrower.code()).isZero();
        assertThat(narrower.out()).isEqualTo("- clerk loses DELETE /orders/** (route change)\nNobody may more.\n");

        Outcome same = run("access", "--diff", file.toString(), file.toString(), "--format", "json");
        assertThat(same.code()).isZero();
        assertThat(json(same.out())).isEqualTo(Map.of("review", false, "changes", List.of()));
        assertThat(run("access", "--format", "json", "--diff", file.toString(), other.toString())
                        .out())
                .contains("\"review\": true", "\"effect\": \"wider\"", "\"route\": \"change\"");
    }

    @Test
    void whatNobodyUsed() throws IOException {
        Path log = Files.writeString(folder.resolve("access.log"), """
                {"timestamp":"2026-11-01T08:00:00.000Z","http.request.method":"GET","gateway.route":"read","gateway.decision":"allowed","user.id":"ann","user.roles":["reader"],"gateway.authenticator":"staff"}
                {"timestamp":"2026-11-02T08:00:00.000Z","http.request.method":"GET","gateway.route":"status","gateway.decision":"allowed"}
                """);
        Outcome unused = access("--unused", "--log", log.toString());
        assertThat(unused.code()).isZero();
        assertThat(unused.out().replace(folder + "/", ""))
                .startsWith(
                        "2 requests were let in, from 2026-11-01T08:00:00Z to 2026-11-02T08:00:00Z.\n\nNobody used:\n")
                .contains("- roles.clerk                                gateway.yaml:8:3 ")
                .contains("- routes.change                              gateway.yaml:11:3\n")
                .contains("- routes.status.match.methods: every method  gateway.yaml:15:")
                .contains("What this cannot show:\n");
        assertThat(access("--unused", "--log", log.toString(), "--since", "2026-11-02", "--format", "json")
                        .out())
                .contains("\"let-in\": 1", "\"earlier-lines\": 1", "\"path\": \"routes.read\"");
        assertThat(access("--unused", "--log", folder.resolve("none.log").toString())
                        .code())
                .isEqualTo(ExitCode.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--unused",
                "--log x",
                "--since 2026-01-01",
                "--diff a.yaml",
                "--diff a.yaml b.yaml --format html",
                "--unused --log x --since yesterday",
                "--unused --log x --diff a b",
                "--format xml"
            })
    void mistakesAreUsageErrors(String line) {
        assertThat(access(line.split(" ")).code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatIsNotUsableIsSaidAsByValidate() throws IOException {
        Files.writeString(file, YAML.replace("orders:write, when", "orders:wrote, when"));
        assertThat(access().code()).isEqualTo(ExitCode.REFUSED);
        assertThat(access().err()).contains("no role grants orders:wrote", "is not usable.");
        assertThat(run("audit", "-c", file.toString()).code()).isEqualTo(ExitCode.REFUSED);
    }

    // ---- audit

    @Test
    void findingsHavePlaceReasonAndRemedy() {
        Outcome audit = run("audit", "-c", file.toString());
        assertThat(audit.code()).isZero();
        assertThat(audit.out().replace(folder + "/", ""))
                .contains("SP-A034 medium gateway.yaml:5:", "authenticators.staff.secret: tokens by HMAC are taken\n")
                .contains("  Right: An issuer that signs with a key pair")
                .contains(" findings: ");
    }

    @Test
    void theExitCodeSaysWhetherFindingsCount() {
        assertThat(run("audit", "-c", file.toString(), "--fail-on", "high").code())
                .isZero();
        assertThat(run("audit", "-c", file.toString(), "--fail-on", "medium").code())
                .isEqualTo(ExitCode.REVIEW);
        assertThat(run("audit", "-c", file.toString(), "--fail-on", "low").code())
                .isEqualTo(3);
        assertThat(run("audit", "-c", file.toString(), "--fail-on", "info").code())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void ignoredFindingsDoNotCount() throws IOException {
        Path ignore = Files.writeString(folder.resolve("ignore.yaml"), """
                ignore:
                  - { id: SP-A034, path: authenticators.staff, reason: an old issuer, until: 2999-01-01 }
                """);
        Outcome audit = run("audit", "-c", file.toString(), "--ignore", ignore.toString(), "--format", "json");
        assertThat(audit.out()).contains("\"reason\": \"an old issuer\"");
        Files.writeString(ignore, "ignore: [ { id: SP-A034, path: authenticators.staff } ]");
        Outcome wrong = run("audit", "-c", file.toString(), "--ignore", ignore.toString());
        assertThat(wrong.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(wrong.err()).contains("ignore.yaml:1:", "reason");
    }

    private String sarif() throws IOException {
        Path ignore = Files.writeString(
                folder.resolve("ignore.yaml"), "ignore: [ { id: SP-A034, path: authenticators.staff, reason: old } ]");
        return run("audit", "-c", file.toString(), "--format", "sarif", "--ignore", ignore.toString())
                .out();
    }

    /// The schema that OASIS publishes.
    private static List<String> bySchema(String log) throws IOException {
        try (InputStream schema = ReviewCommandsTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
            return JsonSchemaCheck.problems(Objects.requireNonNull(schema).readAllBytes(), json(log));
        }
    }

    @Test
    void sarifIsAsItsSchemaWantsIt() throws IOException {
        String log = sarif();
        assertThat(bySchema(log)).isEmpty();
        // and the schema would say so if it were not
        assertThat(bySchema(log.replace("\"2.1.0\"", "\"2.1\""))).isNotEmpty();
        assertThat(bySchema(log.replace("\"warning\"", "\"medium\""))).isNotEmpty();
        assertThat(bySchema(log.replace("\"external\"", "\"elsewhere\""))).isNotEmpty();
        assertThat(bySchema(log.replace("\"startLine\": ", "\"startLine\": -"))).isNotEmpty();
        assertThat(bySchema(log.replace("\"message\"", "\"massage\""))).isNotEmpty();
        assertThat(bySchema(log.replace("\"driver\"", "\"pilot\""))).isNotEmpty();
        assertThat(bySchema(log.replace("\"ruleIndex\": ", "\"ruleIndex\": -2")))
                .isNotEmpty();
    }

    /// What SARIF 2.1.0 requires of a log: version, runs, a tool with a driver with a name, rules with ids, results
    /// with a
    /// message, levels of its own words, and regions that begin with line 1.
    @Test
    void sarifHasWhatItsSchemaRequires() throws IOException {
        Map<String, @Nullable Object> log = json(sarif());
        assertThat(log.get("version")).isEqualTo("2.1.0");
        assertThat(String.valueOf(log.get("$schema"))).endsWith("sarif-schema-2.1.0.json");
        Map<?, ?> run = map(((List<?>) Objects.requireNonNull(log.get("runs"))).getFirst());
        Map<?, ?> driver = map(map(run.get("tool")).get("driver"));
        assertThat(driver.get("name")).isEqualTo("Sallyport");
        List<?> rules = (List<?>) Objects.requireNonNull(driver.get("rules"));
        assertThat(rules).allSatisfy(rule -> {
            assertThat(String.valueOf(map(rule).get("id"))).matches("SP-A[0-9]{3}");
            assertThat(map(map(rule).get("shortDescription")).get("text")).isInstanceOf(String.class);
            assertThat(map(map(rule).get("defaultConfiguration")).get("level"))
                    .isIn("none", "note", "warning", "error");
        });
        List<?> results = (List<?>) Objects.requireNonNull(run.get("results"));
        assertThat(results).isNotEmpty().allSatisfy(result -> {
            int index = ((Long) Objects.requireNonNull(map(result).get("ruleIndex"))).intValue();
            assertThat(map(rules.get(index)).get("id")).isEqualTo(map(result).get("ruleId"));
            assertThat(map(map(result).get("message")).get("text")).isInstanceOf(String.class);
            assertThat(map(result).get("level")).isIn("none", "note", "warning", "error");
            Map<?, ?> physical =
                    map(map(((List<?>) Objects.requireNonNull(map(result).get("locations"))).getFirst())
                            .get("physicalLocation"));
            assertThat(String.valueOf(map(physical.get("artifactLocation")).get("uri")))
                    .startsWith("file:///");
            assertThat((Long) map(physical.get("region")).get("startLine")).isPositive();
            assertThat((Long) map(physical.get("region")).get("startColumn")).isPositive();
        });
        assertThat(results)
                .filteredOn(result -> map(result).containsKey("suppressions"))
                .hasSize(1)
                .allSatisfy(result -> assertThat(map(
                                ((List<?>) Objects.requireNonNull(map(result).get("suppressions"))).getFirst()))
                        .isEqualTo(Map.of("kind", "external", "justification", "old")));
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return (Map<?, ?>) Objects.requireNonNull(value);
    }

    private static Map<String, @Nullable Object> json(String text) {
        return Objects.requireNonNull(StrictJson.object(text.getBytes(StandardCharsets.UTF_8)), text);
    }
}
