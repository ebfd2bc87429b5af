package dev.sallyport.controlplane.posture;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.controlplane.compile.BuiltPlugin;
import dev.sallyport.controlplane.compile.access.Roles;
import dev.sallyport.controlplane.posture.Rule.Report;
import dev.sallyport.dataplane.authorize.Permission;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// What is looked for in roles and grants.
final class RoleRules {
    private static final int MANY = 2;

    static final List<Rule> ALL = List.of(
            new Rule(
                    "SP-A020",
                    "EverythingGranted",
                    Severity.MEDIUM,
                    "A role that may do everything.",
                    "It grows with every permission that is ever invented, and nobody decides that.",
                    "The permissions that the role is for.",
                    RoleRules::everything),
            new Rule(
                    "SP-A021",
                    "WildcardInherited",
                    Severity.LOW,
                    "A wildcard permission in a role that several others inherit.",
                    "What is added below the wildcard is given to all of them at once.",
                    "Single permissions in roles that others build on.",
                    RoleRules::inheritedWildcards),
            new Rule(
                    "SP-A022",
                    "UnreachableRole",
                    Severity.LOW,
                    "A role that nobody can have.",
                    "Nobody watches what it is given; one new grant or issuer makes it real.",
                    "`principal.roles` at an authenticator, an entry under `grants`, or no such role.",
                    RoleRules::unreachable),
            new Rule(
                    "SP-A023",
                    "GrantToEverybody",
                    Severity.MEDIUM,
                    "A role that every caller of some authenticators is given.",
                    "Whoever can prove anything to them has all its permissions.",
                    "`when` with what such callers have in common.",
                    RoleRules::grantsToAll));

    private RoleRules() {}

    private static void permissions(Subject subject, BiConsumer<String, Permission> each) {
        subject.config().roles().forEach((name, role) -> {
            for (int i = 0; i < role.permissions().size(); i++) {
                each.accept(
                        "roles." + name + ".permissions[" + i + "]",
                        Permission.parse(role.permissions().get(i)));
            }
        });
    }

    private static boolean isEverything(Permission permission) {
        return permission.covers(new Permission("", ""));
    }

    private static void everything(Subject subject, Report report) {
        permissions(subject, (path, permission) -> {
            if (isEverything(permission)) {
                report.found(path, permission.toString());
            }
        });
    }

    private static void inheritedWildcards(Subject subject, Report report) {
        Roles roles = subject.compiled().parts().roles();
        permissions(subject, (path, permission) -> {
            String role = path.substring("roles.".length(), path.lastIndexOf(".permissions["));
            Set<String> having = roles.model().having(role);
            if (!permission.isSingle() && !isEverything(permission) && having.size() > MANY) {
                report.found(path, permission + " is given to " + String.join(", ", having));
            }
        });
    }

    private static void unreachable(Subject subject, Report report) {
        Map<String, Authenticator> authenticators = new LinkedHashMap<>();
        for (BuiltPlugin<Authenticator> built : subject.compiled().parts().authenticators()) {
            authenticators.put(built.name(), built.plugin());
        }
        Roles roles = subject.compiled().parts().roles();
        for (String name : roles.model().roles().keySet()) {
            if (!roles.canHave(roles.model().having(name), authenticators)) {
                report.found("roles." + name, "no authenticator finds it in a credential, and no grant gives it");
            }
        }
    }

    private static void grantsToAll(Subject subject, Report report) {
        for (int i = 0; i < subject.config().grants().size(); i++) {
            String when = subject.config().grants().get(i).when();
            if (when == null || when.strip().equals("true")) {
                report.found(
                        "grants[" + i + "]",
                        "role " + subject.config().grants().get(i).role() + " without a condition");
            }
        }
    }
}
