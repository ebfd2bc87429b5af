package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.QueryParameter;
import dev.sallyport.api.identity.Principal;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The only maker of an [Admission]: asks a route's authenticators in written order, then what was revoked, then all
/// its authorizers.
///
/// No credential, a bad or revoked one, a denial, an exception, a failed or empty stage: refused. Where a rule is in
/// shadow mode, what its authorizers say is noted and not obeyed. Called on the exchange's loop; one gate serves all
/// loops.
public final class AdmissionGate {
    private static final Passage ANYBODY = new Passage.Granted(new Admission("public", null));
    private static final Passage UNDECIDED =
            new Passage.Refused(Refusal.of(503, "access-undecided", "Access could not be decided", "Try again later."));
    private static final String UNDECIDED_RULE = "undecided";
    private static final String SHADOW_RULE = "shadow";
    private static final int NOBODY = -1;
    private static final Passage REVOCATION_UNKNOWN = new Passage.Refused(Refusal.of(
            503,
            "revocation-unknown",
            "Access could not be decided",
            "Which credentials are revoked is not known now."));

    private final Revocations revocations;
    private final Attempts attempts;

    /// One that watches over no attempts.
    ///
    /// @param revocations asked for every proven caller
    public AdmissionGate(Revocations revocations) {
        this(revocations, Attempts.UNWATCHED);
    }

    /// @param revocations asked for every proven caller
    /// @param attempts    told of every attempt to prove who one is
    public AdmissionGate(Revocations revocations, Attempts attempts) {
        this.revocations = revocations;
        this.attempts = attempts;
    }

    /// Decides whether `exchange` may pass under `rule`, which has just judged it.
    public Passage admit(Exchange exchange, AccessRule rule) {
        OwnCookies.keepBack(exchange);
        return switch (rule) {
            case AccessRule.Public() -> ANYBODY;
            case AccessRule.Guarded guarded -> authenticate(exchange, guarded, 0, null);
        };
    }

    /// What watches over `exchange` once it was let in, under `rule`, which has just judged it.
    public Continuance watch(Exchange exchange, AccessRule rule, long epochSecond) {
        return new Continuance(revocations, exchange, rule, epochSecond);
    }

    private Passage authenticate(Exchange exchange, AccessRule.Guarded rule, int index, @Nullable Refusal unclaimed) {
        if (index < rule.authenticators().size()) {
            Authenticator next = rule.authenticators().get(index);
            CompletionStage<Boolean> turn = attempts.before(exchange, next);
            return turn == null
                    ? onAuthentication(exchange, rule, index, unclaimed, next.authenticate(exchange))
                    : await(exchange, turn, come -> onTurn(exchange, rule, index, unclaimed, come));
        }
        if (unclaimed != null) {
            return new Passage.Refused(Challenges.complete(unclaimed, exchange));
        }
        if (!rule.optional()) {
            return invite(exchange, rule, 0);
        }
        keepBack(exchange, rule);
        return authorize(exchange, rule, NOBODY, 0, "");
    }

    private Passage onTurn(
            Exchange exchange,
            AccessRule.Guarded rule,
            int index,
            @Nullable Refusal unclaimed,
            @Nullable Boolean come) {
        return Boolean.TRUE.equals(come)
                ? onAuthentication(
                        exchange,
                        rule,
                        index,
                        unclaimed,
                        rule.authenticators().get(index).authenticate(exchange))
                : new Passage.Refused(attempts.refusal(exchange));
    }

