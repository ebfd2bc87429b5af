package dev.sallyport.controlplane.compile.access;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.access.GrantConfig;
import dev.sallyport.controlplane.config.access.RoleConfig;
import dev.sallyport.dataplane.authorize.Grant;
import dev.sallyport.dataplane.authorize.Permission;
import dev.sallyport.dataplane.authorize.RoleModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Compiles `roles` and `grants`.
public final class RoleCompiler {
    private final Findings findings;
    private final GatewayConfig config;
    private final ConditionCompiler conditions;

    RoleCompiler(Findings findings, GatewayConfig config, ConditionCompiler conditions) {
        this.findings = findings;
        this.config = config;
        this.conditions = conditions;
    }

    Roles compile(Map<String, Authenticator> authenticators) {
        Map<String, RoleModel.Role> roles = new LinkedHashMap<>();
        config.roles().forEach((name, role) -> roles.put(name, role("roles." + name, role)));
        List<List<String>> cycles = RoleModel.cycles(roles);
        for (List<String> cycle : cycles) {
            findings.error(
                    "roles." + cycle.getFirst() + ".inherits",
                    "inherits itself: " + String.join(" > ", cycle),
                    "expected: no circle");
        }
        if (!cycles.isEmpty()) {
            roles.replaceAll((name, role) -> new RoleModel.Role(List.of(), role.permissions()));
        }
        List<Grant> grants = grants();
        boolean sound = !findings.hasErrors("roles") && !findings.hasErrors("grants");
        Roles compiled = new Roles(new RoleModel(roles), grants, sound);
        if (sound && !findings.hasErrors("authenticators")) {
            warnOfUnreachable(compiled, authenticators);
        }
        return compiled;
    }

    private RoleModel.Role role(String path, RoleConfig role) {
        List<String> inherits = new ArrayList<>();
        for (int i = 0; i < role.inherits().size(); i++) {
            String name = role.inherits().get(i);
            String at = path + ".inherits[" + i + "]";
            if (isRole(at, name) && once(at, name, inherits)) {
                inherits.add(name);
            }
        }
        List<Permission> permissions = new ArrayList<>();
        for (int i = 0; i < role.permissions().size(); i++) {
            String at = path + ".permissions[" + i + "]";
            try {
                Permission permission = Permission.parse(role.permissions().get(i));
                if (once(at, permission, permissions)) {
                    permissions.add(permission);
                }
            } catch (IllegalArgumentException e) {
                findings.error(at, String.valueOf(e.getMessage()));
            }
        }
        return new RoleModel.Role(inherits, permissions);
    }

    private <T> boolean once(String path, T value, List<T> before) {
        if (before.contains(value)) {
            findings.error(path, value + " twice", "expected: once");
            return false;
        }
        return true;
    }

    /// Whether `name` is a role that can be worked with; complains when there is none of that name.
    boolean isRole(String path, String name) {
        if (!config.roles().containsKey(name) && !findings.configured("roles." + name)) {
            findings.error(
                    path,
                    "no role is called " + name,
                    config.roles().isEmpty()
                            ? "expected: a name under `roles`"
                            : Nearest.hint(name, config.roles().keySet()));
        }
        return config.roles().containsKey(name);
    }

    private List<Grant> grants() {
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < config.grants().size(); i++) {
            String name = "grants[" + i + "]";
            Grant grant = grant(name, config.grants().get(i));
            if (grant != null) {
                grants.add(grant);
            }
        }
        return grants;
    }

    private @Nullable Grant grant(String path, GrantConfig grant) {
        int before = findings.count();
        boolean known = isRole(path + ".role", grant.role());
        Condition when = conditions.compile(path + ".when", grant.when());
        Set<String> authenticators = new HashSet<>();
        for (int i = 0; i < grant.authenticators().size(); i++) {
            String at = path + ".authenticators[" + i + "]";
            String name = grant.authenticators().get(i);
            if (!config.authenticators().containsKey(name) && !findings.configured("authenticators." + name)) {
                findings.error(
                        at,
                        "no authenticator is called " + name,
                        config.authenticators().isEmpty()
                                ? "expected: a name under `authenticators`"
                                : Nearest.hint(name, config.authenticators().keySet()));
            } else if (!authenticators.add(name)) {
                findings.error(at, name + " twice", "expected: once");
            }
        }
        return known && findings.count() == before ? new Grant(path, grant.role(), when, authenticators) : null;
    }

    /// A role counts as reachable when somebody can have it, or one that inherits it.
    private void warnOfUnreachable(Roles roles, Map<String, Authenticator> authenticators) {
        for (String name : roles.model().roles().keySet()) {
            if (!roles.canHave(new TreeSet<>(roles.model().having(name)), authenticators)) {
                findings.warning(
                        "roles." + name,
                        "nobody can have it: no authenticator finds it in a credential, and no grant gives it",
                        "expected: `principal.roles` at an authenticator, or an entry under `grants`");
            }
        }
    }
}
