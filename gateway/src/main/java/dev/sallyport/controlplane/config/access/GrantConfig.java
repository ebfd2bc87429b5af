package dev.sallyport.controlplane.config.access;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A role for callers whose credential does not carry it.
@Doc("A role for callers whose credential does not carry it. Anonymous callers are given none.")
public record GrantConfig(
        @Doc("The name of the role.") String role,

        @Doc("A condition (CEL) that must hold of the caller; one that cannot be evaluated gives no role.") @Nullable
        String when,

        @Doc("Names of authenticators that must have proven the caller. Left out: any.") @Default("[]")
        List<String> authenticators) {
    public GrantConfig {
        if (when == null && authenticators.isEmpty()) {
            throw new IllegalArgumentException(
                    "to everybody (expected: `when` or `authenticators`; `when: \"true\"` where everybody is meant)");
        }
    }
}
