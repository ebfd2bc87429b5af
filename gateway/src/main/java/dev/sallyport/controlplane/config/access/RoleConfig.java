package dev.sallyport.controlplane.config.access;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import java.util.List;

/// A role.
@Doc("A role: a set of permissions that callers who have it hold.")
public record RoleConfig(
        @Doc("Names of roles whose permissions it has too.") @Default("[]")
        List<String> inherits,

        @Doc("Its own permissions, each `resource:action`; `*` in the place of a part stands for every one.")
        @Default("[]")
        List<String> permissions) {}
