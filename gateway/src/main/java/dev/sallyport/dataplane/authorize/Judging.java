package dev.sallyport.dataplane.authorize;

import dev.sallyport.api.access.Explanation.Answer;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.EvaluationException;
import dev.sallyport.api.identity.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Evaluates the parts of a policy. Every method takes a [Trail] to note down what it finds, or null: there is no
/// other code that explains.
final class Judging {
    private Judging() {}

    /// What is missing for `caller` to meet `wanted`: the requirement itself or a part of it, the one to tell the
    /// caller of. Null when it is met.
    static @Nullable Requirement missing(
            Requirement wanted, Exchange exchange, Principal caller, @Nullable Trail trail) {
        return missing(wanted, false, exchange, caller, trail);
    }

    /// @param doubt what a grant whose condition has no answer comes to: whether the role is taken for given
    private static @Nullable Requirement missing(
            Requirement wanted, boolean doubt, Exchange exchange, Principal caller, @Nullable Trail trail) {
        return switch (wanted) {
            case Requirement.HasPermission permission ->
                has(permission.holders(), wanted, doubt, exchange, caller, trail) ? null : wanted;
            case Requirement.HasRole role ->
                has(role.holders(), wanted, doubt, exchange, caller, trail) ? null : wanted;
            case Requirement.HasScopes scopes ->
                noted(Scopes.contain(caller.claims(), scopes.scopes()), wanted, trail) ? null : wanted;
            case Requirement.Proven proven -> noted(proven.isMetBy(exchange, caller), wanted, trail) ? null : wanted;
            case Requirement.AnyOf anyOf -> missingOfAny(anyOf, doubt, exchange, caller, trail);
            case Requirement.AllOf allOf -> missingOfAll(allOf, doubt, exchange, caller, trail);
        };
    }

    private static boolean noted(boolean met, Requirement wanted, @Nullable Trail trail) {
        if (trail != null) {
            trail.add(wanted.text(), met ? Answer.YES : Answer.NO, "");
        }
        return met;
    }

    private static @Nullable Requirement missingOfAny(
            Requirement.AnyOf wanted, boolean doubt, Exchange exchange, Principal caller, @Nullable Trail trail) {
        List<Requirement> parts = wanted.parts();
        if (trail != null) {
            trail.begin();
        }
        Requirement missing = null;
        boolean met = false;
        for (int i = 0; i < parts.size(); i++) {
            if (met) {
                leaveOut(parts.get(i), trail);
                continue;
            }
            Requirement lacking = missing(parts.get(i), doubt, exchange, caller, trail);
            if (lacking == null) {
                met = true;
                if (trail == null) {
                    return null;
                }
            } else {
                missing = easier(missing, lacking);
            }
        }
        if (trail != null) {
            trail.end("any-of", met ? Answer.YES : Answer.NO, "");
        }
        return met ? null : missing == null ? wanted : missing;
    }

    private static @Nullable Requirement missingOfAll(
            Requirement.AllOf wanted, boolean doubt, Exchange exchange, Principal caller, @Nullable Trail trail) {
        List<Requirement> parts = wanted.parts();
        if (trail != null) {
            trail.begin();
        }
        Requirement missing = null;
        for (int i = 0; i < parts.size(); i++) {
            if (missing != null) {
                leaveOut(parts.get(i), trail);
                continue;
            }
            missing = missing(parts.get(i), doubt, exchange, caller, trail);
            if (missing != null && trail == null) {
                return missing;
            }
        }
        if (trail != null) {
            trail.end("all-of", missing == null ? Answer.YES : Answer.NO, "");
        }
        // a requirement without parts is none: nothing meets it
        return parts.isEmpty() ? wanted : missing;
    }

    static void leaveOut(Requirement wanted, @Nullable Trail trail) {
        if (trail != null) {
            trail.add(wanted.text(), Answer.UNASKED, "");
        }
    }

    /// Of two things a caller lacks, the one it can get by itself: a fresher proof before a wider token before a
    /// role.
    private static Requirement easier(@Nullable Requirement one, Requirement other) {
        if (one == null) {
            return other;
        }
        return effort(other) < effort(one) ? other : one;
    }

    private static int effort(Requirement lacking) {
        return switch (lacking) {
            case Requirement.Proven _ -> 0;
            case Requirement.HasScopes _ -> 1;
            case Requirement.HasPermission _, Requirement.HasRole _, Requirement.AnyOf _, Requirement.AllOf _ -> 2;
        };
    }

    /// Whether `caller` has one of the roles, as its credential says or by a grant.
    private static boolean has(
            Holders holders,
            Requirement wanted,
            boolean doubt,
            Exchange exchange,
            Principal caller,
            @Nullable Trail trail) {
        for (String role : holders.names) {
            if (caller.roles().contains(role)) {
                if (trail != null) {
                    trail.add(wanted.text(), Answer.YES, "role " + role);
                }
                return true;
            }
        }
        if (trail != null) {
            trail.begin();
        }
        Grant given = null;
        Answer answer = Answer.NO;
        for (Grant grant : holders.grants) {
            answer = gives(grant, exchange, caller, trail);
            if (answer == Answer.YES || (doubt && answer != Answer.NO)) {
                given = grant;
                break;
            }
        }
        if (trail != null) {
            String because = given != null
                    ? "role " + given.role() + " by " + given.name()
                    : "none of the roles " + String.join(", ", holders.names);
            trail.end(wanted.text(), given != null ? answer : Answer.NO, because);
        }
        return given != null;
    }

    private static Answer gives(Grant grant, Exchange exchange, Principal caller, @Nullable Trail trail) {
        if (!grant.isFor(caller.authenticator())) {
            if (trail != null) {
                trail.add(grant.name(), Answer.NO, "not for callers proven by " + caller.authenticator());
            }
            return Answer.NO;
        }
        Condition when = grant.when();
        if (when == null) {
            if (trail != null) {
                trail.add(grant.name(), Answer.YES, "for callers proven by " + caller.authenticator());
            }
            return Answer.YES;
        }
        return ask(grant.name(), when, exchange, trail);
    }

    /// Whether `condition` holds; [Answer#UNKNOWN] when that has no answer.
    static Answer ask(String rule, Condition condition, Exchange exchange, @Nullable Trail trail) {
        Answer answer;
        String because = condition.text();
        try {
            answer = condition.holds(exchange) ? Answer.YES : Answer.NO;
        } catch (EvaluationException e) {
            answer = Answer.UNKNOWN;
            if (trail != null) {
                because = because + ": " + e.getMessage();
            }
        }
        if (trail != null) {
            trail.begin();
            trail.values(condition, exchange);
            trail.end(rule, answer, because);
        }
        return answer;
    }

    /// Whether `denial` applies. To callers it is not for, its condition is not put; whether it is for a caller is
    /// not known when that hangs on a grant whose condition has no answer.
    static Answer applies(Denial denial, Exchange exchange, @Nullable Principal caller, @Nullable Trail trail) {
        if (trail != null) {
            trail.begin();
        }
        Answer answer = Answer.YES;
        Requirement whom = denial.whom();
        if (whom != null) {
            if (caller == null || missing(whom, true, exchange, caller, trail) != null) {
                answer = Answer.NO;
            } else if (missing(whom, false, exchange, caller, null) != null) {
                answer = Answer.UNKNOWN;
            }
        }
        Condition when = denial.when();
        if (when != null && answer != Answer.NO) {
            Answer holds = ask("when", when, exchange, trail);
            answer = holds == Answer.YES ? answer : holds;
        }
        if (trail != null) {
            trail.end(denial.name(), answer, "");
        }
        return answer;
    }
}
