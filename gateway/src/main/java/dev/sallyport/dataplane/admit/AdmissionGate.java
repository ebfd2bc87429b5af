package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Revocations;
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
/// No credential, a bad or revoked one, a denial, an exception, a failed or empty stage: refused. Called on the
/// exchange's loop; one gate serves all loops.
public final class AdmissionGate {
    private static final Passage ANYBODY = new Passage.Granted(new Admission("public", null));
    private static final Admission ANONYMOUS = new Admission("anonymous", null);
    private static final Passage UNDECIDED =
            new Passage.Refused(Refusal.of(503, "access-undecided", "Access could not be decided", "Try again later."));
    private static final Passage DENIED = new Passage.Refused(Verdict.Deny.NOBODY.reason());
    private static final Refusal REVOKED = Refusal.of(
            401, "credential-revoked", "Authentication failed", "The credential was revoked; get a new one.");
    private static final Refusal EXPIRED = Refusal.of(
            401, "credential-expired", "Authentication failed", "The credential has expired; get a new one.");
    private static final Passage REVOCATION_UNKNOWN = new Passage.Refused(Refusal.of(
            503,
            "revocation-unknown",
            "Access could not be decided",
            "Which credentials are revoked is not known now."));

    private final Revocations revocations;

    /// @param revocations asked for every proven caller
    public AdmissionGate(Revocations revocations) {
        this.revocations = revocations;
    }

    /// Decides whether `exchange` may pass under `rule`.
    public Passage admit(Exchange exchange, AccessRule rule) {
        OwnCookies.keepBack(exchange);
        return switch (rule) {
            case AccessRule.Public() -> ANYBODY;
            case AccessRule.Guarded guarded -> authenticate(exchange, guarded, 0, null);
        };
    }

    /// Whether what let `exchange` in under `rule` still holds: its credential is neither revoked nor, at
    /// `epochSecond`, past its time. The reason why not, or null.
    public @Nullable Refusal endedFor(Exchange exchange, AccessRule rule, long epochSecond) {
        Principal caller = exchange.principal();
        if (caller == null || !(rule instanceof AccessRule.Guarded guarded)) {
            return null;
        }
        if (caller.credential().expired(epochSecond)) {
            return Challenges.ended(EXPIRED, guarded.authenticators(), exchange);
        }
        return revocations.standing(caller) == Revocations.Standing.REVOKED
                ? Challenges.ended(REVOKED, guarded.authenticators(), exchange)
                : null;
    }

    private Passage authenticate(Exchange exchange, AccessRule.Guarded rule, int index, @Nullable Refusal unclaimed) {
        if (index < rule.authenticators().size()) {
            Authentication found = rule.authenticators().get(index).authenticate(exchange);
            return onAuthentication(exchange, rule, index, unclaimed, found);
        }
        if (unclaimed != null) {
            return new Passage.Refused(Challenges.complete(unclaimed, exchange));
        }
        if (!rule.optional()) {
            return invite(exchange, rule, 0);
        }
        keepBack(exchange, rule);
        return new Passage.Granted(ANONYMOUS);
    }

    private Passage onAuthentication(
            Exchange exchange,
            AccessRule.Guarded rule,
            int index,
            @Nullable Refusal unclaimed,
            @Nullable Authentication found) {
        return switch (found) {
            case null -> UNDECIDED;
            case Authentication.Proven proven -> onProven(exchange, rule, proven.principal());
            case Authentication.NoCredential() -> authenticate(exchange, rule, index + 1, unclaimed);
            case Authentication.Unclaimed other ->
                authenticate(exchange, rule, index + 1, unclaimed == null ? other.refusal() : unclaimed);
            case Authentication.BadCredential bad -> refused(bad.refusal(), exchange);
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

    private Passage onProven(Exchange exchange, AccessRule.Guarded rule, Principal caller) {
        exchange.authenticated(caller);
        return switch (revocations.standing(caller)) {
            case GOOD -> {
                keepBack(exchange, rule);
                yield authorize(exchange, rule, caller, 0, "");
            }
            case REVOKED -> new Passage.Refused(Challenges.ended(REVOKED, rule.authenticators(), exchange));
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

    private Passage authorize(
            Exchange exchange, AccessRule.Guarded rule, Principal caller, int index, String allowedBy) {
        if (index == rule.authorizers().size()) {
            return index == 0 ? DENIED : new Passage.Granted(new Admission(allowedBy, caller));
        }
        return onVerdict(
                exchange, rule, caller, index, rule.authorizers().get(index).judge(exchange));
    }

    private Passage onVerdict(
            Exchange exchange, AccessRule.Guarded rule, Principal caller, int index, @Nullable Verdict verdict) {
        return switch (verdict) {
            case null -> UNDECIDED;
            case Verdict.Allow allow -> authorize(exchange, rule, caller, index + 1, allow.rule());
            case Verdict.Deny deny -> new Passage.Refused(deny.reason());
            case Verdict.Await await ->
                await(exchange, await.verdict(), next -> onVerdict(exchange, rule, caller, index, next));
        };
    }

    /// Goes on with `then` on the exchange's loop once `stage` is done; a failure of either leaves the matter
    /// undecided.
    private static <T> Passage await(Exchange exchange, CompletionStage<T> stage, Function<@Nullable T, Passage> then) {
        return new Passage.Await(stage.handleAsync(
                (value, failure) -> {
                    if (failure != null) {
                        return UNDECIDED;
                    }
                    try {
                        return then.apply(value);
                    } catch (RuntimeException bug) {
                        return UNDECIDED;
                    }
                },
                exchange::execute));
    }
}
