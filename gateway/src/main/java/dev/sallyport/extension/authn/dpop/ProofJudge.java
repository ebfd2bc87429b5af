package dev.sallyport.extension.authn.dpop;

import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.NumericDate;
import dev.sallyport.extension.authn.jose.Sha256;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Judges proofs of possession by all twelve checks of RFC 9449 §4.3. What costs little comes first; the signature is
/// checked on the threads of the [VerificationPool], and only then the proof is marked as used, so that nobody but the
/// holder of the key can use up the room for marks. Any thread; never waits.
final class ProofJudge {
    private static final String MARKS = "dpop";
    private static final int LONGEST_ID = 1024;

    private final DpopRules rules;
    private final VerificationPool pool;
    private final KeySetReader keys;
    private final SharedState state;
    private final InstantSource clock;
    private final NonceKey nonceKey;
    private final Set<Algorithm> algorithms;
    private final long oldest;
    private final long skew;
    private final Duration markedFor;

    /// @param keys makes keys of what proofs bring along
    ProofJudge(DpopRules rules, Services services, VerificationPool pool, KeySetReader keys) {
        this.rules = rules;
        this.pool = pool;
        this.keys = keys;
        this.state = services.state();
        this.clock = services.clock();
        this.nonceKey = new NonceKey(state, clock);
        this.algorithms = algorithms(rules.algorithms());
        this.skew = rules.clockSkew().toSeconds();
        this.oldest = rules.maxAge().toSeconds() + skew;
        // a proof accepted now may be dated `skew` ahead, and is acceptable until `oldest` after that; times are
        // whole seconds
        this.markedFor = Duration.ofSeconds(oldest + skew + 1);
    }

    private static Set<Algorithm> algorithms(List<String> words) {
        Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
        for (String word : words) {
            Algorithm algorithm = Algorithm.of(word);
            if (algorithm == null || algorithm.family() == Algorithm.Family.SECRET) {
                throw new IllegalArgumentException(word + " (expected: an asymmetric algorithm)");
            }
            algorithms.add(algorithm);
            if (algorithm == Algorithm.EDDSA) {
                algorithms.add(Algorithm.ED25519);
            }
        }
        return algorithms;
    }

    /// What is found of `field`, the value of the only field `DPoP`.
    Judgement judge(String field, Occasion occasion) {
        return switch (ProofReading.read(field, algorithms)) {
            case ProofReading.Faulty faulty -> new Judgement.Bad(faulty.fault());
            case ProofReading.Proof proof -> {
                ProofFault fault = fault(proof, occasion);
                yield fault == null ? withNonce(proof, occasion) : new Judgement.Bad(fault);
            }
        };
    }

    /// What is wrong with the claims of `proof` for this occasion, or null.
    private @Nullable ProofFault fault(ProofReading.Proof proof, Occasion occasion) {
        Claims claims = proof.claims();
        String method = claims.text("htm");
        String target = claims.text("htu");
        String id = claims.text("jti");
        long issuedAt = NumericDate.of(claims, "iat");
        Object nonce = claims.all().get("nonce");
        if (method == null
                || target == null
                || id == null
                || id.isEmpty()
                || id.length() > LONGEST_ID
                || issuedAt == NumericDate.ABSENT
                || (nonce != null && !(nonce instanceof String))) {
            return ProofFault.CLAIMS;
        }
        if (!method.equals(occasion.method())) {
            return ProofFault.METHOD;
        }
        TargetUri uri = TargetUri.parse(target);
        if (uri == null || !uri.isAt(occasion.publicUrl(), occasion.path())) {
            return ProofFault.TARGET;
        }
        long now = now();
        if (issuedAt < 0 || issuedAt > now + skew || issuedAt < now - oldest) {
            return ProofFault.TIME;
        }
        String token = occasion.token();
        if (token != null && !Sha256.text(token).equals(claims.text("ath"))) {
            return ProofFault.TOKEN;
        }
        String bound = occasion.thumbprint();
        return bound == null || bound.equals(proof.key().thumbprint()) ? null : ProofFault.BINDING;
    }

    private long now() {
        return Math.floorDiv(clock.millis(), 1000L);
    }

    private Judgement withNonce(ProofReading.Proof proof, Occasion occasion) {
        if (!needsNonce(proof)) {
            return verify(proof, occasion, null, false);
        }
        byte[] key = nonceKey.known();
        return key != null
                ? withNonce(proof, occasion, key)
                : new Judgement.Await(
                        nonceKey.ask().thenApplyAsync(asked -> withNonce(proof, occasion, asked), occasion.back()));
    }

    private Judgement withNonce(ProofReading.Proof proof, Occasion occasion, byte[] key) {
        long now = now();
        return switch (Nonces.worth(proof.claims().text("nonce"), now, key)) {
            case CURRENT -> verify(proof, occasion, null, true);
            case AGEING -> verify(proof, occasion, Nonces.at(now, key), true);
            case NONE -> new Judgement.NonceWanted(Nonces.at(now, key));
        };
    }

    private boolean needsNonce(ProofReading.Proof proof) {
        return switch (rules.nonce()) {
            case REQUIRED -> true;
            case OFF -> false;
            // a process that ended may have accepted a proof that was dated ahead
            case AFTER_RESTART ->
                NumericDate.of(proof.claims(), "iat") <= state.completeSince().getEpochSecond() + skew;
        };
    }

    private Judgement verify(
            ProofReading.Proof proof, Occasion occasion, @Nullable String nextNonce, boolean nonceShown) {
        Judgement good = new Judgement.Good(proof.key(), nextNonce);
        return switch (pool.submit(occasion.client(), () -> verified(proof))) {
            case VerificationPool.Taken.Wont<Found> busy -> new Judgement.Busy(busy.refusal());
            case VerificationPool.Taken.Will<Found> will ->
                new Judgement.Await(will.result()
                        .thenCompose(found -> found.fault() == null
                                ? marked(proof, good, nonceShown)
                                : CompletableFuture.completedStage(new Judgement.Bad(found.fault()))));
        };
    }

    /// What is wrong with a signature, or null.
    private record Found(@Nullable ProofFault fault) {}

    private Found verified(ProofReading.Proof proof) {
        Map<String, Object> members = new HashMap<>(proof.key().members());
        members.put("alg", proof.algorithm().word());
        try {
            VerificationKey key = keys.key(members);
            return new Found(key != null && proof.jws().verifies(key) ? null : ProofFault.SIGNATURE);
        } catch (KeySetReader.BadKeyException notAKey) {
            return new Found(ProofFault.KEY);
        }
    }

    private CompletionStage<Judgement> marked(ProofReading.Proof proof, Judgement good, boolean nonceShown) {
        String thumbprint = proof.key().thumbprint();
        // thumbprints are all of one length, so that no two pairs make the same text
        String used = thumbprint + proof.claims().text("jti");
        String mark = Sha256.text(used);
        return state.mark(MARKS, thumbprint, mark, markedFor).thenApply(outcome -> switch (outcome) {
            // marks may have been forgotten since it was asked whether a nonce is needed
            case FRESH -> nonceShown || !needsNonce(proof) ? good : new Judgement.Bad(ProofFault.REPLAYED);
            case SEEN -> new Judgement.Bad(ProofFault.REPLAYED);
            case FULL -> Judgement.CROWDED;
        });
    }
}
