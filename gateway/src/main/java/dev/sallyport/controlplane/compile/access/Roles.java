package dev.sallyport.controlplane.compile.access;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.dataplane.authorize.Grant;
import dev.sallyport.dataplane.authorize.RoleModel;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The roles of a configuration, and who gets them beside those whose credential says so.
///
/// @param sound whether all of it is right, so that more can be concluded from what is not there
public record Roles(RoleModel model, List<Grant> grants, boolean sound) {
    public Roles {
        grants = List.copyOf(grants);
    }

    /// Whether a caller that one of `authenticators` proves can have one of `roles`, by its credential or by a grant.
    public boolean canHave(Collection<String> roles, Map<String, Authenticator> authenticators) {
        return authenticators.entrySet().stream().anyMatch(one -> {
            Set<String> carried = one.getValue().roles();
            return roles.stream().anyMatch(role -> carried == null || carried.contains(role))
                    || grants.stream().anyMatch(grant -> roles.contains(grant.role()) && grant.isFor(one.getKey()));
        });
    }
}
