package dev.sallyport.controlplane.rights.usage;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.http.Method;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.compile.access.Roles;
import dev.sallyport.controlplane.config.Mark;
import dev.sallyport.controlplane.config.RouteConfig;
import dev.sallyport.controlplane.config.access.GrantConfig;
import dev.sallyport.controlplane.rights.usage.Advice.Kind;
import dev.sallyport.controlplane.rights.usage.Advice.Removal;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.authorize.AccessPolicy;
import dev.sallyport.dataplane.authorize.Requirement;
import dev.sallyport.dataplane.authorize.RoleModel;
import dev.sallyport.dataplane.snapshot.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Compares what a configuration allows with what was made use of.
public final class LeastPrivilege {
    private final Compiled compiled;
    private final LoggedUse use;
    private final Roles roles;
    private final Exercised exercised;
    private final List<Removal> removals = new ArrayList<>();

    private LeastPrivilege(Compiled compiled, LoggedUse use) {
        this.compiled = compiled;
        this.use = use;
        this.roles = compiled.parts().roles();
        this.exercised = new Exercised(roles);
    }

    /// What of `compiled` nobody used, by what `use` has seen.
    public static Advice of(Compiled compiled, LoggedUse use) {
        LeastPrivilege work = new LeastPrivilege(compiled, use);
        if (use.letIn() > 0) {
            work.exercise();
            if (use.tellsRoles()) {
                work.roles();
            }
            work.routes();
        }
        return new Advice(work.removals, work.caveats());
    }

    private void exercise() {
        for (Map.Entry<LoggedUse.Use, Long> one : use.uses().entrySet()) {
            Route route = compiled.snapshot().routes().named(one.getKey().route());
            if (route != null && route.access() instanceof AccessRule.Guarded guarded) {
                for (Authorizer authorizer : guarded.authorizers()) {
                    if (authorizer instanceof AccessPolicy policy && policy.require() != null) {
                        exercised.take(one.getKey(), one.getValue(), policy.require());
                    }
                }
            }
        }
    }

    private void roles() {
        roles.model().roles().forEach((name, role) -> {
            if (!exercised.isUsed(name)) {
                add(Kind.ROLE, "roles." + name, "", namedElsewhere(name));
                return;
            }
            for (int i = 0; i < role.permissions().size(); i++) {
                if (!exercised.isUsed(name, role.permissions().get(i))) {
                    add(
                            Kind.PERMISSION,
                            "roles." + name + ".permissions[" + i + "]",
                            role.permissions().get(i).toString(),
                            "");
                }
            }
            for (int i = 0; i < role.inherits().size(); i++) {
                if (!exercised.isUsed(role.inherits().get(i))) {
                    add(
                            Kind.ROLE,
                            "roles." + name + ".inherits[" + i + "]",
                            role.inherits().get(i),
                            "");
                }
            }
        });
        List<GrantConfig> grants = compiled.config().grants();
        for (int i = 0; i < grants.size(); i++) {
            if (!exercised.isUsed(grants.get(i).role())) {
                add(Kind.GRANT, "grants[" + i + "]", "role " + grants.get(i).role(), "");
            }
        }
    }

    /// Where a role that nobody used is asked for, so that it cannot simply go.
    private String namedElsewhere(String role) {
        Set<String> places = new TreeSet<>();
        for (Route route : compiled.snapshot().routes().routes()) {
            if (route.access() instanceof AccessRule.Guarded guarded) {
                for (Authorizer authorizer : guarded.authorizers()) {
                    if (authorizer instanceof AccessPolicy policy && asksFor(policy, role)) {
                        places.add("routes." + route.name() + ".access");
                    }
                }
            }
        }
        return places.isEmpty() ? "" : "still named in " + String.join(", ", places);
    }

    private boolean asksFor(AccessPolicy policy, String role) {
        Requirement require = policy.require();
        return (require != null && names(require, role))
                || policy.denials().stream().anyMatch(denial -> {
                    Requirement whom = denial.whom();
                    return whom != null && names(whom, role);
                });
    }

    private boolean names(Requirement requirement, String role) {
        return switch (requirement) {
            case Requirement.HasRole asked -> asked.role().equals(role);
            case Requirement.HasPermission asked -> {
                RoleModel.Role own = roles.model().roles().get(role);
                // the only role that grants it cannot go as long as it is asked for
                yield own != null && asked.holders().roles().equals(List.of(role));
            }
            case Requirement.HasScopes _, Requirement.Proven _ -> false;
            case Requirement.AnyOf any -> any.parts().stream().anyMatch(part -> names(part, role));
            case Requirement.AllOf all -> all.parts().stream().anyMatch(part -> names(part, role));
        };
    }

    private void routes() {
        compiled.config().routes().forEach((name, route) -> {
            Set<String> used = new TreeSet<>(use.methods(name));
            String path = "routes." + name;
            if (used.isEmpty()) {
                add(Kind.ROUTE, path, "", "");
            } else {
                methods(path, route, used);
            }
        });
    }

    private void methods(String path, RouteConfig route, Set<String> used) {
        List<Method> listed = route.match().methods();
        if (listed.isEmpty()) {
            used.remove(Method.HEAD.name());
            add(Kind.METHOD, path + ".match.methods", "every method", "used: [" + String.join(", ", used) + "]");
        }
        for (int i = 0; i < listed.size(); i++) {
            String method = listed.get(i).name();
            boolean asHead = listed.get(i) == Method.GET && used.contains(Method.HEAD.name());
            if (!used.contains(method) && !asHead) {
                add(Kind.METHOD, path + ".match.methods[" + i + "]", method, "");
            }
        }
    }

    private void add(Kind kind, String path, String value, String note) {
        removals.add(new Removal(kind, path, compiled.document().places().at(path, Mark.of("")), value, note));
    }

    private List<String> caveats() {
        List<String> caveats = new ArrayList<>();
        caveats.add("What is needed once a quarter, or in an emergency, may not be in the log.");
        caveats.add("Lines that were dropped under load, or lie in files that were not given, are not counted.");
        if (use.letIn() == 0) {
            caveats.add("No request was let in: nothing can be concluded.");
        } else if (!use.tellsRoles() && !roles.model().roles().isEmpty()) {
            caveats.add("No line has `user.roles`: nothing is said of roles, permissions and grants.");
        } else if (!roles.model().roles().isEmpty()) {
            caveats.add(
                    "`user.roles` has what credentials state. Where several roles allow the same, all of them count as used.");
            caveats.add("Roles that a condition or an upstream asks for by name are not seen here.");
        }
        if (exercised.byGrant() > 0) {
            caveats.add(exercised.byGrant()
                    + " requests were allowed by a granted role; which grant gave it is not logged, and all"
                    + " that could have count as used.");
        }
        if (exercised.unexplained() > 0) {
            caveats.add(
                    exercised.unexplained() + " requests are explained by no role in their lines, perhaps because the"
                            + " configuration was another then; every role that could have allowed them counts as used.");
        }
        if (use.unreadable() > 0) {
            caveats.add(use.unreadable() + " lines are no access log lines.");
        }
        return caveats;
    }
}
