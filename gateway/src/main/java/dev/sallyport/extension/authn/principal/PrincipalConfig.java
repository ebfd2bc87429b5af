package dev.sallyport.extension.authn.principal;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where in its claims a caller's identity is found.
@Doc("Where in its claims a caller's identity is found: names, or paths of names with dots.")
public record PrincipalConfig(
        @Doc("Who it is, a text.") @Default("sub") String id,

        @Doc("Its roles, a list of texts; anything else is no roles. Left out: none.") @Nullable
        String roles,

        @Doc("What its roles are called here, by what they are called there; others are dropped. Left out: the same.")
        @Default("{}")
        Map<String, String> roleNames,

        @Doc("Whom it belongs to, a text. Left out: nobody.") @Nullable
        String tenant) {
    public PrincipalConfig {
        if (roles == null && !roleNames.isEmpty()) {
            throw new IllegalArgumentException("role-names: without `roles` (expected: where the roles are found)");
        }
    }

    /// Names of all roles that callers can have, or null when they can have any.
    public @Nullable Set<String> possibleRoles() {
        if (roles == null) {
            return Set.of();
        }
        return roleNames.isEmpty() ? null : Set.copyOf(roleNames.values());
    }
}
