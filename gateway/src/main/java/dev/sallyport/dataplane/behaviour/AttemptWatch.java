package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.dataplane.admit.Attempts;
import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Lane;
import dev.sallyport.dataplane.behaviour.score.Rules;
import dev.sallyport.dataplane.limit.Network;
import dev.sallyport.telemetry.Event;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Slows down guessing (threat AK-06): attempts at an account that others failed at wait, longer the more did, and so
/// do
/// all while a large part of them fails. Nobody is locked out: who shows a credential that did well from the same
/// network before never waits, and everybody else's turn comes.
public final class AttemptWatch implements Attempts {
    private final Conducts conducts;

    public AttemptWatch(Conducts conducts) {
        this.conducts = conducts;
    }

    @Override
    public @Nullable CompletionStage<Boolean> before(Exchange exchange, Authenticator authenticator) {
        Rules rules = conducts.rules();
        if (rules == null) {
            return null;
        }
        long now = conducts.now();
        boolean siege = conducts.siege().on(rules.siege(), now);
        boolean guessed = !conducts.board(Kind.ACCOUNT).quiet(now);
        String account = siege || guessed ? authenticator.claimed(exchange) : null;
        return account == null ? null : before(exchange, account, siege, rules, now);
    }

    private @Nullable CompletionStage<Boolean> before(
            Exchange exchange, String account, boolean siege, Rules rules, long now) {
        OnLoop own = conducts.on(exchange.loop());
        int slash = account.indexOf('/');
        Conducts.named(account.substring(0, Math.max(0, slash)), account.substring(slash + 1), own.hash);
        long key = own.hash.low();
        Lane lane = rules.lane(Signal.FAILED_AUTHENTICATION, Kind.ACCOUNT);
        double score =
                lane == null ? 0 : conducts.board(Kind.ACCOUNT).score(own.hash.high(), own.hash.low(), lane, now);
        Rules.Guesses guesses = rules.guesses();
        long nanos = siege ? rules.siege().delayNanos() : 0;
        if (score > guesses.above()) {
            nanos = Math.max(
                    nanos, Rules.growing(guesses.delayNanos(), score / guesses.above(), guesses.longestNanos()));
        }
        if (nanos == 0 || conducts.recognises(exchange, rules, Network.of(exchange.clientAddress()), own)) {
            return null;
        }
        CompletionStage<Boolean> turn =
                own.pauses.begin(exchange, nanos, key, rules.delayedAtMost() / conducts.loops().length + 1);
        if (turn == null) {
            conducts.figures().undelayed.increment();
            return CompletableFuture.completedStage(false);
        }
        conducts.figures().delayed.increment();
        return turn;
    }

    @Override
    public void failed(Exchange exchange, Authenticator authenticator, Refusal refusal) {
        Rules rules = conducts.rules();
        if (rules == null || !Signals.isFailedAuthentication(exchange, refusal)) {
            return;
        }
        long now = conducts.now();
        conducts.siege().failed(now);
        String account = authenticator.claimed(exchange);
        if (account != null) {
            conducts.blameAccount(account, rules, conducts.on(exchange.loop()));
        }
        boolean on = conducts.siege().on(rules.siege(), now);
        if (conducts.siege().turned(on)) {
            conducts.news()
                    .tell(
                            on ? Event.BEHAVIOUR_SIEGE : Event.BEHAVIOUR_SIEGE_OVER,
                            "failures",
                            Math.round(conducts.siege().failures(now)),
                            "share",
                            Math.round(conducts.siege().share(now) * 100) + "%");
        }
    }

    @Override
    public Refusal refusal(Exchange exchange) {
        return conducts.on(exchange.loop()).refusing.tooMany(exchange);
    }
}
