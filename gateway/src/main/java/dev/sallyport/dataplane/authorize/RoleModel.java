package dev.sallyport.dataplane.authorize;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The roles that are configured, with what each comes to: its own permissions and those of every role it inherits,
/// flattened when it is made. Names are compared whole and exactly. Immutable.
public final class RoleModel {
    /// No roles.
    public static final RoleModel NONE = new RoleModel(Map.of());

    private final Map<String, Role> roles;
    private final Map<String, Set<String>> included = new LinkedHashMap<>();

    /// A role as written.
    ///
    /// @param inherits    names of roles whose permissions it has too
    /// @param permissions its own
    public record Role(List<String> inherits, List<Permission> permissions) {
        public Role {
            inherits = List.copyOf(inherits);
            permissions = List.copyOf(permissions);
        }
    }

    /// @param roles by name
    /// @throws IllegalArgumentException when a role inherits one that is not there, or itself
    public RoleModel(Map<String, Role> roles) {
        this.roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
        roles.forEach((name, role) -> role.inherits().forEach(parent -> {
            if (!roles.containsKey(parent)) {
                throw new IllegalArgumentException(
                        "roles." + name + ": inherits " + parent + " (expected: one of " + roles.keySet() + ")");
            }
        }));
        List<List<String>> cycles = cycles(roles);
        if (!cycles.isEmpty()) {
            throw new IllegalArgumentException(
                    "roles: " + String.join(" > ", cycles.getFirst()) + " (expected: no role that inherits itself)");
        }
        roles.keySet().forEach(name -> included.put(name, reached(name)));
    }

    /// Every way in which a role inherits itself: its name, those between, its name again. Each is told once.
    public static List<List<String>> cycles(Map<String, Role> roles) {
        List<List<String>> cycles = new ArrayList<>();
        Set<String> done = new LinkedHashSet<>();
        for (String name : roles.keySet()) {
            walk(name, roles, new ArrayList<>(), done, cycles);
        }
        return cycles;
    }

    private static void walk(
            String name, Map<String, Role> roles, List<String> path, Set<String> done, List<List<String>> cycles) {
        int before = path.indexOf(name);
        if (before >= 0) {
            List<String> cycle = new ArrayList<>(path.subList(before, path.size()));
            cycle.add(name);
            cycles.add(cycle);
            return;
        }
        Role role = roles.get(name);
        if (role == null || done.contains(name)) {
            return;
        }
        path.add(name);
        role.inherits().forEach(parent -> walk(parent, roles, path, done, cycles));
        path.removeLast();
        done.add(name);
    }

    private Set<String> reached(String name) {
        Set<String> reached = new LinkedHashSet<>();
        List<String> open = new ArrayList<>(List.of(name));
        while (!open.isEmpty()) {
            String next = open.removeLast();
            Role role = roles.get(next);
            if (role != null && reached.add(next)) {
                open.addAll(role.inherits());
            }
        }
        return Collections.unmodifiableSet(reached);
    }

    /// As written, by name.
    public Map<String, Role> roles() {
        return roles;
    }

    public boolean knows(String role) {
        return roles.containsKey(role);
    }

    /// `role` itself and every role it inherits, directly or through others; empty when it is not configured.
    public Set<String> included(String role) {
        return included.getOrDefault(role, Set.of());
    }

    /// Everything that whoever has `role` may do; empty when it is not configured.
    public Set<Permission> permissions(String role) {
        Set<Permission> all = new LinkedHashSet<>();
        for (String name : included(role)) {
            Role one = roles.get(name);
            if (one != null) {
                all.addAll(one.permissions());
            }
        }
        return all;
    }

    /// The roles whose holders may do `wanted`, in the order of their names.
    public Set<String> granting(Permission wanted) {
        Set<String> granting = new TreeSet<>();
        for (String name : roles.keySet()) {
            if (permissions(name).stream().anyMatch(permission -> permission.covers(wanted))) {
                granting.add(name);
            }
        }
        return granting;
    }

    /// The roles whose holders have `role`: itself and all that inherit it, in the order of their names.
    public Set<String> having(String role) {
        Set<String> having = new TreeSet<>();
        included.forEach((name, roles) -> {
            if (roles.contains(role)) {
                having.add(name);
            }
        });
        return having;
    }

    /// Every permission that some role names, for hints.
    public Set<String> permissionNames() {
        Set<String> names = new TreeSet<>();
        roles.values().forEach(role -> role.permissions().forEach(permission -> names.add(permission.toString())));
        return names;
    }
}
