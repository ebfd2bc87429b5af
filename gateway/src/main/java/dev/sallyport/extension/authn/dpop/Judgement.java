package dev.sallyport.extension.authn.dpop;

import dev.sallyport.api.exchange.Refusal;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What [ProofJudge] finds of a proof.
sealed interface Judgement {
    Judgement CROWDED = new Crowded();

    /// It is good, and cannot be used again.
    ///
    /// @param nextNonce to be given along, or null
    record Good(ProofKey key, @Nullable String nextNonce) implements Judgement {}

    record Bad(ProofFault fault) implements Judgement {}

    /// It has to hold this nonce.
    record NonceWanted(String nonce) implements Judgement {}

    /// Marks have no room: neither replayed nor known not to be.
    record Crowded() implements Judgement {}

    /// Too many proofs are being verified.
    record Busy(Refusal refusal) implements Judgement {}

    /// Not known yet; a failure means that it cannot be known.
    record Await(CompletionStage<Judgement> judgement) implements Judgement {}
}
