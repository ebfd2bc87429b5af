package dev.sallyport.controlplane.rights.usage;

import dev.sallyport.controlplane.compile.access.Roles;
import dev.sallyport.dataplane.authorize.Grant;
import dev.sallyport.dataplane.authorize.Holders;
import dev.sallyport.dataplane.authorize.Permission;
import dev.sallyport.dataplane.authorize.Requirement;
import dev.sallyport.dataplane.authorize.RoleModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which roles and permissions of a configuration were of use to somebody. In doubt, one was.
final class Exercised {
    private final Roles roles;
    private final Set<String> usedRoles = new HashSet<>();
    private final Map<String, Set<Permission>> usedPermissions = new HashMap<>();
    private long byGrant;
    private long unexplained;

    Exercised(Roles roles) {
        this.roles = roles;
    }

    /// Takes in requests that met `requirement`.
    void take(LoggedUse.Use use, long times, Requirement requirement) {
        List<Holders> asked = new ArrayList<>();
        boolean roleless = leaves(requirement, asked);
        if (asked.isEmpty() || mark(use.roles(), requirement)) {
            return;
        }
        // nothing in the line explains it: a grant does, or another way to meet the requirement, or the log says too
        // little
        Set<String> granted = new HashSet<>();
        for (Holders holders : asked) {
            for (Grant grant : holders.grants()) {
                if (grant.isFor(use.authenticator())) {
                    granted.add(grant.role());
                }
            }
        }
        if (mark(granted, requirement)) {
            byGrant += times;
        } else if (!roleless) {
            unexplained += times;
            asked.forEach(holders -> mark(new HashSet<>(holders.roles()), requirement));
        }
    }

    /// Collects what `requirement` asks about roles; says whether it can be met without any.
    private static boolean leaves(Requirement requirement, List<Holders> asked) {
        return switch (requirement) {
            case Requirement.HasPermission permission -> {
                asked.add(permission.holders());
                yield false;
            }
            case Requirement.HasRole role -> {
                asked.add(role.holders());
                yield false;
            }
            case Requirement.HasScopes _, Requirement.Proven _ -> true;
            case Requirement.AnyOf any -> {
                boolean one = false;
                for (Requirement part : any.parts()) {
                    one |= leaves(part, asked);
                }
                yield one;
            }
            case Requirement.AllOf all -> {
                boolean every = true;
                for (Requirement part : all.parts()) {
                    every &= leaves(part, asked);
                }
                yield every;
            }
        };
    }

    /// Marks what of `held` meets a part of `requirement`; says whether anything did.
    private boolean mark(Set<String> held, Requirement requirement) {
        return switch (requirement) {
            case Requirement.HasPermission(Permission wanted, Holders _) -> {
                boolean any = false;
                for (String role : held) {
                    for (String included : roles.model().included(role)) {
                        any |= markPermission(role, included, wanted);
                    }
                }
                yield any;
            }
            case Requirement.HasRole(String wanted, Holders _) -> {
                boolean any = false;
                for (String role : held) {
                    if (roles.model().included(role).contains(wanted)) {
                        usedRoles.add(role);
                        usedRoles.add(wanted);
                        any = true;
                    }
                }
                yield any;
            }
            case Requirement.HasScopes _, Requirement.Proven _ -> false;
            case Requirement.AnyOf(List<Requirement> parts) -> markAll(held, parts);
            case Requirement.AllOf(List<Requirement> parts) -> markAll(held, parts);
        };
    }

    private boolean markAll(Set<String> held, List<Requirement> parts) {
        boolean any = false;
        for (Requirement part : parts) {
            any |= mark(held, part);
        }
        return any;
    }

    private boolean markPermission(String role, String included, Permission wanted) {
        RoleModel.Role own = roles.model().roles().get(included);
        boolean any = false;
        for (Permission permission : own == null ? List.<Permission>of() : own.permissions()) {
            if (permission.covers(wanted)) {
                usedRoles.add(role);
                usedRoles.add(included);
                usedPermissions.computeIfAbsent(included, _ -> new HashSet<>()).add(permission);
                any = true;
            }
        }
        return any;
    }

    boolean isUsed(String role) {
        return usedRoles.contains(role);
    }

    boolean isUsed(String role, Permission permission) {
        return usedPermissions.getOrDefault(role, Set.of()).contains(permission);
    }

    /// Requests that only a granted role explains.
    long byGrant() {
        return byGrant;
    }

    /// Requests that no role in the log explains.
    long unexplained() {
        return unexplained;
    }
}
