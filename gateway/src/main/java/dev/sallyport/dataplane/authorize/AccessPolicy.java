package dev.sallyport.dataplane.authorize;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.access.Explanation;
import dev.sallyport.api.access.Explanation.Answer;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.identity.Principal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who of the callers that were let in may use a route: an explicit denial first, then what is required, then a
/// condition. What cannot be evaluated refuses. Immutable; it decides anew each time and remembers nothing.
public final class AccessPolicy implements Authorizer {
    private static final String TOLD = "access-denied";
    private static final Refusal REQUIREMENT_UNMET = refusal("requirement-unmet");
    private static final Refusal CONDITION_UNMET = refusal("condition-unmet");
    private static final Refusal CONDITION_FAILED = refusal("condition-failed");
    private static final Refusal EXPLICITLY = refusal("explicitly-denied");
    private static final Refusal INSUFFICIENT_SCOPE =
            Refusal.of(403, "insufficient-scope", "Forbidden", "The token lacks a scope that this resource needs.");
    private static final Refusal INSUFFICIENT_AUTHENTICATION = Refusal.of(
            401,
            "insufficient-user-authentication",
            "Stronger authentication required",
            "This resource needs a stronger or more recent authentication.");
    private static final Refusal ANONYMOUS =
            Refusal.of(401, "credential-missing", "Authentication required", "This resource needs a credential.");

    private final boolean anonymousToo;
    private final @Nullable Requirement require;
    private final @Nullable Condition when;
    private final List<Denial> denials;
    private final Denial[] enforced;
    private final Denial[] shadow;
    private final String requireRule;
    private final Verdict allowed;
    private final Verdict anonymous;
    private final boolean conditional;

    /// @param anonymousToo whether callers without credential may pass, where nothing is required of them
    /// @param require      what callers must meet, null for nothing
    /// @param when         what must hold besides, null for nothing
    /// @param denials      any of which keeps a caller out
    public AccessPolicy(
            boolean anonymousToo, @Nullable Requirement require, @Nullable Condition when, List<Denial> denials) {
        this.anonymousToo = anonymousToo;
        this.require = require;
        this.when = when;
        this.denials = List.copyOf(denials);
        this.enforced = of(Enforcement.ENFORCE);
        this.shadow = of(Enforcement.SHADOW);
        this.requireRule = require == null ? "" : "require " + require.text();
        String condition = when == null ? "" : "when";
        this.allowed = new Verdict.Allow(require != null ? requireRule : when == null ? "authenticated" : condition);
        this.anonymous = new Verdict.Allow(when == null ? "anonymous" : condition);
        this.conditional = asksConditions();
    }

    private Denial[] of(Enforcement mode) {
        return denials.stream().filter(denial -> denial.mode() == mode).toArray(Denial[]::new);
    }

    private static Refusal refusal(String reason) {
        return Refusal.of(403, TOLD, "Forbidden", "No rule allows this request.")
                .because(reason);
    }

    public boolean anonymousToo() {
        return anonymousToo;
    }

    public @Nullable Requirement require() {
        return require;
    }

    public @Nullable Condition when() {
        return when;
    }

    public List<Denial> denials() {
        return denials;
    }

    /// Without a condition, nothing but the caller and the configuration decides, and neither changes.
    @Override
    public int holdsForSeconds() {
        return conditional ? 1 : UNTIL_CHANGED;
    }

    private boolean asksConditions() {
        return when != null
                || asksGrants(require)
                || Stream.of(enforced).anyMatch(denial -> denial.when() != null || asksGrants(denial.whom()));
    }

    private static boolean asksGrants(@Nullable Requirement requirement) {
        return switch (requirement) {
            case null -> false;
            case Requirement.HasPermission permission -> permission.holders().grants.length > 0;
            case Requirement.HasRole role -> role.holders().grants.length > 0;
            case Requirement.HasScopes _, Requirement.Proven _ -> false;
            case Requirement.AnyOf anyOf -> anyOf.parts().stream().anyMatch(AccessPolicy::asksGrants);
            case Requirement.AllOf allOf -> allOf.parts().stream().anyMatch(AccessPolicy::asksGrants);
        };
    }

