package dev.sallyport.extension.authn.principal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrincipalMappingTest {
    private static final Credential CREDENTIAL = Credential.of("jwt");

    private static @Nullable Principal map(Map<String, ?> claims) {
        return new PrincipalMapping(new PrincipalConfig("sub", "realm_access.roles", "tenant"), "staff")
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
}
