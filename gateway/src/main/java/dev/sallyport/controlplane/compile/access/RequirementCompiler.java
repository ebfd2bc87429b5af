package dev.sallyport.controlplane.compile.access;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.access.DenyConfig;
import dev.sallyport.controlplane.config.access.RequireConfig;
import dev.sallyport.dataplane.authorize.Holders;
import dev.sallyport.dataplane.authorize.Permission;
import dev.sallyport.dataplane.authorize.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles what callers must meet, with the roles that meet it worked out.
final class RequirementCompiler {
    private final Findings findings;
    private final Roles roles;
    private final RoleCompiler names;

    RequirementCompiler(Findings findings, Roles roles, RoleCompiler names) {
        this.findings = findings;
        this.roles = roles;
        this.names = names;
    }

    /// The requirement at `path`, or null when something is wrong with it.
    @Nullable
    Requirement compile(String path, RequireConfig require) {
        List<String> scopes = require.allScopes();
        if (require.permission() != null) {
            return permission(path + ".permission", require.permission());
        }
        if (require.role() != null) {
            return role(path + ".role", require.role());
        }
        if (scopes != null) {
            return new Requirement.HasScopes(scopes);
        }
        if (require.strength() != null) {
            return new Requirement.Proven(require.strength().strength());
        }
        List<RequireConfig> any = require.anyOf();
        List<RequireConfig> all = require.allOf();
        List<Requirement> parts = new ArrayList<>();
        List<RequireConfig> given = any != null ? any : all == null ? List.of() : all;
        for (int i = 0; i < given.size(); i++) {
            Requirement part = compile(path + (any != null ? ".any-of[" : ".all-of[") + i + "]", given.get(i));
            if (part != null) {
                parts.add(part);
            }
        }
        if (parts.isEmpty() || parts.size() < given.size()) {
            return null;
        }
        return any != null ? new Requirement.AnyOf(parts) : new Requirement.AllOf(parts);
    }

    /// Whom the denial at `path` is for: null when that is everybody, or when something is wrong.
    @Nullable
    Requirement compile(String path, DenyConfig deny) {
        List<@Nullable Requirement> parts = new ArrayList<>();
        if (deny.role() != null) {
            parts.add(role(path + ".role", deny.role()));
        }
        if (deny.permission() != null) {
            parts.add(permission(path + ".permission", deny.permission()));
        }
        if (deny.scope() != null) {
            parts.add(new Requirement.HasScopes(List.of(deny.scope())));
        }
        if (deny.scopes() != null) {
            parts.add(new Requirement.HasScopes(deny.scopes()));
        }
        List<Requirement> sound = new ArrayList<>();
        for (Requirement part : parts) {
            if (part != null) {
                sound.add(part);
            }
        }
        if (sound.isEmpty() || sound.size() < parts.size()) {
            return null;
        }
        return sound.size() == 1 ? sound.getFirst() : new Requirement.AllOf(sound);
    }

    private @Nullable Requirement role(String path, String name) {
        return names.isRole(path, name)
                ? new Requirement.HasRole(name, Holders.of(roles.model().having(name), roles.grants()))
                : null;
    }

    private @Nullable Requirement permission(String path, String text) {
        Permission wanted;
        try {
            wanted = Permission.parse(text);
        } catch (IllegalArgumentException e) {
            findings.error(path, String.valueOf(e.getMessage()));
            return null;
        }
        if (!wanted.isSingle()) {
            findings.error(path, text, "expected: one permission; * is for what roles grant");
            return null;
        }
        Set<String> granting = roles.model().granting(wanted);
        if (granting.isEmpty() && roles.sound()) {
            Set<String> known = roles.model().permissionNames();
            findings.error(
                    path,
                    "no role grants " + text,
                    known.isEmpty() ? "expected: a permission of a role under `roles`" : Nearest.hint(text, known));
            return null;
        }
        return new Requirement.HasPermission(wanted, Holders.of(granting, roles.grants()));
    }

    /// What of `requirement` no caller can ever meet that one of `authenticators` proves; null when one can.
    @Nullable
    Requirement impossible(Requirement requirement, Map<String, Authenticator> authenticators) {
        return switch (requirement) {
            case Requirement.HasPermission permission ->
                canHave(permission.holders(), authenticators) ? null : requirement;
            case Requirement.HasRole role -> canHave(role.holders(), authenticators) ? null : requirement;
            case Requirement.HasScopes _, Requirement.Proven _ -> null;
            case Requirement.AllOf all -> {
                Requirement first = null;
                for (Requirement part : all.parts()) {
                    first = first == null ? impossible(part, authenticators) : first;
                }
                yield first;
            }
            case Requirement.AnyOf any -> {
                Requirement first = null;
                for (Requirement part : any.parts()) {
                    Requirement one = impossible(part, authenticators);
                    if (one == null) {
                        yield null;
                    }
                    first = first == null ? one : first;
                }
                yield first;
            }
        };
    }

    private boolean canHave(Holders holders, Map<String, Authenticator> authenticators) {
        return !roles.sound() || roles.canHave(holders.roles(), authenticators);
    }
}