    @Override
    public Verdict judge(Exchange exchange) {
        return decide(exchange, null);
    }

    @Override
    public Explanation explain(Exchange exchange) {
        Trail trail = new Trail();
        Verdict verdict = decide(exchange, trail);
        return new Explanation(verdict, trail.findings());
    }

    private Verdict decide(Exchange exchange, @Nullable Trail trail) {
        Principal caller = exchange.principal();
        Verdict refused = caller == null && !anonymousToo ? prove("authenticated", trail) : null;
        for (Denial denial : enforced) {
            refused = refused == null ? denied(denial, exchange, caller, trail) : left(denial.name(), refused, trail);
        }
        if (require != null) {
            refused = refused == null ? required(require, exchange, caller, trail) : left(requireRule, refused, trail);
        }
        if (when != null) {
            refused = refused == null ? conditional(when, exchange, caller, trail) : left("when", refused, trail);
        }
        if (refused != null) {
            return refused;
        }
        for (Denial denial : shadow) {
            if (Judging.applies(denial, exchange, caller, trail) != Answer.NO) {
                exchange.shadowDenied(denial.name());
            }
        }
        return caller == null ? anonymous : allowed;
    }

    /// Notes that `rule` was not looked at any more.
    private static Verdict left(String rule, Verdict refused, @Nullable Trail trail) {
        if (trail != null) {
            trail.add(rule, Answer.UNASKED, "");
        }
        return refused;
    }

    private static Verdict prove(String rule, @Nullable Trail trail) {
        if (trail != null) {
            trail.add(rule, Answer.NO, "no credential");
        }
        return new Verdict.Prove(ANONYMOUS, rule, null, List.of());
    }

    private static @Nullable Verdict denied(
            Denial denial, Exchange exchange, @Nullable Principal caller, @Nullable Trail trail) {
        return switch (Judging.applies(denial, exchange, caller, trail)) {
            case NO -> null;
            case YES -> new Verdict.Deny(EXPLICITLY, denial.name());
            case UNKNOWN, UNASKED, VALUE -> unanswered(denial.name(), caller);
        };
    }

    /// A condition about a caller has no answer for an anonymous one, who may still become somebody.
    private static Verdict unanswered(String rule, @Nullable Principal caller) {
        return caller == null
                ? new Verdict.Prove(ANONYMOUS, rule, null, List.of())
                : new Verdict.Deny(CONDITION_FAILED, rule);
    }

    private @Nullable Verdict required(
            Requirement wanted, Exchange exchange, @Nullable Principal caller, @Nullable Trail trail) {
        if (caller == null) {
            return prove(requireRule, trail);
        }
        if (trail != null) {
            trail.begin();
        }
        Requirement missing = Judging.missing(wanted, exchange, caller, trail);
        if (trail != null) {
            trail.end(requireRule, missing == null ? Answer.YES : Answer.NO, "");
        }
        return switch (missing) {
            case null -> null;
            case Requirement.HasScopes scopes ->
                new Verdict.Prove(INSUFFICIENT_SCOPE, requireRule, null, scopes.scopes());
            case Requirement.Proven proven ->
                new Verdict.Prove(INSUFFICIENT_AUTHENTICATION, requireRule, proven.strength(), List.of());
            case Requirement.HasPermission _, Requirement.HasRole _, Requirement.AnyOf _, Requirement.AllOf _ ->
                new Verdict.Deny(REQUIREMENT_UNMET, requireRule);
        };
    }

    private static @Nullable Verdict conditional(
            Condition condition, Exchange exchange, @Nullable Principal caller, @Nullable Trail trail) {
        return switch (Judging.ask("when", condition, exchange, trail)) {
            case YES -> null;
            case NO ->
                caller == null
                        ? new Verdict.Prove(ANONYMOUS, "when", null, List.of())
                        : new Verdict.Deny(CONDITION_UNMET, "when");
            case UNKNOWN, UNASKED, VALUE -> unanswered("when", caller);
        };
    }
}
