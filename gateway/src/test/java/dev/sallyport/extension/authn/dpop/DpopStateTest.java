package dev.sallyport.extension.authn.dpop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.access.PossessionProofs;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.jose.BoundCheck.Proof;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.testing.AnsweringServices;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.NotingServices;
import dev.sallyport.testing.TestKey;
import dev.sallyport.testing.TestProof;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What becomes of proofs when the shared state has no room for them, or no answer.
class DpopStateTest {
    private final FakeServices services = new FakeServices();

    private String proof() {
        long now = services.clock().instant().getEpochSecond();
        return TestProof.of(DpopCheckTest.KEY, "GET", DpopCheckTest.URI, DpopCheckTest.TOKEN, now)
                .signed();
    }

    @Test
    void DP_05_withoutRoomForMarksProofsAreRefused() {
        Services full = new AnsweringServices(services, CompletableFuture.completedStage(SharedState.Mark.FULL));
        Refusal refusal = DpopCheckTest.refusal(DpopCheckTest.judge(
                DpopCheckTest.check(DpopRules.Nonce.OFF, full),
                DpopCheckTest.with(proof()),
                DpopCheckTest.TOKEN,
                DpopCheckTest.KEY));
        assertThat(refusal.code()).isEqualTo("proof-crowded");
        assertThat(refusal.status()).isEqualTo(503);
    }

    @Test
    void DP_05_withoutRoomForMarksNobodyCanSayWhetherAClientHoldsItsKey() {
        Services full = new AnsweringServices(services, CompletableFuture.completedStage(SharedState.Mark.FULL));
        DpopRules rules =
                new DpopRules(Duration.ofSeconds(60), Duration.ofSeconds(10), DpopRules.Nonce.OFF, List.of("ES256"));
        PossessionProofs proofs = DpopProofs.with(new VerificationPool()).by(rules, full);
        PossessionProofs.Shown shown =
                new PossessionProofs.Shown(proof(), "GET", DpopCheckTest.URI, InetAddress.getLoopbackAddress());
        assertThat(proofs.judge(shown).toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(10))
                .isEqualTo(new PossessionProofs.Finding.Undecided());
    }

    @Test
    void DP_05_eachKeyTakesRoomOfItsOwn() {
        NotingServices noting = NotingServices.of(services);
        DpopCheck check = DpopCheckTest.check(DpopRules.Nonce.OFF, noting);
        TestKey other = TestKey.of("other", "ES256");
        long now = services.clock().instant().getEpochSecond();
        for (TestKey key : List.of(DpopCheckTest.KEY, other)) {
            String proof = TestProof.of(key, "GET", DpopCheckTest.URI, DpopCheckTest.TOKEN, now)
                    .signed();
            assertThat(DpopCheckTest.judge(check, DpopCheckTest.with(proof), DpopCheckTest.TOKEN, key))
                    .isEqualTo(Proof.HELD);
        }
        assertThat(noting.owners())
                .containsExactly(TestProof.thumbprint(DpopCheckTest.KEY), TestProof.thumbprint(other));
    }

    @Test
    void DP_03_noSecretIsEverAllowedForProofs() {
        DpopRules rules = new DpopRules(
                Duration.ofSeconds(60), Duration.ofSeconds(10), DpopRules.Nonce.OFF, List.of("ES256", "HS256"));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new DpopCheck(rules, services, new VerificationPool(), new KeySetReader(SignatureProvider.JDK)))
                .withMessageContaining("HS256");
    }

    @Test
    void DP_05_whenTheStateFailsNoProofIsHeld() {
        Services failing =
                new AnsweringServices(services, CompletableFuture.failedStage(new IllegalStateException("no answer")));
        Proof proof = DpopCheckTest.check(DpopRules.Nonce.OFF, failing)
                .check(
                        DpopCheckTest.with(proof()),
                        "DPoP",
                        DpopCheckTest.TOKEN,
                        Map.of("jkt", TestProof.thumbprint(DpopCheckTest.KEY)));
        assertThat(proof).isInstanceOf(Proof.Await.class);
        assertThat(((Proof.Await) proof).proof().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("no answer");
    }
}