    private Passage onAuthentication(
            Exchange exchange,
            AccessRule.Guarded rule,
            int index,
            @Nullable Refusal unclaimed,
            @Nullable Authentication found) {
        return switch (found) {
            case null -> UNDECIDED;
            case Authentication.Proven proven -> onProven(exchange, rule, index, proven.principal());
            case Authentication.NoCredential() -> authenticate(exchange, rule, index + 1, unclaimed);
            case Authentication.Unclaimed other ->
                authenticate(exchange, rule, index + 1, unclaimed == null ? other.refusal() : unclaimed);
            case Authentication.BadCredential bad -> {
                attempts.failed(exchange, rule.authenticators().get(index), bad.refusal());
                yield refused(bad.refusal(), exchange);
            }
            case Authentication.Challenge challenge -> refused(challenge.refusal(), exchange);
            case Authentication.Answer answer -> new Passage.Answered(answer.response());
            case Authentication.Await await ->
                await(
                        exchange,
                        await.authentication(),
                        next -> onAuthentication(exchange, rule, index, unclaimed, next));
        };
    }

    /// A request that needs a credential has none.
    private Passage invite(Exchange exchange, AccessRule.Guarded rule, int index) {
        if (index == rule.authenticators().size()) {
            return new Passage.Refused(Challenges.missing(rule.authenticators(), exchange));
        }
        return onInvitation(
                exchange, rule, index, rule.authenticators().get(index).invite(exchange));
    }

    private Passage onInvitation(
            Exchange exchange, AccessRule.Guarded rule, int index, @Nullable Authentication found) {
        return switch (found) {
            case Authentication.NoCredential() -> invite(exchange, rule, index + 1);
            case Authentication.Answer answer -> new Passage.Answered(answer.response());
            case Authentication.Challenge challenge -> refused(challenge.refusal(), exchange);
            case Authentication.Await await ->
                await(exchange, await.authentication(), next -> onInvitation(exchange, rule, index, next));
            // nothing was shown, so nothing can be proven or bad
            case null -> UNDECIDED;
            case Authentication.Proven _, Authentication.Unclaimed _, Authentication.BadCredential _ -> UNDECIDED;
        };
    }

    private static Passage refused(Refusal refusal, Exchange exchange) {
        return new Passage.Refused(Challenges.complete(refusal, exchange));
    }

    private Passage onProven(Exchange exchange, AccessRule.Guarded rule, int by, Principal caller) {
        exchange.authenticated(caller);
        return switch (revocations.standing(caller)) {
            case GOOD -> {
                keepBack(exchange, rule);
                yield authorize(exchange, rule, by, 0, "");
            }
            case REVOKED -> new Passage.Refused(Challenges.ended(Challenges.REVOKED, rule.authenticators(), exchange));
            case UNKNOWN -> REVOCATION_UNKNOWN;
        };
    }

    private static void keepBack(Exchange exchange, AccessRule.Guarded rule) {
        List<String> fields = rule.keptBackFields();
        if (!fields.isEmpty()) {
            HeaderEdits edits = exchange.requestEdits();
            for (int i = 0; i < fields.size(); i++) {
                edits.remove(fields.get(i));
            }
        }
        List<QueryParameter> parameters = rule.keptBackParameters();
        for (int i = 0; i < parameters.size(); i++) {
            exchange.forwardedQuery(parameters.get(i).without(exchange.forwardedQuery()));
        }
    }

    /// Asks authorizer after authorizer.
    ///
    /// @param by        which authenticator proved the caller, [#NOBODY] for an anonymous one
    /// @param allowedBy the rule of the first that allowed it
    private Passage authorize(Exchange exchange, AccessRule.Guarded rule, int by, int index, String allowedBy) {
        if (rule.authorizers().isEmpty()) {
            return onVerdict(exchange, rule, by, index, allowedBy, Verdict.Deny.NOBODY);
        }
        if (index == rule.authorizers().size()) {
            // some only have nothing against it: somebody must be for it
            if (allowedBy.isEmpty()) {
                exchange.denied(Verdict.Deny.NOBODY.rule());
                return new Passage.Refused(Verdict.Deny.NOBODY.reason());
            }
            return new Passage.Granted(new Admission(allowedBy, exchange.principal()));
        }
        return onVerdict(exchange, rule, by, index, allowedBy, judge(exchange, rule, index));
    }

