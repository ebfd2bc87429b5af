package dev.sallyport.dataplane.authorize;

import dev.sallyport.api.access.Strength;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.identity.Principal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// What a rule can ask of a caller.
public sealed interface Requirement {
    /// In a few words, as in the name of its rule.
    String text();

    /// To hold a role that grants it.
    record HasPermission(Permission permission, Holders holders) implements Requirement {
        @Override
        public String text() {
            return permission.toString();
        }
    }

    /// To hold a role, or one that inherits it.
    record HasRole(String role, Holders holders) implements Requirement {
        @Override
        public String text() {
            return "role " + role;
        }
    }

    /// To show a token with all of these scopes (RFC 6749 §3.3).
    record HasScopes(List<String> scopes) implements Requirement {
        public HasScopes {
            scopes = List.copyOf(scopes);
        }

        @Override
        public String text() {
            return "scope " + String.join(" ", scopes);
        }
    }

    /// To have proven who it is well enough and recently enough.
    record Proven(Strength strength) implements Requirement {
        /// How far an identity provider's clock may be ahead of the gateway's.
        private static final long SKEW_SECONDS = 60;

        /// Whether the credential of `caller` says so.
        public boolean isMetBy(Exchange exchange, Principal caller) {
            if (!strength.classes().isEmpty()
                    && !(caller.claims().all().get("acr") instanceof String acr
                            && strength.classes().contains(acr))) {
                return false;
            }
            if (strength.maxAgeSeconds() < 0) {
                return true;
            }
            if (!(caller.claims().all().get("auth_time") instanceof Long authenticatedAt)) {
                return false;
            }
            long age = TimeUnit.MILLISECONDS.toSeconds(exchange.startedAtEpochMillis()) - authenticatedAt;
            return age >= -SKEW_SECONDS && age <= strength.maxAgeSeconds();
        }

        @Override
        public String text() {
            String classes = strength.classes().isEmpty() ? "" : " acr " + strength.acrValues();
            return "strength" + classes
                    + (strength.maxAgeSeconds() < 0 ? "" : " max-age " + strength.maxAgeSeconds() + "s");
        }
    }

    /// To meet one of several.
    record AnyOf(List<Requirement> parts) implements Requirement {
        public AnyOf {
            parts = List.copyOf(parts);
        }

        @Override
        public String text() {
            return "any-of" + list(parts);
        }
    }

    /// To meet all of several.
    record AllOf(List<Requirement> parts) implements Requirement {
        public AllOf {
            parts = List.copyOf(parts);
        }

        @Override
        public String text() {
            return "all-of" + list(parts);
        }
    }

    private static String list(List<Requirement> parts) {
        return parts.stream().map(Requirement::text).collect(Collectors.joining(", ", " (", ")"));
    }
}
