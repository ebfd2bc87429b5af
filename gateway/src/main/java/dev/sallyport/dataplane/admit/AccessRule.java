package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.http.QueryParameter;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Who may use a route. Every route has one; there is no way to leave it out.
public sealed interface AccessRule {
    /// Written out as `access: public`: anybody.
    record Public() implements AccessRule {}

    /// Callers that one of `authenticators` proves, tried in order, and that every authorizer allows. Anonymous ones,
    /// where they are let in, have to be allowed too.
    final class Guarded implements AccessRule {
        private final List<Authenticator> authenticators;
        private final List<Authorizer> authorizers;
        private final boolean optional;
        private final Enforcement mode;
        private final Set<String> names;
        private final List<String> keptBackFields;
        private final List<QueryParameter> keptBackParameters;

        /// @param authenticators at least one
        /// @param authorizers    at least one, unless `optional`: nobody is let in by nothing
        /// @param optional       whether a request without any credential passes too, as anonymous; one with
        ///     a bad credential never does
        /// @param credentials    what becomes of the caller's credential
        /// @param mode           whether a denial by an authorizer is obeyed; callers are proven in either case
        /// @param names          of the authenticators, as callers they prove have them; empty when not known
        public Guarded(
                List<Authenticator> authenticators,
                List<Authorizer> authorizers,
                boolean optional,
                Credentials credentials,
                Enforcement mode,
                Set<String> names) {
            this.mode = mode;
            this.names = Set.copyOf(names);
            if (authenticators.isEmpty()) {
                throw new IllegalArgumentException("authenticators: none (expected: at least one)");
            }
            this.authenticators = List.copyOf(authenticators);
            this.authorizers = List.copyOf(authorizers);
            this.optional = optional;
            List<Authenticator> keeping = credentials == Credentials.PASSED ? List.of() : this.authenticators;
            this.keptBackFields = keeping.stream()
                    .flatMap(one -> one.credentialFields().stream())
                    .distinct()
                    .toList();
            this.keptBackParameters = keeping.stream()
                    .flatMap(one -> one.credentialParameters().stream())
                    .distinct()
                    .map(QueryParameter::new)
                    .toList();
        }

        /// A rule that is enforced.
        public Guarded(
                List<Authenticator> authenticators,
                List<Authorizer> authorizers,
                boolean optional,
                Credentials credentials) {
            this(authenticators, authorizers, optional, credentials, Enforcement.ENFORCE, Set.of());
        }

        /// A rule that needs a credential and keeps it at the gateway.
        public Guarded(List<Authenticator> authenticators, List<Authorizer> authorizers) {
            this(authenticators, authorizers, false, Credentials.KEPT_BACK);
        }

        private Guarded(Guarded rule, List<Authenticator> authenticators, List<Authorizer> authorizers) {
            this.authenticators = authenticators;
            this.authorizers = authorizers;
            this.optional = rule.optional;
            this.mode = rule.mode;
            this.names = rule.names;
            this.keptBackFields = rule.keptBackFields;
            this.keptBackParameters = rule.keptBackParameters;
        }

        /// This rule with another in the place of each authenticator and authorizer, for who listens to what they say.
        public Guarded through(UnaryOperator<Authenticator> authenticator, UnaryOperator<Authorizer> authorizer) {
            return new Guarded(
                    this,
                    authenticators.stream().map(authenticator).toList(),
                    authorizers.stream().map(authorizer).toList());
        }

        public List<Authenticator> authenticators() {
            return authenticators;
        }

        public List<Authorizer> authorizers() {
            return authorizers;
        }

        public boolean optional() {
            return optional;
        }

        public Enforcement mode() {
            return mode;
        }

        /// Whether callers that the authenticator of this name proved are among those it is for.
        boolean takes(String authenticator) {
            return names.isEmpty() || names.contains(authenticator);
        }

        /// Request fields that stay at the gateway.
        List<String> keptBackFields() {
            return keptBackFields;
        }

        /// Query parameters that stay at the gateway.
        List<QueryParameter> keptBackParameters() {
            return keptBackParameters;
        }
    }

    /// What becomes of the caller's credential when its request is forwarded.
    enum Credentials {
        KEPT_BACK,
        PASSED
    }
}
