package dev.sallyport.controlplane.rights.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.OfflineConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What nobody used, by lines of access logs.
class LeastPrivilegeTest {
    private static final String YAML = """
            version: 1
            listeners: { plain: { bind: "127.0.0.1:8080" } }
            upstreams: { orders: { endpoints: ["http://127.0.0.1:9001"] } }
            authenticators:
              staff: { kind: jwt, issuer: "https://id.example.com", audience: a, principal: { roles: roles } }
            roles:
              reader: { permissions: ["orders:read", "log:read"] }
              clerk: { inherits: [reader], permissions: ["orders:write", "orders:purge"] }
              auditor: { permissions: ["log:read"] }
            grants: [ { role: auditor, when: 'principal.tenant == "audit"' } ]
            routes:
              read: { match: { methods: [GET], path: "/orders/**" }, access: { authenticate: [staff], require: orders:read }, upstream: orders }
              change: { match: { methods: [POST, PUT], path: "/orders/**" }, access: { authenticate: [staff], require: orders:write }, upstream: orders }
              purge: { match: { methods: [POST], path: /purge }, access: { authenticate: [staff], require: { role: clerk } }, upstream: orders }
              log: { match: { path: /log }, access: { authenticate: [staff], require: log:read }, upstream: orders }
            """;

    @TempDir
    private Path folder = Path.of("");

    private static String line(String at, String route, String method, String decision, String roles) {
        return "{\"timestamp\":\"" + at + "\",\"http.request.method\":\"" + method + "\",\"gateway.route\":\"" + route
                + "\",\"gateway.decision\":\"" + decision + "\",\"user.id\":\"ann\",\"gateway.authenticator\":\"staff\""
                + (roles.isEmpty() ? "" : ",\"user.roles\":" + roles) + "}";
    }

    private Advice advice(String... lines) {
        return advice(null, lines);
    }

    private Advice advice(@Nullable Instant since, String... lines) {
        LoggedUse use = new LoggedUse(since);
        for (String line : lines) {
            use.take(line);
        }
        return LeastPrivilege.of(OfflineConfig.compiled(folder, YAML), use);
    }

    private static List<String> paths(Advice advice) {
        return advice.removals().stream()
                .map(one -> one.path() + (one.value().isEmpty() ? "" : ": " + one.value()))
                .toList();
    }

    private static String read(String roles) {
        return line("2026-11-01T00:00:00.000Z", "read", "GET", "allowed", roles);
    }

    @Test
    void whatNobodyUsedIsNamedWithItsPlace() {
        Advice advice = advice(
                read("[\"reader\"]"), line("2026-11-02T00:00:00.000Z", "change", "PUT", "failed", "[\"clerk\"]"));
        assertThat(paths(advice))
                .containsExactly(
                        "roles.reader.permissions[1]: log:read",
                        "roles.clerk.permissions[1]: orders:purge",
                        "roles.auditor",
                        "grants[0]: role auditor",
                        "routes.change.match.methods[0]: POST",
                        "routes.purge",
                        "routes.log");
        assertThat(advice.removals().getFirst().at().line()).isEqualTo(7);
    }

    @Test
    void refusedRequestsUseNothing() {
        Advice advice = advice(
                read("[\"reader\"]"), line("2026-11-01T00:00:00.000Z", "log", "GET", "refused", "[\"auditor\"]"));
        assertThat(paths(advice)).contains("roles.auditor", "routes.log");
    }

    @Test
    void earlierLinesDoNotCount() {
        Instant since = Instant.parse("2026-11-15T00:00:00Z");
        Advice advice = advice(
                since,
                read("[\"reader\"]"),
                line("2026-11-16T00:00:00.000Z", "change", "POST", "allowed", "[\"clerk\"]"));
        assertThat(paths(advice)).contains("routes.read", "routes.change.match.methods[1]: PUT");
    }

    @Test
    void withoutRolesInTheLogNothingIsSaidOfThem() {
        Advice advice = advice(read(""));
        assertThat(paths(advice)).noneMatch(path -> path.startsWith("roles.") || path.startsWith("grants"));
        assertThat(advice.caveats()).anyMatch(caveat -> caveat.contains("No line has `user.roles`"));
    }

    @Test
    void inDoubtARoleWasUsed() {
        Advice byGrant = advice(read("[\"reader\"]"), line("2026-11-01T00:00:00.000Z", "log", "GET", "allowed", ""));
        assertThat(paths(byGrant)).doesNotContain("roles.auditor", "grants[0]: role auditor");
        assertThat(byGrant.caveats()).anyMatch(caveat -> caveat.contains("1 requests were allowed by a granted role"));

        Advice unexplained =
                advice(read("[\"reader\"]"), line("2026-11-01T00:00:00.000Z", "change", "PUT", "allowed", "[\"x\"]"));
        assertThat(paths(unexplained)).doesNotContain("roles.clerk", "roles.clerk.permissions[0]: orders:write");
        assertThat(unexplained.caveats()).anyMatch(caveat -> caveat.contains("1 requests are explained by no role"));
    }

    @Test
    void aRouteForEveryMethodIsToldItsOwn() {
        Advice advice = advice(line("2026-11-01T00:00:00.000Z", "log", "GET", "allowed", "[\"auditor\"]"));
        assertThat(advice.removals())
                .anyMatch(one -> one.path().equals("routes.log.match.methods")
                        && one.note().equals("used: [GET]"));
    }

    @Test
    void aRoleThatARouteNamesCannotSimplyGo() {
        Advice advice = advice(read("[\"reader\"]"));
        assertThat(advice.removals())
                .anyMatch(one -> one.path().equals("roles.clerk") && one.note().contains("routes.purge.access"));
    }

    @Test
    void anEmptyLogProposesNothing() {
        Advice advice = advice("no json", "{\"timestamp\":\"yesterday\"}", "[1]");
        assertThat(advice.removals()).isEmpty();
        assertThat(advice.caveats())
                .contains("No request was let in: nothing can be concluded.", "3 lines are no access log lines.");
    }

    @Test
    void readsElasticsNamesAndCompressedFiles() throws IOException {
        Path file = folder.resolve("access.log.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(read("[\"reader\"]")
                    .replace("\"timestamp\"", "\"@timestamp\"")
                    .getBytes(StandardCharsets.UTF_8));
        }
        LoggedUse use = new LoggedUse(null);
        use.read(file);
        assertThat(use.letIn()).isEqualTo(1);
        assertThat(use.tellsRoles()).isTrue();
    }
}
