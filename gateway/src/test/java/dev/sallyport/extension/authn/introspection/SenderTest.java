package dev.sallyport.extension.authn.introspection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.ShownToken;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SenderTest {
    private static final Principal ADA = new Principal("ada", "legacy", Set.of());
    private static final ShownToken BEARER = shown("Bearer");
    private static final ShownToken DPOP = shown("DPoP");
    private static final Sender ANYBODY = new Sender(List.of());
    private static final Sender BOUND = new Sender(List.of(new Check("jkt", "DPoP"), new Check("x5t#S256", "Bearer")));

    /// A check that holds for `mine` only, and that says so a little later.
    private record Check(String confirmation, String scheme) implements BoundCheck {
        @Override
        public List<String> challenges() {
            return List.of(scheme);
        }

        @Override
        public boolean needsPublicUrl() {
            return scheme.equals("DPoP");
        }

        @Override
        public List<String> fields() {
            return scheme.equals("DPoP") ? List.of("dpop") : List.of();
        }

        @Override
        public Proof check(Exchange exchange, String shownScheme, String token, Map<?, ?> members) {
            Refusal refusal = Refusal.of(401, "not-mine", "Authentication failed", "Not the sender.");
            Proof proof = "mine".equals(members.get(confirmation)) ? Proof.HELD : new Proof.Refused(refusal);
            return new Proof.Await(CompletableFuture.completedStage(proof));
        }
    }

    private static ShownToken shown(String scheme) {
        return ShownToken.of(Headers.of("authorization", scheme + " opaque-0123456789"));
    }

    private static String outcome(Sender sender, ShownToken shown, @Nullable Map<?, ?> confirmation) {
        Authentication found = sender.check(Exchanges.request().exchange(), shown, new Finding.Good(ADA, confirmation));
        while (found instanceof Authentication.Await await) {
            found = await.authentication().toCompletableFuture().join();
        }
        return switch (found) {
            case Authentication.Proven proven -> proven.principal().id();
            case Authentication.BadCredential bad -> bad.refusal().code();
            default -> found.toString();
        };
    }

    @Test
    void takesPlainTokensWhereTheyNeedNotBeBound() {
        assertThat(outcome(ANYBODY, BEARER, null)).isEqualTo("ada");
        assertThat(outcome(ANYBODY, DPOP, null)).isEqualTo("token-binding");
        assertThat(outcome(BOUND, BEARER, null)).isEqualTo("token-binding");
    }

    @Test
    void takesBoundTokensFromTheirSender() {
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", "mine"))).isEqualTo("ada");
        assertThat(outcome(BOUND, BEARER, Map.of("x5t#S256", "mine"))).isEqualTo("ada");
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", "mine", "x5t#S256", "mine")))
                .isEqualTo("ada");
    }

    @Test
    void DP_01_neverTakesABoundTokenWithoutItsProof() {
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", "other"))).isEqualTo("not-mine");
        assertThat(outcome(BOUND, BEARER, Map.of("jkt", "mine"))).isEqualTo("token-binding");
        assertThat(outcome(ANYBODY, BEARER, Map.of("jkt", "mine"))).isEqualTo("token-binding");
        assertThat(outcome(ANYBODY, DPOP, Map.of("jkt", "mine"))).isEqualTo("token-binding");
    }

    @Test
    void DP_01_wantsEveryProofThatATokenNames() {
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", "mine", "x5t#S256", "other")))
                .isEqualTo("not-mine");
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", "mine", "unknown", "mine")))
                .isEqualTo("token-binding");
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", 7L))).isEqualTo("token-binding");
        assertThat(outcome(BOUND, BEARER, Map.of())).isEqualTo("token-binding");
        assertThat(outcome(ANYBODY, BEARER, Map.of())).isEqualTo("token-binding");
    }

    @Test
    void saysWhatItsChecksSay() {
        assertThat(BOUND.challenges()).containsExactly("DPoP", "Bearer");
        assertThat(BOUND.fields()).containsExactly("authorization", "dpop");
        assertThat(BOUND.needsPublicUrl()).isTrue();
        assertThat(ANYBODY.challenges()).containsExactly("Bearer");
        assertThat(ANYBODY.fields()).containsExactly("authorization");
        assertThat(ANYBODY.needsPublicUrl()).isFalse();
    }
}
