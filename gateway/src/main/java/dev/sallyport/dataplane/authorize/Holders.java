package dev.sallyport.dataplane.authorize;

import java.util.List;
import java.util.Set;

/// Who counts as having something: callers with one of some roles, by their credential or by a grant. Worked out when
/// the configuration is compiled, so that a request costs a few look-ups and nothing is ever out of date (threat
/// AZ-06).
public final class Holders {
    final String[] names;
    final Grant[] grants;

    private Holders(String[] names, Grant[] grants) {
        this.names = names;
        this.grants = grants;
    }

    /// Callers with one of `roles`; of `grants` those that give one.
    public static Holders of(Set<String> roles, List<Grant> grants) {
        return new Holders(
                roles.toArray(String[]::new),
                grants.stream().filter(grant -> roles.contains(grant.role())).toArray(Grant[]::new));
    }

    /// Names of the roles, any of which will do.
    public List<String> roles() {
        return List.of(names);
    }

    /// What gives one of them to callers without.
    public List<Grant> grants() {
        return List.of(grants);
    }

    @Override
    public String toString() {
        return roles().toString();
    }
}
