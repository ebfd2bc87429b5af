package dev.sallyport.dataplane.authorize;

import static dev.sallyport.dataplane.authorize.Callers.caller;
import static dev.sallyport.dataplane.authorize.Callers.condition;
import static dev.sallyport.dataplane.authorize.Callers.exchange;
import static dev.sallyport.dataplane.authorize.Callers.judge;
import static dev.sallyport.dataplane.authorize.Callers.permission;
import static dev.sallyport.dataplane.authorize.Callers.role;
import static dev.sallyport.dataplane.authorize.Callers.roles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.access.Explanation;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.identity.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What access rules say, threat by threat of section AZ.
class AccessPolicyTest {
    private static final RoleModel SHOP = roles(
            "reader: orders:read",
            "clerk < reader: orders:write",
            "admin < clerk: orders:delete",
            "auditor: *:read",
            "owner: orders:*",
            "root: *:*",
            "banned");

    private static AccessPolicy requiring(@Nullable Requirement require, Denial... denials) {
        return new AccessPolicy(false, require, null, List.of(denials));
    }

    private static AccessPolicy when(String text, Denial... denials) {
        return new AccessPolicy(false, null, condition(text), List.of(denials));
    }

    private static Denial deny(int index, @Nullable Requirement whom, @Nullable String when) {
        return new Denial("deny[" + index + "]", whom, when == null ? null : condition(when), Enforcement.ENFORCE);
    }

