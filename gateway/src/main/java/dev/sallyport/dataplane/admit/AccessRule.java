package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Who may use a route. Every route has one; there is no way to leave it out.
public sealed interface AccessRule {
    /// Written out as `access: public`: anybody.
    record Public() implements AccessRule {}

    /// Callers that one of `authenticators` proves, tried in order, and that every authorizer allows.
    ///
    /// @param authenticators at least one
    /// @param authorizers    at least one, unless `optional`: nobody is let in by nothing
    /// @param optional       whether a request without any credential passes too, as anonymous; one with a bad
    ///     credential never does
    /// @param credentials    what becomes of the caller's credential
    record Guarded(
            List<Authenticator> authenticators, List<Authorizer> authorizers, boolean optional, Credentials credentials)
            implements AccessRule {
        public Guarded {
            if (authenticators.isEmpty()) {
                throw new IllegalArgumentException("authenticators: none (expected: at least one)");
            }
            authenticators = List.copyOf(authenticators);
            authorizers = List.copyOf(authorizers);
        }

        /// A rule that needs a credential and keeps it at the gateway.
        public Guarded(List<Authenticator> authenticators, List<Authorizer> authorizers) {
            this(authenticators, authorizers, false, Credentials.KEPT_BACK);
        }

        /// Request fields that stay at the gateway.
        public List<String> keptBack() {
            if (credentials == Credentials.PASSED) {
                return List.of();
            }
            Set<String> fields = new LinkedHashSet<>();
            authenticators.forEach(one -> fields.addAll(one.credentialFields()));
            return List.copyOf(fields);
        }
    }

    /// What becomes of the caller's credential when its request is forwarded.
    enum Credentials {
        KEPT_BACK,
        PASSED
    }
}
