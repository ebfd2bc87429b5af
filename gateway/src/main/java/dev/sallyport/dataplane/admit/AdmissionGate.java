package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The only maker of an [Admission]: asks a route's authenticators in written order, then all its authorizers.
///
/// No credential, a bad one, a denial, an exception, a failed or empty stage: refused. Called on the exchange's
/// loop.
public final class AdmissionGate {
    private static final String PUBLIC = "public";
    private static final Passage ANYBODY = new Passage.Granted(new Admission(PUBLIC, null));
    private static final Passage UNDECIDED =
            new Passage.Refused(Refusal.of(503, "access-undecided", "Access could not be decided", "Try again later."));
    private static final Passage NO_CREDENTIAL = new Passage.Refused(
            Refusal.of(401, "credential-missing", "Authentication required", "This resource needs a credential."));
    private static final Passage NO_RULE =
            new Passage.Refused(Refusal.of(403, "access-denied", "Forbidden", "No rule allows this request."));

    private AdmissionGate() {}

    /// Decides whether `exchange` may pass under `rule`.
    public static Passage admit(Exchange exchange, AccessRule rule) {
        return switch (rule) {
            case AccessRule.Public() -> ANYBODY;
            case AccessRule.Guarded guarded -> authenticate(exchange, guarded, 0);
        };
    }

    private static Passage authenticate(Exchange exchange, AccessRule.Guarded rule, int index) {
        if (index == rule.authenticators().size()) {
            return NO_CREDENTIAL;
        }
        return onAuthentication(
                exchange, rule, index, rule.authenticators().get(index).authenticate(exchange));
    }

    private static Passage onAuthentication(
            Exchange exchange, AccessRule.Guarded rule, int index, @Nullable Authentication found) {
        return switch (found) {
            case null -> UNDECIDED;
            case Authentication.Proven proven -> authorize(exchange, rule, proven.principal(), 0, "");
            case Authentication.NoCredential() -> authenticate(exchange, rule, index + 1);
            case Authentication.BadCredential bad -> new Passage.Refused(bad.refusal());
            case Authentication.Challenge challenge -> new Passage.Refused(challenge.refusal());
            case Authentication.Await await ->
                await(exchange, await.authentication(), next -> onAuthentication(exchange, rule, index, next));
        };
    }

    private static Passage authorize(
            Exchange exchange, AccessRule.Guarded rule, Principal caller, int index, String allowedBy) {
        if (index == rule.authorizers().size()) {
            return index == 0 ? NO_RULE : new Passage.Granted(new Admission(allowedBy, caller));
        }
        exchange.authenticated(caller);
        return onVerdict(
                exchange, rule, caller, index, rule.authorizers().get(index).judge(exchange));
    }

    private static Passage onVerdict(
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
