package dev.sallyport.extension.authn.principal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalMappingTest {
    private static final Credential CREDENTIAL = Credential.of("jwt");

    private static @Nullable Principal map(Map<String, ?> claims) {
        return new PrincipalMapping(new PrincipalConfig("sub", "realm_access.roles", Map.of(), "tenant"), "staff")
                .map(Claims.of(claims), CREDENTIAL);
    }

    @Test
    void findsIdRolesAndTenant() {
        Principal alice = Objects.requireNonNull(map(
                Map.of("sub", "alice", "tenant", "a", "realm_access", Map.of("roles", List.of("clerk", "reader")))));
        assertThat(alice.id()).isEqualTo("alice");
        assertThat(alice.tenant()).isEqualTo("a");
        assertThat(alice.roles()).containsExactlyInAnyOrder("clerk", "reader");
        assertThat(alice.authenticator()).isEqualTo("staff");
    }

    @Test
    void callersWithTheSameRolesShareOneSetAndOthersHaveTheirOwn() {
        PrincipalMapping mapping =
                new PrincipalMapping(new PrincipalConfig("sub", "roles", Map.of("a", "clerk"), null), "staff");
        Set<String> clerk = rolesOf(mapping, List.of("a", "unknown"));
        assertThat(clerk).containsExactly("clerk");
        assertThat(rolesOf(mapping, List.of("a"))).isSameAs(clerk);
        assertThat(rolesOf(mapping, List.of())).isEmpty();
    }

    @Test
    void JW_17_keepsNoMoreThanSoManySetsOfRolesAndMapsTheRestAsWell() {
        PrincipalMapping mapping = new PrincipalMapping(new PrincipalConfig("sub", "roles", Map.of(), null), "staff");
        for (int i = 0; i < 5000; i++) {
            assertThat(rolesOf(mapping, List.of("r" + i))).containsExactly("r" + i);
        }
        assertThat(rolesOf(mapping, List.of("r1"))).isSameAs(rolesOf(mapping, List.of("r1")));
        assertThat(rolesOf(mapping, List.of("r4999"))).isNotSameAs(rolesOf(mapping, List.of("r4999")));
    }

    private static Set<String> rolesOf(PrincipalMapping mapping, List<String> roles) {
        return Objects.requireNonNull(mapping.map(Claims.of(Map.of("sub", "alice", "roles", roles)), CREDENTIAL))
                .roles();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "admin\nX-Role: root", "a\0b", "a\rb", "a\u0085b", "a\u2028b"})
    void JW_23_takesNoIdThatCouldBreakALine(String id) {
        assertThat(map(Map.of("sub", id))).isNull();
    }

    @Test
    void JW_23_takesATextForNoListOfRoles() {
        Principal alice = Objects.requireNonNull(map(Map.of("sub", "alice", "realm_access", Map.of("roles", "admin"))));
        assertThat(alice.roles()).isEmpty();
        Principal mixed = Objects.requireNonNull(
                map(Map.of("sub", "alice", "realm_access", Map.of("roles", List.of("admin", 1L)))));
        assertThat(mixed.roles()).isEmpty();
    }

    @Test
    void JW_23_takesNoIdOfAnotherTypeOrCase() {
        assertThat(map(Map.of("sub", 1L))).isNull();
        assertThat(map(Map.of("SUB", "alice"))).isNull();
    }

    @Test
    void JW_17_takesNoRolesBeyondMeasure() {
        assertThat(map(Map.of("sub", "alice", "realm_access", Map.of("roles", Collections.nCopies(501, "r")))))
                .isNull();
    }

    @Test
    void AZ_05_rolesAreAListOfTextsAndNothingElse() {
        List<Object> wrong = List.of(
                Map.of("admin", true), "admin,user", "[\"admin\"]", true, 7L, List.of(List.of("admin")), List.of(1L));
        for (Object roles : wrong) {
            assertThat(rolesOf("realm_access.roles", Map.of(), Map.of("realm_access", Map.of("roles", roles))))
                    .as(roles.toString())
                    .isEmpty();
            assertThat(rolesOf("roles", Map.of(), Map.of("roles", roles))).isEmpty();
        }
        assertThat(rolesOf("roles", Map.of(), Map.of())).isEmpty();
    }

    @Test
    void AZ_05_aNameWithDotsIsOneNameFirst() {
        Map<String, Object> claims = Map.of(
                "https://example.com/roles", List.of("clerk"),
                "a.b", Map.of("roles", List.of("dotted")),
                "a", Map.of("b", Map.of("roles", List.of("nested"))));
        assertThat(rolesOf("https://example.com/roles", Map.of(), claims)).containsExactly("clerk");
        assertThat(rolesOf("a.b.roles", Map.of(), claims)).hasSize(1);
    }

    @Test
    void AZ_04_rolesGetTheNamesTheyHaveHereAndOthersAreDropped() {
        Map<String, String> names = Map.of("orders-clerks", "clerk", "Admins", "admin", "clerk", "reader");
        assertThat(rolesOf("groups", names, Map.of("groups", List.of("orders-clerks", "admins", "root"))))
                .containsExactly("clerk");
        assertThat(rolesOf("groups", names, Map.of("groups", List.of("clerk")))).containsExactly("reader");
        assertThat(rolesOf("groups", names, Map.of("groups", "orders-clerks"))).isEmpty();
    }

    @Test
    void saysWhichRolesThereCanBe() {
        assertThat(new PrincipalConfig("sub", null, Map.of(), null).possibleRoles())
                .isEmpty();
        assertThat(new PrincipalConfig("sub", "roles", Map.of(), null).possibleRoles())
                .isNull();
        assertThat(new PrincipalConfig("sub", "roles", Map.of("a", "b"), null).possibleRoles())
                .containsExactly("b");
    }

    private static Set<String> rolesOf(String path, Map<String, String> names, Map<String, ?> claims) {
        Map<String, Object> all = new HashMap<>(claims);
        all.put("sub", "alice");
        return Objects.requireNonNull(new PrincipalMapping(new PrincipalConfig("sub", path, names, null), "staff")
                        .map(Claims.of(all), CREDENTIAL))
                .roles();
    }
}
