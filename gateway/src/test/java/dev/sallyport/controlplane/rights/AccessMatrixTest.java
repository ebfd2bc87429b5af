package dev.sallyport.controlplane.rights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.OfflineConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may do what, worked out from rules. Columns: anonymous, any proven caller, reader, clerk, auditor.
class AccessMatrixTest {
    @TempDir
    private Path folder = Path.of("");

    /// Each row as `route method: answers`.
    private List<String> lines(String yaml) {
        AccessMatrix matrix = AccessMatrix.of(OfflineConfig.compiled(folder, yaml));
        List<String> lines = new ArrayList<>();
        for (Row row : matrix.rows()) {
            if (!row.route().startsWith("sallyport.")) {
                lines.add(row.route() + " " + row.methodText() + ": "
                        + matrix.callers().stream()
                                .map(caller -> row.right(caller).toString())
                                .collect(Collectors.joining(" | ")));
            }
        }
        return lines;
    }

    private String change(String access) {
        return lines(Orders.with("access: { authenticate: [staff], require: orders:write }", "access: " + access))
                .stream()
                .filter(line -> line.startsWith("change POST"))
                .collect(Collectors.joining())
                .replaceFirst("change POST: ", "");
    }

    @Test
    void rolesPermissionsAndInheritance() {
        assertThat(lines(Orders.YAML))
                .containsExactly(
                        "read GET: never | never | always | always | never",
                        "change POST: never | never | never | always | never",
                        "change PUT: never | never | never | always | never",
                        "status GET: never | always | always | always | always");
    }

    @Test
    void whatIsOpenToEverybodyComesFirst() {
        assertThat(lines(Orders.with(
                        "path: /status }, access: { authenticate: [staff] }", "path: /status }, access: public")))
                .first()
                .isEqualTo("status GET: always | always | always | always | always");
    }

    @Test
    void everyMethodIsOneRow() {
        assertThat(lines(Orders.with("methods: [POST, PUT], path: \"/orders/**\"", "path: \"/all/**\"")))
                .contains("change any: never | never | never | always | never");
    }

    @Test
    void conditionsAndScopesAndStrengthAreLeftOpen() {
        assertThat(change("{ authenticate: [staff], require: { all-of: [ orders:write, { scopes: [a, b] }, "
                        + "{ strength: { acr: [gold, silver], max-age: 5m } } ] }, when: 'path.rest == \"x\"' }"))
                .isEqualTo(
                        "never | never | never | (path.rest == \"x\") and acr gold and authenticated within 300s and "
                                + "scope a and scope b, or (path.rest == \"x\") and acr silver and authenticated within 300s and "
                                + "scope a and scope b | never");
        assertThat(change("{ authenticate: [staff], require: { any-of: [ { role: clerk }, { scope: a } ] } }"))
                .isEqualTo("never | scope a | scope a | always | scope a");
    }

    @Test
    void AZ_04_denyWins() {
        assertThat(change("{ authenticate: [staff], deny: [ { role: clerk } ] }"))
                .isEqualTo("never | always | always | never | always");
        assertThat(change("{ authenticate: [staff], deny: [ { role: reader, when: 'path.rest == \"x\"' } ] }"))
                .isEqualTo("never | always | not (path.rest == \"x\") | not (path.rest == \"x\") | always");
        assertThat(change("{ authenticate: [staff], deny: [ { permission: log:read, mode: shadow } ] }"))
                .isEqualTo("never | always | always | always | always");
    }

    @Test
    void shadowModeLetsEveryProvenCallerIn() {
        assertThat(change("{ authenticate: [staff], require: orders:write, mode: shadow }"))
                .isEqualTo("never | always | always | always | always");
    }

    @Test
    void optionalLetsAnonymousCallersInWhereNothingIsRequired() {
        assertThat(change("{ optional: [staff], when: 'path.rest == \"x\"' }"))
                .startsWith("(path.rest == \"x\") | (path.rest == \"x\")");
        assertThat(change("{ optional: [staff], deny: [ { role: clerk } ] }"))
                .isEqualTo("always | always | always | never | always");
    }

    @Test
    void grantsCountForTheAuthenticatorsThatTheyAreFor() {
        assertThat(lines(Orders.with("grants: []", "grants: [ { role: clerk, authenticators: [partners] } ]")))
                .contains("change POST: never | never | never | always | never");
        assertThat(lines(Orders.with("grants: []", "grants: [ { role: clerk, when: 'principal.tenant == \"a\"' } ]")))
                .contains("change POST: never | granted clerk by (principal.tenant == \"a\") | granted clerk by "
                        + "(principal.tenant == \"a\") | always | granted clerk by (principal.tenant == \"a\")");
        assertThat(lines(Orders.with("grants: []", "grants: [ { role: clerk, authenticators: [partners] } ]")
                        .replace(
                                "authenticate: [staff], require: orders:write",
                                "authenticate: [staff, partners], require: orders:write")))
                .contains("change POST: never | proven by partners | proven by partners | always | proven by partners");
    }

    @Test
    void aRoleIsWorthNothingWhereNoAuthenticatorFindsIt() {
        String roleless = Orders.with(
                        "issuer: \"https://partners.example.com\", audience: a, principal: { roles: roles }",
                        "issuer: \"https://partners.example.com\", audience: a")
                .replace(
                        "authenticate: [staff], require: orders:write",
                        "authenticate: [staff, partners], require: orders:write");
        assertThat(lines(roleless)).contains("change POST: never | never | never | proven by staff | never");
    }

    @Test
    void onlySomeRolesAndRoutes() {
        AccessMatrix matrix =
                AccessMatrix.of(OfflineConfig.compiled(folder, Orders.YAML)).only(List.of("clerk"), List.of("read"));
        assertThat(matrix.callers())
                .extracting(Caller::label)
                .containsExactly("anonymous", "any proven caller", "clerk");
        assertThat(matrix.rows()).extracting(Row::route).containsExactly("read");
    }
}