    // ---- roles and permissions

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reader   | orders:read   | true",
                "reader   | orders:write  | false",
                "clerk    | orders:read   | true",
                "clerk    | orders:write  | true",
                "admin    | orders:read   | true",
                "auditor  | orders:read   | true",
                "auditor  | orders:write  | false",
                "owner    | orders:delete | true",
                "root     | orders:delete | true",
                // wildcards and prefixes are not for names of roles
                "*        | orders:read   | false",
                "adm      | orders:read   | false",
                "admin*   | orders:read   | false",
                "Admin    | orders:read   | false",
                "admin2   | orders:read   | false",
                "'reader ' | orders:read   | false",
                "reader,admin | orders:delete | false",
                "orders:read | orders:read | false",
                "banned   | orders:read   | false",
            })
    void AZ_04_rolesCountWholeAndExactly(String role, String wanted, boolean allowed) {
        String verdict = judge(requiring(permission(SHOP, wanted)), exchange(caller(role)));
        assertThat(verdict)
                .isEqualTo(allowed ? "allow require " + wanted : "deny require " + wanted + " requirement-unmet");
    }

    @Test
    void AZ_04_aRoleThatIsNotConfiguredMeansNothing() {
        AccessPolicy policy = requiring(role(SHOP, "clerk"));
        assertThat(judge(policy, exchange(caller("manager", "clerks", "sallyport"))))
                .startsWith("deny");
        assertThat(judge(policy, exchange(caller()))).startsWith("deny");
        assertThat(judge(policy, exchange(caller("manager", "clerk")))).isEqualTo("allow require role clerk");
        assertThat(judge(policy, exchange(caller("admin")))).isEqualTo("allow require role clerk");
        assertThat(judge(policy, exchange(caller("reader")))).startsWith("deny");
    }

    @Test
    void AZ_05_manyRolesAreALookUpEach() {
        String[] many = IntStream.range(0, 1000).mapToObj(i -> "role" + i).toArray(String[]::new);
        assertThat(judge(requiring(permission(SHOP, "orders:read")), exchange(caller(many))))
                .startsWith("deny");
    }

    /// Nothing is remembered between decisions: the same caller, another snapshot, another answer.
    @Test
    void AZ_06_anotherModelDecidesAtOnce() {
        Exchange exchange = exchange(caller("reader"));
        AccessPolicy before = requiring(permission(SHOP, "orders:read"));
        AccessPolicy after = requiring(permission(roles("reader: orders:list", "x: orders:read"), "orders:read"));
        assertThat(judge(before, exchange)).startsWith("allow");
        assertThat(judge(after, exchange)).startsWith("deny");
        assertThat(judge(before, exchange)).startsWith("allow");
    }

    // ---- denials

    @Test
    void AZ_04_denyWins() {
        Denial banned = deny(0, role(SHOP, "banned"), null);
        AccessPolicy policy = requiring(permission(SHOP, "orders:read"), banned);
        assertThat(judge(policy, exchange(caller("reader")))).startsWith("allow");
        assertThat(judge(policy, exchange(caller("root", "banned")))).isEqualTo("deny deny[0] explicitly-denied");
        // the order of writing and what else fails do not matter
        assertThat(judge(policy, exchange(caller("banned")))).isEqualTo("deny deny[0] explicitly-denied");
    }

    /// An allow rule asks for all it names, a deny rule applies when any of them does (Envoy CVE-2026-26308).
    @Test
    void AZ_03_allMustAllowAndAnyDenies() {
        AccessPolicy policy = requiring(
                new Requirement.AllOf(List.of(role(SHOP, "reader"), role(SHOP, "auditor"))),
                deny(0, role(SHOP, "banned"), null),
                deny(1, null, "principal.id == \"mallory\""),
                deny(2, role(SHOP, "owner"), "path.id == \"7\""));
        assertThat(judge(policy, exchange(caller("reader", "auditor")))).startsWith("allow");
        assertThat(judge(policy, exchange(caller("reader")))).startsWith("deny require all-of (");
        assertThat(judge(policy, exchange(caller("reader", "auditor", "owner"))))
                .isEqualTo("deny deny[2] explicitly-denied");
        assertThat(judge(policy, exchange(caller("reader", "auditor", "owner"), "8")))
                .startsWith("allow");
    }

    @Test
    void AZ_11_aDenialThatCannotBeEvaluatedDenies() {
        AccessPolicy policy = when("true", deny(0, null, "error"));
        assertThat(judge(policy, exchange(caller("root")))).isEqualTo("deny deny[0] condition-failed");
        AccessPolicy forOthers = when("true", deny(0, role(SHOP, "banned"), "error"));
        assertThat(judge(forOthers, exchange(caller("root")))).isEqualTo("allow when");
        assertThat(judge(forOthers, exchange(caller("banned")))).isEqualTo("deny deny[0] condition-failed");
    }

    @Test
    void aDenialOnTrialIsNoted() {
        AccessPolicy policy = requiring(
                role(SHOP, "reader"),
                new Denial("deny[0]", null, condition("false"), Enforcement.SHADOW),
                new Denial("deny[1]", null, condition("error"), Enforcement.SHADOW),
                new Denial("deny[2]", null, condition("true"), Enforcement.SHADOW));
        Exchange exchange = exchange(caller("reader"));
        assertThat(judge(policy, exchange)).startsWith("allow");
        assertThat(exchange.shadowDeniedBy()).isEqualTo("deny[1]");
        Exchange refused = exchange(caller());
        assertThat(judge(policy, refused)).startsWith("deny");
        assertThat(refused.shadowDeniedBy()).isEmpty();
    }

    // ---- conditions

    @Test
    void AZ_09_aParameterIsComparedExactly() {
        AccessPolicy policy = when("path.id == principal.id");
        assertThat(judge(policy, exchange(caller(), "alice"))).isEqualTo("allow when");
        for (String other : List.of("bob", "Alice", "alice%20", "alice/", "%61lice", "alic", "alice\u0000", "")) {
            assertThat(judge(policy, exchange(caller(), other))).isEqualTo("deny when condition-unmet");
        }
    }

    @Test
    void AZ_11_aConditionWithoutAnswerRefuses() {
        assertThat(judge(when("error"), exchange(caller("root")))).isEqualTo("deny when condition-failed");
        assertThat(judge(when("principal.claims.region == \"eu\""), exchange(caller("root"))))
                .isEqualTo("deny when condition-failed");
        AccessPolicy broken = when("bug");
        assertThatThrownBy(() -> broken.judge(exchange(caller("root")))).isInstanceOf(IllegalStateException.class);
    }

    // ---- grants

    private static Grant grant(String role, @Nullable String when, String... authenticators) {
        return new Grant("grants[0]", role, when == null ? null : condition(when), Set.of(authenticators));
    }

    @Test
    void aGrantGivesARoleToThoseWithoutIt() {
        Requirement read =
                permission(SHOP, "orders:read", grant("clerk", "principal.claims.group == \"clerks\"", "staff"));
        assertThat(judge(requiring(read), exchange(caller(Map.of("group", "clerks")))))
                .startsWith("allow");
        assertThat(judge(requiring(read), exchange(caller(Map.of("group", "others")))))
                .startsWith("deny");
        assertThat(judge(requiring(read), exchange(caller()))).startsWith("deny");
        Requirement delete = permission(SHOP, "orders:delete", grant("clerk", "true"));
        assertThat(judge(requiring(delete), exchange(caller()))).startsWith("deny");
    }

    @Test
    void aGrantIsForCallersOfItsAuthenticators() {
        assertThat(judge(requiring(role(SHOP, "reader", grant("reader", null, "partners"))), exchange(caller())))
                .startsWith("deny");
        assertThat(judge(requiring(role(SHOP, "reader", grant("reader", null, "staff"))), exchange(caller())))
                .startsWith("allow");
    }

    @Test
    void AZ_11_aGrantWithoutAnswerGivesNothing() {
        assertThat(judge(requiring(role(SHOP, "reader", grant("reader", "error"))), exchange(caller())))
                .isEqualTo("deny require role reader requirement-unmet");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "error |       | deny deny[0] condition-failed",
                "error | true  | deny deny[0] condition-failed",
                "error | error | deny deny[0] condition-failed",
                "error | false | allow authenticated",
                "true  |       | deny deny[0] explicitly-denied",
                "false |       | allow authenticated",
            })
    void AZ_11_aDenialOfWhoeverHasARoleRefusesWhileTheGrantHasNoAnswer(
            String grant, @Nullable String when, String verdict) {
        Requirement suspended = role(SHOP, "reader", grant("reader", grant));
        for (Requirement whom : List.of(
                suspended,
                new Requirement.AnyOf(List.of(role(SHOP, "admin"), suspended)),
                new Requirement.AllOf(List.of(suspended, suspended)))) {
            AccessPolicy policy = new AccessPolicy(false, null, null, List.of(deny(0, whom, when)));
            assertThat(judge(policy, exchange(caller()))).isEqualTo(verdict);
        }
    }

    @Test
    void AZ_11_aDenialTakesTheGrantThatHasAnAnswer() {
        Requirement suspended = role(SHOP, "reader", grant("reader", "error"), grant("reader", "true"));
        AccessPolicy policy = new AccessPolicy(false, null, null, List.of(deny(0, suspended, null)));
        assertThat(judge(policy, exchange(caller()))).isEqualTo("deny deny[0] explicitly-denied");
        assertThat(policy.explain(exchange(caller())).findings())
                .extracting(AccessPolicyTest::text)
                .anyMatch(text -> text.contains("UNKNOWN"));
    }

    @Test
    void aGrantIsNotLookedAtWhereTheCredentialSuffices() {
        assertThat(judge(requiring(role(SHOP, "reader", grant("reader", "bug"))), exchange(caller("reader"))))
                .startsWith("allow");
        assertThat(judge(requiring(permission(SHOP, "orders:delete", grant("reader", "bug"))), exchange(caller())))
                .startsWith("deny");
    }

    // ---- scopes and strength

    private static Stream<Arguments> scopes() {
        return Stream.of(
                Arguments.of(Map.of("scope", "orders.read profile"), true),
                Arguments.of(Map.of("scope", "orders.read"), true),
                Arguments.of(Map.of("scp", List.of("profile", "orders.read")), true),
                Arguments.of(Map.of("scp", "profile orders.read"), true),
                Arguments.of(Map.of("scope", "orders.reader xorders.read orders.read.all"), false),
                Arguments.of(Map.of("scope", "ORDERS.READ"), false),
                Arguments.of(Map.of("scope", "orders.read,profile"), false),
                Arguments.of(Map.of("scope", List.of("orders.read")), false),
                Arguments.of(Map.of("scope", Map.of("orders.read", true)), false),
                Arguments.of(Map.of("scope", true, "scp", List.of("orders.read")), false),
                Arguments.of(Map.of("scp", List.of("orders.read", 7)), false),
                Arguments.of(Map.of("scope", "", "scp", List.of("orders.read")), false),
                Arguments.of(Map.of("scopes", "orders.read"), false),
                Arguments.of(Map.of(), false));
    }

    @ParameterizedTest
    @MethodSource("scopes")
    void AZ_05_scopesAreTyped(Map<String, ?> claims, boolean allowed) {
        AccessPolicy policy = requiring(new Requirement.HasScopes(List.of("orders.read")));
        assertThat(judge(policy, exchange(caller(claims))))
                .isEqualTo(
                        allowed
                                ? "allow require scope orders.read"
                                : "prove require scope orders.read insufficient-scope");
    }

    @Test
    void allScopesAreNeeded() {
        AccessPolicy policy = requiring(new Requirement.HasScopes(List.of("a", "b")));
        assertThat(judge(policy, exchange(caller(Map.of("scope", "b a"))))).startsWith("allow");
        Verdict verdict = policy.judge(exchange(caller(Map.of("scope", "a"))));
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Prove.class, prove -> assertThat(prove.scopes()).containsExactly("a", "b"));
    }

    private static Stream<Arguments> strengths() {
        long now = Exchanges.STARTED_AT_EPOCH_MILLIS / 1000;
        return Stream.of(
                Arguments.of(Map.of("acr", "gold", "auth_time", now - 299), true),
                Arguments.of(Map.of("acr", "silver", "auth_time", now), true),
                Arguments.of(Map.of("acr", "gold", "auth_time", now + 59), true),
                Arguments.of(Map.of("acr", "gold", "auth_time", now - 301), false),
                Arguments.of(Map.of("acr", "gold", "auth_time", now + 3600), false),
                Arguments.of(Map.of("acr", "gold"), false),
                Arguments.of(Map.of("acr", "gold", "auth_time", Long.toString(now)), false),
                Arguments.of(Map.of("acr", "gold", "auth_time", (double) now), false),
                Arguments.of(Map.of("acr", "gold", "auth_time", Long.MIN_VALUE), false),
                Arguments.of(Map.of("acr", "bronze", "auth_time", now), false),
                Arguments.of(Map.of("acr", List.of("gold"), "auth_time", now), false),
                Arguments.of(Map.of("auth_time", now), false),
                Arguments.of(Map.of(), false));
    }

    @ParameterizedTest
    @MethodSource("strengths")
    void AZ_05_strengthIsTyped(Map<String, ?> claims, boolean allowed) {
        AccessPolicy policy = requiring(new Requirement.Proven(new Strength(List.of("gold", "silver"), 300)));
        assertThat(judge(policy, exchange(caller(claims))))
                .isEqualTo(
                        allowed
                                ? "allow require strength acr gold silver max-age 300s"
                                : "prove require strength acr gold silver max-age 300s insufficient-user-authentication");
    }

    /// Of several ways in, the caller is told the one that it can take by itself.
    @Test
    void tellsTheEasiestOfSeveralWays() {
        Requirement admin = role(SHOP, "admin");
        Requirement scope = new Requirement.HasScopes(List.of("a"));
        Requirement fresh = new Requirement.Proven(new Strength(List.of("gold"), Strength.ANY_AGE));
        assertThat(judge(requiring(new Requirement.AnyOf(List.of(admin, scope, fresh))), exchange(caller())))
                .endsWith("insufficient-user-authentication");
        assertThat(judge(requiring(new Requirement.AnyOf(List.of(admin, scope))), exchange(caller())))
                .endsWith("insufficient-scope");
        assertThat(judge(requiring(new Requirement.AllOf(List.of(admin, scope))), exchange(caller())))
                .endsWith("requirement-unmet");
        assertThat(judge(requiring(new Requirement.AnyOf(List.of())), exchange(caller())))
                .startsWith("deny");
        assertThat(judge(requiring(new Requirement.AllOf(List.of())), exchange(caller())))
                .startsWith("deny");
    }

    // ---- anonymous callers

    @Test
    void anonymousCallersPassWhereNothingIsAsked() {
        AccessPolicy open = new AccessPolicy(true, null, null, List.of());
        assertThat(judge(open, exchange(null))).isEqualTo("allow anonymous");
        assertThat(judge(open, exchange(caller()))).isEqualTo("allow authenticated");
        assertThat(judge(requiring(null), exchange(null))).isEqualTo("prove authenticated credential-missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "role | true  |       | prove require role reader credential-missing",
                "     | true  |       | allow when",
                "     | false |       | prove when credential-missing",
                "     | error |       | prove when credential-missing",
                "     | principal.id == \"alice\" | | prove when credential-missing",
                "     | true  | true  | deny deny[0] explicitly-denied",
                "     | true  | error | prove deny[0] credential-missing",
                "     | true  | false | allow when",
            })
    void AZ_10_anonymousCallersAreInvitedWhereMoreIsAsked(
            @Nullable String require, String when, @Nullable String deny, String verdict) {
        AccessPolicy policy = new AccessPolicy(
                true,
                require == null ? null : role(SHOP, "reader"),
                condition(when),
                deny == null ? List.of() : List.of(deny(0, null, deny)));
        assertThat(judge(policy, exchange(null))).isEqualTo(verdict);
    }

    @Test
    void anonymousCallersHaveNoRolesThatCouldBeGrantedOrDenied() {
        AccessPolicy policy = new AccessPolicy(
                true, null, null, List.of(deny(0, role(SHOP, "reader", grant("reader", "true")), null)));
        assertThat(judge(policy, exchange(null))).isEqualTo("allow anonymous");
        assertThat(judge(policy, exchange(caller()))).isEqualTo("deny deny[0] explicitly-denied");
    }

    // ---- explanations

    private static String text(Explanation.Finding finding) {
        String parts =
                finding.parts().stream().map(AccessPolicyTest::text).collect(Collectors.joining("; ", " {", "}"));
        return finding.rule() + " " + finding.answer()
                + (finding.because().isEmpty() ? "" : " (" + finding.because() + ")")
                + (finding.parts().isEmpty() ? "" : parts);
    }

    private static List<String> explained(AccessPolicy policy, @Nullable Principal caller) {
        return policy.explain(exchange(caller)).findings().stream()
                .map(AccessPolicyTest::text)
                .toList();
    }

    @Test
    void explainsEverythingItLookedAt() {
        AccessPolicy policy = new AccessPolicy(
                false,
                new Requirement.AnyOf(List.of(
                        role(SHOP, "root"),
                        permission(SHOP, "orders:write", grant("clerk", "principal.tenant == \"acme\"")),
                        role(SHOP, "reader"))),
                condition("path.id == \"7\""),
                List.of(
                        deny(0, role(SHOP, "banned"), "true"),
                        new Denial("deny[1]", null, condition("true"), Enforcement.SHADOW)));
        assertThat(explained(policy, caller()))
                .containsExactly(
                        "deny[0] NO {role banned NO (none of the roles banned)}",
                        "require any-of (role root, orders:write, role reader) YES {any-of YES {"
                                + "role root NO (none of the roles root); "
                                + "orders:write YES (role clerk by grants[0]) {grants[0] YES"
                                + " (principal.tenant == \"acme\") {principal.tenant VALUE (acme); \"acme\" VALUE (acme)}}; "
                                + "role reader UNASKED}}",
                        "when YES (path.id == \"7\") {path.id VALUE (7); \"7\" VALUE (7)}",
                        "deny[1] YES {when YES (true) {true VALUE (true); true VALUE (true)}}");
        assertThat(explained(policy, caller("banned")))
                .containsExactly(
                        "deny[0] YES {role banned YES (role banned); when YES (true) {true VALUE (true); true VALUE"
                                + " (true)}}",
                        "require any-of (role root, orders:write, role reader) UNASKED",
                        "when UNASKED");
        assertThat(explained(when("principal.claims.a == \"b\""), caller()))
                .containsExactly("when UNKNOWN (principal.claims.a == \"b\": principal.claims.a has no value) {"
                        + "principal.claims.a VALUE (principal.claims.a has no value); \"b\" VALUE (b)}");
    }

    @Test
    void whatNoConditionDecidesHoldsUntilTheConfigurationChanges() {
        assertThat(requiring(role(SHOP, "reader")).holdsForSeconds()).isEqualTo(Authorizer.UNTIL_CHANGED);
        assertThat(requiring(null, deny(0, role(SHOP, "banned"), null)).holdsForSeconds())
                .isEqualTo(Authorizer.UNTIL_CHANGED);
        assertThat(when("true").holdsForSeconds()).isOne();
        assertThat(requiring(role(SHOP, "reader"), deny(0, null, "false")).holdsForSeconds())
                .isOne();
        assertThat(requiring(role(SHOP, "reader", grant("reader", "true"))).holdsForSeconds())
                .isOne();
        assertThat(requiring(new Requirement.AnyOf(List.of(role(SHOP, "reader", grant("reader", "true")))))
                        .holdsForSeconds())
                .isOne();
    }
}
