package dev.sallyport.extension.authn.principal;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Makes principals of verified claims as a [PrincipalConfig] says, type by type: a text where a list is expected is
/// no list of one (threat JW-23).
public final class PrincipalMapping {
    private static final int LONGEST_ID = 512;
    private static final int LONGEST_ROLE = 256;
    private static final int MOST_ROLES = 500;

    /// How many different sets of roles are kept.
    private static final int MOST_SETS = 4096;

    private final PrincipalConfig config;
    private final String authenticator;

    /// Sets of roles that callers have, each once: thousands of callers share a few, and a decision looks at
    /// them for every request.
    private final Map<Set<String>, Set<String>> sets = new ConcurrentHashMap<>();

    /// @param authenticator the configured name of who proves
    public PrincipalMapping(PrincipalConfig config, String authenticator) {
        this.config = config;
        this.authenticator = authenticator;
    }

    /// The caller, or null when the claims name none, or hold what no principal can: control characters,
    /// identifiers or roles beyond measure.
    public @Nullable Principal map(Claims claims, Credential credential) {
        String id = claims.text(config.id());
        if (id == null || !isName(id, LONGEST_ID)) {
            return null;
        }
        List<String> roles = config.roles() == null ? List.of() : claims.texts(config.roles());
        if (roles.size() > MOST_ROLES || !roles.stream().allMatch(role -> isName(role, LONGEST_ROLE))) {
            return null;
        }
        String tenant = config.tenant() == null ? null : claims.text(config.tenant());
        if (tenant != null && !isName(tenant, LONGEST_ID)) {
            return null;
        }
        return new Principal(id, authenticator, tenant, shared(named(roles)), claims, credential);
    }

    /// The same set of roles for all who have just these, as long as there are not too many.
    private Set<String> shared(Set<String> roles) {
        Set<String> known = sets.get(roles);
        if (known != null) {
            return known;
        }
        if (sets.size() < MOST_SETS) {
            sets.put(roles, roles);
        }
        return roles;
    }

    /// Roles by the names they have here; without names of their own all as they are.
    private Set<String> named(List<String> roles) {
        Map<String, String> names = config.roleNames();
        if (names.isEmpty()) {
            return Set.copyOf(roles);
        }
        Set<String> named = new HashSet<>();
        for (String role : roles) {
            String name = names.get(role);
            if (name != null) {
                named.add(name);
            }
        }
        return Set.copyOf(named);
    }

    /// Names of all roles that callers can have, or null when they can have any.
    public @Nullable Set<String> possibleRoles() {
        return config.possibleRoles();
    }

    /// Whether `text` can be a caller's id: not empty, not beyond measure, without control characters.
    public static boolean isId(String text) {
        return isName(text, LONGEST_ID);
    }

    private static boolean isName(String text, int longest) {
        return !text.isEmpty()
                && text.length() <= longest
                && text.codePoints().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
    }
}
