package dev.sallyport.extension.authn.live;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whose a stored credential is, and what its record says of that caller.
///
/// @param id     who
/// @param tenant whom the caller belongs to, or null
public record Holder(String id, @Nullable String tenant, List<String> roles, Claims claims) {
    private static final int LONGEST = 256;

    /// @throws IllegalArgumentException with value and expectation, when a name is none
    public Holder {
        roles = List.copyOf(roles);
        check("id", id);
        if (tenant != null) {
            check("tenant", tenant);
        }
        check("role", roles);
    }

    private static void check(String what, Collection<String> names) {
        names.forEach(name -> check(what, name));
    }

    private static void check(String what, String name) {
        if (name.isEmpty() || name.length() > LONGEST || name.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    what + ": " + (name.isEmpty() ? "empty" : name.replaceAll("\\p{Cntrl}", "?")) + " (expected: 1 to "
                            + LONGEST + " characters, no control characters)");
        }
    }

    /// The caller as proven.
    public Principal principal(String authenticator, Credential credential) {
        return new Principal(id, authenticator, tenant, Set.copyOf(roles), claims, credential);
    }
}
