package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether what let one exchange in goes on to hold: its credential, and the access rule, which may have become
/// another.
/// Confined to the exchange's loop.
///
/// Authorizers are asked again when what they said is no longer to be relied on, and all of them when the rule changed;
/// those that keep their word for a while are then asked within that while, so that a reload does not ask for every
/// exchange at once. One that gives no answer is asked once more; without one then, the exchange ends.
public final class Continuance {
    private static final Refusal WITHDRAWN =
            Refusal.of(403, "access-withdrawn", "Forbidden", "The access to this resource was withdrawn.");
    private static final String GONE = "route";
    private static final String UNDECIDED = "undecided";
    private static final long NEVER = Long.MAX_VALUE;

    private final Revocations revocations;
    private final Exchange exchange;
    private AccessRule rule;
    private Asked[] asked;
    private @Nullable Refusal ended;

    /// What is to be known of one authorizer.
    private static final class Asked {
        private final Authorizer authorizer;
        private long due;
        private boolean doubtful;
        private @Nullable Object open;

        Asked(Authorizer authorizer, long due) {
            this.authorizer = authorizer;
            this.due = due;
        }
    }

    Continuance(Revocations revocations, Exchange exchange, AccessRule rule, long epochSecond) {
        this.revocations = revocations;
        this.exchange = exchange;
        this.rule = rule;
        this.asked = asked(rule, epochSecond, false);
    }

    /// @param anew whether they are still to say their first word under this rule
    private Asked[] asked(AccessRule under, long now, boolean anew) {
        List<Authorizer> all = under instanceof AccessRule.Guarded guarded ? guarded.authorizers() : List.of();
        Asked[] each = new Asked[all.size()];
        for (int i = 0; i < each.length; i++) {
            Authorizer authorizer = all.get(i);
            each[i] = new Asked(authorizer, anew ? soon(authorizer, now) : later(authorizer, now));
        }
        return each;
    }

    private long soon(Authorizer authorizer, long now) {
        int holds = authorizer.holdsForSeconds();
        boolean atOnce = holds == Authorizer.UNTIL_CHANGED || holds <= 1;
        return atOnce ? now : now + Long.remainderUnsigned(exchange.requestIdLow(), holds);
    }

    private static long later(Authorizer authorizer, long now) {
        int holds = authorizer.holdsForSeconds();
        return holds == Authorizer.UNTIL_CHANGED ? NEVER : now + Math.max(1, holds);
    }

    /// Why the exchange must end at `epochSecond`, or null when it may go on.
    ///
    /// @param current the rule for such a request now; null when there is none any more
    public @Nullable Refusal ended(@Nullable AccessRule current, long epochSecond) {
        if (ended != null) {
            return ended;
        }
        if (current == null) {
            return rule instanceof AccessRule.Public ? null : withdrawn(GONE);
        }
        if (!current.equals(rule)) {
            rule = current;
            for (Asked one : asked) {
                one.open = null;
            }
            asked = asked(current, epochSecond, true);
        }
        return switch (current) {
            case AccessRule.Public() -> null;
            case AccessRule.Guarded guarded -> {
                Refusal caller = callerEnded(guarded, epochSecond);
                yield caller != null ? caller : judged(guarded, epochSecond);
            }
        };
    }

    private @Nullable Refusal callerEnded(AccessRule.Guarded guarded, long now) {
        Principal caller = exchange.principal();
        if (caller == null) {
            return guarded.optional() ? null : Challenges.missing(guarded.authenticators(), exchange);
        }
        if (caller.credential().expired(now)) {
            return Challenges.ended(Challenges.EXPIRED, guarded.authenticators(), exchange);
        }
        if (revocations.standing(caller) == Revocations.Standing.REVOKED) {
            return Challenges.ended(Challenges.REVOKED, guarded.authenticators(), exchange);
        }
        return guarded.takes(caller.authenticator()) ? null : withdrawn(GONE);
    }

    private @Nullable Refusal judged(AccessRule.Guarded guarded, long now) {
        if (guarded.mode() == Enforcement.SHADOW) {
            return null;
        }
        for (Asked one : asked) {
            if (now >= one.due) {
                one.due = later(one.authorizer, now);
                // an answer that is still out after all that time is none
                Refusal refusal = onVerdict(one, one.open == null ? judge(one.authorizer) : null);
                if (refusal != null) {
                    return refusal;
                }
            }
        }
        return null;
    }

    private @Nullable Verdict judge(Authorizer authorizer) {
        try {
            return authorizer.judge(exchange);
        } catch (RuntimeException bug) {
            return new Verdict.Deny(WITHDRAWN, UNDECIDED);
        }
    }

    private @Nullable Refusal onVerdict(Asked by, @Nullable Verdict verdict) {
        by.open = null;
        return switch (verdict) {
            case Verdict.Allow _ -> {
                by.doubtful = false;
                yield null;
            }
            case Verdict.Deny deny -> withdrawn(deny.rule());
            case Verdict.Prove prove -> withdrawn(prove.rule());
            case Verdict.Await await -> {
                by.open = await;
                await.verdict()
                        .whenComplete((next, failure) -> exchange.execute(() -> {
                            if (await.equals(by.open)) {
                                ended = onVerdict(by, failure == null ? next : null);
                            }
                        }));
                yield null;
            }
            case Verdict.Undecided undecided -> unanswered(by, undecided.rule());
            case null -> unanswered(by, UNDECIDED);
        };
    }

    private @Nullable Refusal unanswered(Asked by, String rule) {
        boolean again = by.doubtful;
        by.doubtful = true;
        return again ? withdrawn(rule) : null;
    }

    private Refusal withdrawn(String by) {
        exchange.denied(by);
        return WITHDRAWN;
    }
}