    private static @Nullable Verdict judge(Exchange exchange, AccessRule.Guarded rule, int index) {
        Authorizer authorizer = rule.authorizers().get(index);
        if (rule.mode() == Enforcement.ENFORCE) {
            return authorizer.judge(exchange);
        }
        try {
            return authorizer.judge(exchange);
        } catch (RuntimeException bug) {
            // one that is on trial harms nobody
            return null;
        }
    }

    private Passage onVerdict(
            Exchange exchange,
            AccessRule.Guarded rule,
            int by,
            int index,
            String allowedBy,
            @Nullable Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allow allow ->
                authorize(exchange, rule, by, index + 1, allowedBy.isEmpty() ? allow.rule() : allowedBy);
            case Verdict.Await await ->
                await(exchange, await.verdict(), next -> onVerdict(exchange, rule, by, index, allowedBy, next));
            case null -> refuse(exchange, rule, by, index, UNDECIDED_RULE, null);
            case Verdict.Deny deny -> refuse(exchange, rule, by, index, deny.rule(), deny);
            case Verdict.Prove prove -> refuse(exchange, rule, by, index, prove.rule(), prove);
            case Verdict.Undecided undecided -> refuse(exchange, rule, by, index, undecided.rule(), undecided);
        };
    }

    private Passage refuse(
            Exchange exchange, AccessRule.Guarded rule, int by, int index, String name, @Nullable Verdict refusal) {
        if (rule.mode() == Enforcement.SHADOW) {
            exchange.shadowDenied(name);
            return authorize(exchange, rule, by, index + 1, SHADOW_RULE);
        }
        exchange.denied(name);
        return switch (refusal) {
            case Verdict.Deny deny -> new Passage.Refused(deny.reason());
            case Verdict.Prove prove -> proveMore(exchange, rule, by, prove);
            case Verdict.Undecided undecided -> new Passage.Refused(undecided.reason());
            case null -> UNDECIDED;
            case Verdict.Allow _, Verdict.Await _ -> UNDECIDED;
        };
    }

    /// Tells the caller what it would have to prove, in the way that it proves things.
    private Passage proveMore(Exchange exchange, AccessRule.Guarded rule, int by, Verdict.Prove wanted) {
        if (by == NOBODY) {
            return invite(exchange, rule, 0);
        }
        Authenticator own = rule.authenticators().get(by);
        Strength strength = wanted.strength();
        if (strength == null) {
            return new Passage.Refused(Challenges.wanting(wanted, own, rule.authenticators(), exchange));
        }
        return onStepUp(exchange, rule, by, wanted, own.stepUp(exchange, strength));
    }

    private Passage onStepUp(
            Exchange exchange, AccessRule.Guarded rule, int by, Verdict.Prove wanted, @Nullable Authentication found) {
        return switch (found) {
            case Authentication.NoCredential() ->
                new Passage.Refused(
                        Challenges.wanting(wanted, rule.authenticators().get(by), rule.authenticators(), exchange));
            case Authentication.Answer answer -> new Passage.Answered(answer.response());
            case Authentication.Challenge challenge -> refused(challenge.refusal(), exchange);
            case Authentication.Await await ->
                await(exchange, await.authentication(), next -> onStepUp(exchange, rule, by, wanted, next));
            case null -> UNDECIDED;
            case Authentication.Proven _, Authentication.Unclaimed _, Authentication.BadCredential _ -> UNDECIDED;
        };
    }

    /// Goes on with `then` on the exchange's loop once `stage` is done, with null when it failed; a failure of
    /// `then` leaves the matter undecided.
    private static <T> Passage await(Exchange exchange, CompletionStage<T> stage, Function<@Nullable T, Passage> then) {
        return new Passage.Await(stage.handleAsync(
                (value, failure) -> {
                    try {
                        return then.apply(failure == null ? value : null);
                    } catch (RuntimeException bug) {
                        return UNDECIDED;
                    }
                },
                exchange::execute));
    }
}
