package dev.sallyport.extension.authn.sender;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.testing.Settled;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SendersTest {
    private static final Principal ADA = new Principal("ada", "legacy", Set.of());
    private static final ShownToken BEARER = shown("Bearer");
    private static final ShownToken DPOP = shown("DPoP");
    private static final Senders ANYBODY = new Senders(List.of());
    private static final Senders BOUND =
            new Senders(List.of(new Check("jkt", "DPoP"), new Check("x5t#S256", "Bearer")));

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
        public boolean needsClientCertificate() {
            return scheme.equals("Bearer");
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

    /// A token of hers.
    private record Ada(Confirmation confirmation) implements GoodToken {
        @Override
        public Authentication fromItsSender(ShownToken.Scheme scheme) {
            return new Authentication.Proven(ADA);
        }
    }

    private static ShownToken shown(String scheme) {
        return ShownToken.of(Headers.of("authorization", scheme + " opaque-0123456789"));
    }

    private static String outcome(Senders senders, ShownToken shown, @Nullable Map<?, ?> cnf) {
        Confirmation confirmation = senders.confirmation(cnf == null ? Map.of() : Map.of("cnf", cnf));
        if (confirmation == null) {
            return "nobody can judge it";
        }
        Authentication found = senders.prove(Exchanges.request().exchange(), shown, new Ada(confirmation));
        return switch (Settled.of(found)) {
            case Authentication.Proven proven -> proven.principal().id();
            case Authentication.BadCredential bad -> bad.refusal().code();
            default -> found.toString();
        };
    }

    @Test
    void takesPlainTokensWhereTheyNeedNotBeBound() {
        assertThat(outcome(ANYBODY, BEARER, null)).isEqualTo("ada");
        assertThat(outcome(ANYBODY, DPOP, null)).isEqualTo("token-binding");
        assertThat(outcome(BOUND, BEARER, null)).isEqualTo("nobody can judge it");
    }

    @Test
    void takesBoundTokensFromTheirSender() {
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", "mine"))).isEqualTo("ada");
        assertThat(outcome(BOUND, BEARER, Map.of("x5t#S256", "mine"))).isEqualTo("ada");
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", "mine", "x5t#S256", "mine")))
                .isEqualTo("ada");
    }

    @Test
    void ignoresMembersThatDemandNoProof() {
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", "mine", "kc-jkt-type", "DPoP")))
                .isEqualTo("ada");
    }

    @Test
    void DP_01_neverTakesABoundTokenWithoutItsProof() {
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", "other"))).isEqualTo("not-mine");
        assertThat(outcome(BOUND, BEARER, Map.of("jkt", "mine"))).isEqualTo("token-binding");
        assertThat(outcome(ANYBODY, BEARER, Map.of("jkt", "mine"))).isEqualTo("nobody can judge it");
        assertThat(outcome(ANYBODY, DPOP, Map.of("jkt", "mine"))).isEqualTo("nobody can judge it");
    }

    @Test
    void DP_01_wantsEveryProofThatATokenNames() {
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", "mine", "x5t#S256", "other")))
                .isEqualTo("not-mine");
        for (String demand : List.of("jwk", "jwe", "kid", "jku", "osc")) {
            assertThat(outcome(BOUND, DPOP, Map.of("jkt", "mine", demand, "mine")))
                    .isEqualTo("nobody can judge it");
        }
        assertThat(outcome(BOUND, DPOP, Map.of("jkt", 7L))).isEqualTo("nobody can judge it");
        assertThat(outcome(BOUND, BEARER, Map.of())).isEqualTo("nobody can judge it");
        assertThat(outcome(ANYBODY, BEARER, Map.of())).isEqualTo("nobody can judge it");
        assertThat(outcome(BOUND, BEARER, Map.of("unknown", "mine"))).isEqualTo("nobody can judge it");
    }

    @Test
    void saysWhatItsChecksSay() {
        assertThat(BOUND.challenges()).containsExactly("DPoP", "Bearer");
        assertThat(BOUND.fields()).containsExactly("authorization", "dpop");
        assertThat(BOUND.needsPublicUrl()).isTrue();
        assertThat(ANYBODY.challenges()).containsExactly("Bearer");
        assertThat(ANYBODY.fields()).containsExactly("authorization");
        assertThat(ANYBODY.needsPublicUrl()).isFalse();
        assertThat(ANYBODY.needsClientCertificate()).isFalse();
        assertThat(BOUND.needsClientCertificate()).as("a proof does as well").isFalse();
        assertThat(new Senders(List.of(new Check("x5t#S256", "Bearer"))).needsClientCertificate())
                .isTrue();
    }
}
