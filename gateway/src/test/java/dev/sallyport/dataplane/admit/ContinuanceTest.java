package dev.sallyport.dataplane.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.identity.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Authorizers that are asked elsewhere, about exchanges that go on.
class ContinuanceTest {
    private static final long BEGUN = 1_000_000;

    private final Exchange exchange = Exchanges.request().exchange();
    private final Elsewhere elsewhere = new Elsewhere();
    private final AccessRule.Guarded rule = rule(elsewhere);
    private final Continuance watch = new Continuance(Revocations.NONE, exchange, rule, BEGUN);

    ContinuanceTest() {
        exchange.authenticated(new Principal("alice", "staff", Set.of()));
    }

    /// Keeps every question open, and its word for 30 seconds.
    private static final class Elsewhere implements Authorizer {
        private final List<CompletableFuture<Verdict>> questions = new ArrayList<>();

        @Override
        public Verdict judge(Exchange exchange) {
            CompletableFuture<Verdict> question = new CompletableFuture<>();
            questions.add(question);
            return new Verdict.Await(question);
        }

        void answer(Verdict verdict) {
            questions.getLast().complete(verdict);
        }

        void fail() {
            questions.getLast().completeExceptionally(new IllegalStateException("down"));
        }
    }

    private static AccessRule.Guarded rule(Authorizer authorizer) {
        return new AccessRule.Guarded(List.of(asked -> Authentication.NO_CREDENTIAL), List.of(authorizer));
    }

    @Test
    void UP_10_isAskedAgainAtItsPaceAndObeyed() {
        assertThat(watch.ended(rule, BEGUN + 29)).isNull();
        assertThat(elsewhere.questions).isEmpty();
        assertThat(watch.ended(rule, BEGUN + 30)).isNull();
        assertThat(elsewhere.questions).hasSize(1);
        elsewhere.answer(new Verdict.Allow("ok"));
        assertThat(watch.ended(rule, BEGUN + 59)).isNull();
        assertThat(elsewhere.questions).hasSize(1);
        assertThat(watch.ended(rule, BEGUN + 60)).isNull();
        elsewhere.answer(new Verdict.Deny(Verdict.Deny.NOBODY.reason(), "theirs"));
        assertThat(watch.ended(rule, BEGUN + 61)).isNotNull();
        assertThat(exchange.deniedBy()).isEqualTo("theirs");
    }

    @Test
    void AZ_11_withoutAnAnswerTwiceInARowItEnds() {
        assertThat(watch.ended(rule, BEGUN + 30)).isNull();
        elsewhere.fail();
        assertThat(watch.ended(rule, BEGUN + 31)).isNull();
        assertThat(watch.ended(rule, BEGUN + 60)).isNull();
        assertThat(elsewhere.questions).hasSize(2);
        elsewhere.fail();
        assertThat(watch.ended(rule, BEGUN + 61)).isNotNull();
        assertThat(exchange.deniedBy()).isEqualTo("undecided");
    }

    @Test
    void AZ_11_aServerThatIsNotToBeAskedIsGivenOneMoreTry() {
        Verdict.Undecided down = new Verdict.Undecided(Verdict.Deny.NOBODY.reason(), "ask policies");
        watch.ended(rule, BEGUN + 30);
        elsewhere.answer(down);
        assertThat(watch.ended(rule, BEGUN + 31)).isNull();
        watch.ended(rule, BEGUN + 60);
        elsewhere.answer(new Verdict.Allow("ok"));
        watch.ended(rule, BEGUN + 90);
        elsewhere.answer(down);
        assertThat(watch.ended(rule, BEGUN + 91)).isNull();
        watch.ended(rule, BEGUN + 120);
        elsewhere.answer(down);
        assertThat(watch.ended(rule, BEGUN + 121)).isNotNull();
        assertThat(exchange.deniedBy()).isEqualTo("ask policies");
    }

    @Test
    void anAnswerInBetweenIsReliedOnAgain() {
        watch.ended(rule, BEGUN + 30);
        elsewhere.fail();
        watch.ended(rule, BEGUN + 60);
        elsewhere.answer(new Verdict.Allow("ok"));
        watch.ended(rule, BEGUN + 90);
        elsewhere.fail();
        assertThat(watch.ended(rule, BEGUN + 91)).isNull();
    }

    @Test
    void AZ_11_aQuestionThatIsNeverAnsweredCountsAsNoAnswer() {
        watch.ended(rule, BEGUN + 30);
        assertThat(watch.ended(rule, BEGUN + 60)).isNull();
        assertThat(watch.ended(rule, BEGUN + 90)).isNull();
        assertThat(elsewhere.questions).hasSize(2);
        assertThat(watch.ended(rule, BEGUN + 120)).isNotNull();
    }

    @Test
    void AZ_06_whatIsAnsweredUnderTheOldRuleMeansNothing() {
        watch.ended(rule, BEGUN + 30);
        assertThat(watch.ended(rule(new AnyCaller()), BEGUN + 31)).isNull();
        elsewhere.answer(new Verdict.Deny(Verdict.Deny.NOBODY.reason(), "late"));
        assertThat(watch.ended(rule(new AnyCaller()), BEGUN + 32)).isNull();
        assertThat(exchange.deniedBy()).isEmpty();
    }

    @Test
    void afterAReloadItIsAskedWithinItsPace() {
        Elsewhere next = new Elsewhere();
        AccessRule changed = rule(next);
        for (int second = 1; second <= 31; second++) {
            watch.ended(changed, BEGUN + second);
        }
        assertThat(next.questions).hasSize(1);
    }
}
