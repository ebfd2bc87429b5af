package dev.sallyport.controlplane.rights;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.controlplane.compile.access.Roles;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.admit.AnyCaller;
import dev.sallyport.dataplane.authorize.AccessPolicy;
import dev.sallyport.dataplane.authorize.Denial;
import dev.sallyport.dataplane.authorize.Grant;
import dev.sallyport.dataplane.authorize.Holders;
import dev.sallyport.dataplane.authorize.Requirement;
import dev.sallyport.dataplane.behaviour.Standing;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads access rules for one kind of caller, proven by one authenticator: what the gateway would decide, with
/// everything that a request decides left open.
final class RuleReading {
    private final Roles roles;
    private final Caller caller;
    private final String by;
    private final @Nullable Authenticator authenticator;

    /// @param by            the authenticator's name, empty for none
    /// @param authenticator what proved the caller, null for nothing
    RuleReading(Roles roles, Caller caller, String by, @Nullable Authenticator authenticator) {
        this.roles = roles;
        this.caller = caller;
        this.by = by;
        this.authenticator = authenticator;
    }

    private boolean isAnonymous() {
        return caller instanceof Caller.Anonymous;
    }

    Right of(AccessRule rule) {
        return switch (rule) {
            case AccessRule.Public _ -> Right.ALWAYS;
            case AccessRule.Guarded guarded -> guarded(guarded);
        };
    }

    private Right guarded(AccessRule.Guarded rule) {
        if ((isAnonymous() && !rule.optional()) || rule.authorizers().isEmpty()) {
            return Right.NEVER;
        }
        if (rule.mode() == Enforcement.SHADOW) {
            return Right.ALWAYS;
        }
        Right right = Right.ALWAYS;
        for (Authorizer authorizer : rule.authorizers()) {
            right = right.and(
                    switch (authorizer) {
                        case AccessPolicy policy -> policy(policy);
                        case AnyCaller _ -> Right.ALWAYS;
                        // what callers may does not depend on what they did, as far as rights go
                        case Standing _ -> Right.ALWAYS;
                        default -> Right.where(authorizer.text());
                    });
        }
        return right;
    }

    private Right policy(AccessPolicy policy) {
        if (isAnonymous() && !policy.anonymousToo()) {
            return Right.NEVER;
        }
        Right right = Right.ALWAYS;
        for (Denial denial : policy.denials()) {
            if (denial.mode() == Enforcement.ENFORCE) {
                right = right.and(applies(denial).not());
            }
        }
        Requirement require = policy.require();
        if (require != null) {
            right = isAnonymous() ? Right.NEVER : right.and(meets(require));
        }
        return right.and(holds(policy.when()));
    }

    private Right applies(Denial denial) {
        Requirement whom = denial.whom();
        Right applies = whom == null ? Right.ALWAYS : isAnonymous() ? Right.NEVER : meets(whom);
        return applies.and(holds(denial.when()));
    }

    private static Right holds(@Nullable Condition condition) {
        return condition == null ? Right.ALWAYS : Right.where("(" + oneLine(condition.text()) + ")");
    }

    private Right meets(Requirement requirement) {
        return switch (requirement) {
            case Requirement.HasPermission permission -> isAmong(permission.holders());
            case Requirement.HasRole role -> isAmong(role.holders());
            case Requirement.HasScopes scopes -> {
                Right all = Right.ALWAYS;
                for (String scope : scopes.scopes()) {
                    all = all.and(Right.where("scope " + scope));
                }
                yield all;
            }
            case Requirement.Proven proven -> proven(proven.strength());
            case Requirement.AnyOf any -> {
                Right one = Right.NEVER;
                for (Requirement part : any.parts()) {
                    one = one.or(meets(part));
                }
                yield one;
            }
            case Requirement.AllOf all -> {
                Right every = all.parts().isEmpty() ? Right.NEVER : Right.ALWAYS;
                for (Requirement part : all.parts()) {
                    every = every.and(meets(part));
                }
                yield every;
            }
        };
    }

    private static Right proven(Strength strength) {
        Right classes = strength.classes().isEmpty() ? Right.ALWAYS : Right.NEVER;
        for (String one : strength.classes()) {
            classes = classes.or(Right.where("acr " + one));
        }
        return strength.maxAgeSeconds() < 0
                ? classes
                : classes.and(Right.where("authenticated within " + strength.maxAgeSeconds() + "s"));
    }

    private Right isAmong(Holders holders) {
        Right right = Right.NEVER;
        if (caller instanceof Caller.WithRole(String role) && holders.roles().contains(role) && canHave(role)) {
            right = Right.ALWAYS;
        }
        for (Grant grant : holders.grants()) {
            if (grant.isFor(by)) {
                Condition when = grant.when();
                right = right.or(
                        when == null
                                ? Right.ALWAYS
                                : Right.where("granted " + grant.role() + " by (" + oneLine(when.text()) + ")"));
            }
        }
        return right;
    }

    /// Whether a caller that this authenticator proves can have `role`, by its credential or by a grant.
    private boolean canHave(String role) {
        Set<String> carried = authenticator == null ? Set.of() : authenticator.roles();
        return carried == null
                || carried.contains(role)
                || roles.grants().stream().anyMatch(grant -> grant.role().equals(role) && grant.isFor(by));
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
