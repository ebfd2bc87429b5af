package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import java.util.List;

/// Who may use a route. Every route has one; there is no way to leave it out.
public sealed interface AccessRule {
    /// Written out as `access: public`: anybody.
    record Public() implements AccessRule {}

    /// Callers that one of `authenticators` proves, tried in order, and that every authorizer allows.
    ///
    /// @param authenticators at least one
    record Guarded(List<Authenticator> authenticators, List<Authorizer> authorizers) implements AccessRule {
        public Guarded {
            if (authenticators.isEmpty()) {
                throw new IllegalArgumentException("authenticators: none (expected: at least one)");
            }
            authenticators = List.copyOf(authenticators);
            authorizers = List.copyOf(authorizers);
        }
    }
}
