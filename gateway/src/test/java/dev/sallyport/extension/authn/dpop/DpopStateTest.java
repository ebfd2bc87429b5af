package dev.sallyport.extension.authn.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.jose.BoundCheck.Proof;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.TestProof;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What becomes of proofs when the shared state has no room for them, or no answer.
class DpopStateTest {
    private final FakeServices services = new FakeServices();

    private String proof() {
        long now = services.clock().instant().getEpochSecond();
        return TestProof.of(DpopCheckTest.KEY, "GET", DpopCheckTest.URI, DpopCheckTest.TOKEN, now)
                .signed();
    }

    /// A state that gives every mark the same answer.
    private record Answering(Services services, CompletionStage<SharedState.Mark> answer)
            implements Services, SharedState {
        @Override
        public SharedState state() {
            return this;
        }

        @Override
        public Executor blocking() {
            return services.blocking();
        }

        @Override
        public InstantSource clock() {
            return services.clock();
        }

        @Override
        public Path folder() {
            return services.folder();
        }

        @Override
        public CompletionStage<Mark> mark(String space, String owner, String key, Duration until) {
            return answer;
        }

        @Override
        public CompletionStage<byte @Nullable []> get(String space, String key) {
            return services.state().get(space, key);
        }

        @Override
        public CompletionStage<Boolean> replace(
                String space, String key, byte @Nullable [] expected, byte @Nullable [] next, Duration until) {
            return services.state().replace(space, key, expected, next, until);
        }

        @Override
        public CompletionStage<Map<String, byte[]>> all(String space) {
            return services.state().all(space);
        }
    }

    @Test
    void DP_05_withoutRoomForMarksProofsAreRefused() {
        Services full = new Answering(services, CompletableFuture.completedStage(SharedState.Mark.FULL));
        Refusal refusal = DpopCheckTest.refusal(DpopCheckTest.judge(
                DpopCheckTest.check(DpopConfig.Nonce.OFF, full),
                DpopCheckTest.with(proof()),
                DpopCheckTest.TOKEN,
                DpopCheckTest.KEY));
        assertThat(refusal.code()).isEqualTo("proof-crowded");
        assertThat(refusal.status()).isEqualTo(503);
    }

    @Test
    void DP_05_whenTheStateFailsNoProofIsHeld() {
        Services failing =
                new Answering(services, CompletableFuture.failedStage(new IllegalStateException("no answer")));
        Proof proof = DpopCheckTest.check(DpopConfig.Nonce.OFF, failing)
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
