package dev.sallyport.dataplane.authorize;

import dev.sallyport.api.expression.Condition;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A role for callers whose credential does not carry it. It is looked at only where a rule needs that role.
///
/// @param name           by which logs and explanations call it, such as `grants[0]`
/// @param when           what must hold of the caller; null for nothing more. Without an answer the role is not given
/// @param authenticators names of those that must have proven the caller; empty for any
public record Grant(String name, String role, @Nullable Condition when, Set<String> authenticators) {
    public Grant {
        authenticators = Set.copyOf(authenticators);
    }

    /// Whether callers that `authenticator` proved can be given the role.
    public boolean isFor(String authenticator) {
        return authenticators.isEmpty() || authenticators.contains(authenticator);
    }
}
