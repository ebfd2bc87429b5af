package dev.sallyport.extension.authn.dpop;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.Base64Url;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.NumericDate;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import java.nio.charset.StandardCharsets;
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

/// Judges proofs of possession by all twelve checks of RFC 9449 §4.3. What costs little comes first, on the event
/// loop; the signature is checked on the threads of the [VerificationPool], and only then the proof is marked as
/// used, so that nobody but the holder of the key can use up the room for marks.
public final class DpopCheck implements BoundCheck {
    private static final String SCHEME = "DPoP";
    private static final String CONFIRMATION = "jkt";
    private static final String MARKS = "dpop";
    private static final int LONGEST_ID = 1024;

    private final DpopConfig config;
    private final VerificationPool pool;
    private final KeySetReader keys;
    private final SharedState state;
    private final InstantSource clock;
    private final NonceKey nonceKey;
    private final Set<Algorithm> algorithms;
    private final ProofRefusals refusals;
    private final long oldest;
    private final long skew;
    private final Duration markedFor;

    /// @param keys makes keys of what proofs bring along
    public DpopCheck(DpopConfig config, Services services, VerificationPool pool, KeySetReader keys) {
        this.config = config;
        this.pool = pool;
        this.keys = keys;
        this.state = services.state();
        this.clock = services.clock();
        this.nonceKey = new NonceKey(state, clock);
        this.algorithms = algorithms(config.algorithms());
        this.refusals = new ProofRefusals(config.algorithms());
        this.skew = config.clockSkew().toSeconds();
        this.oldest = config.maxAge().toSeconds() + skew;
        // a proof accepted now may be dated `skew` ahead, and is acceptable until `oldest` after that; times are whole
        // seconds
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

    @Override
    public String confirmation() {
        return CONFIRMATION;
    }

    @Override
    public String scheme() {
        return SCHEME;
    }

    @Override
    public List<String> challenges() {
        return List.of(refusals.challenge());
    }

    @Override
    public boolean needsPublicUrl() {
        return true;
    }

    @Override
    public List<String> fields() {
        return List.of("dpop");
    }

    @Override
    public Proof check(Exchange exchange, String scheme, String token, Map<?, ?> confirmation) {
        if (!scheme.equals(SCHEME)) {
            return refusals.of(ProofFault.DOWNGRADED);
        }
        Headers headers = exchange.request().headers();
        int at = headers.indexOf(FieldName.DPOP);
        if (at < 0) {
            return refusals.of(ProofFault.MISSING);
        }
        if ((headers.repeated() & FieldName.DPOP.bit()) != 0) {
            return refusals.of(ProofFault.REPEATED);
        }
        if (headers.valueEnd(at) - headers.valueStart(at) > ProofReading.LARGEST) {
            return refusals.of(ProofFault.TOO_LARGE);
        }
        return switch (ProofReading.read(headers.value(at), algorithms)) {
            case ProofReading.Faulty faulty -> refusals.of(faulty.fault());
            case ProofReading.Proof proof -> {
                ProofFault fault = fault(exchange, proof, token, confirmation);
                yield fault == null ? withNonce(exchange, proof) : refusals.of(fault);
            }
        };
    }

    /// What is wrong with the claims of `proof` for this request, or null.
    private @Nullable ProofFault fault(
            Exchange exchange, ProofReading.Proof proof, String token, Map<?, ?> confirmation) {
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
        if (!method.equals(exchange.request().method().name())) {
            return ProofFault.METHOD;
        }
        TargetUri uri = TargetUri.parse(target);
        if (uri == null || !uri.isAt(exchange.publicUrl(), exchange.request().path())) {
            return ProofFault.TARGET;
        }
        long now = now();
        if (issuedAt < 0 || issuedAt > now + skew || issuedAt < now - oldest) {
            return ProofFault.TIME;
        }
        byte[] hash = Sha256.of(token.getBytes(StandardCharsets.UTF_8));
        if (!Base64Url.encode(hash).equals(claims.text("ath"))) {
            return ProofFault.TOKEN;
        }
        return proof.key().thumbprint().equals(confirmation.get(CONFIRMATION)) ? null : ProofFault.BINDING;
    }

    private long now() {
        return Math.floorDiv(clock.millis(), 1000L);
    }

    private Proof withNonce(Exchange exchange, ProofReading.Proof proof) {
        if (!needsNonce(proof)) {
            return verify(exchange, proof);
        }
        byte[] key = nonceKey.known();
        return key != null
                ? withNonce(exchange, proof, key)
                : new Proof.Await(
                        nonceKey.ask().thenApplyAsync(asked -> withNonce(exchange, proof, asked), exchange::execute));
    }

    private Proof withNonce(Exchange exchange, ProofReading.Proof proof, byte[] key) {
        long now = now();
        return switch (Nonces.worth(proof.claims().text("nonce"), now, key)) {
            case CURRENT -> verify(exchange, proof);
            case AGEING -> {
                exchange.responseEdits().set(ProofRefusals.NONCE_FIELD, Nonces.at(now, key));
                yield verify(exchange, proof);
            }
            case NONE -> refusals.nonceWanted(Nonces.at(now, key));
        };
    }

    private boolean needsNonce(ProofReading.Proof proof) {
        return switch (config.nonce()) {
            case REQUIRED -> true;
            case OFF -> false;
            // a process that ended may have accepted a proof that was dated ahead
            case AFTER_RESTART ->
                NumericDate.of(proof.claims(), "iat") <= state.completeSince().getEpochSecond() + skew;
        };
    }

    private Proof verify(Exchange exchange, ProofReading.Proof proof) {
        return switch (pool.submit(exchange.clientAddress(), () -> verified(proof))) {
            case VerificationPool.Taken.Wont<Proof> busy -> new Proof.Refused(busy.refusal());
            case VerificationPool.Taken.Will<Proof> will ->
                new Proof.Await(will.result()
                        .thenCompose(found ->
                                found instanceof Proof.Held ? marked(proof) : CompletableFuture.completedStage(found)));
        };
    }

    private Proof verified(ProofReading.Proof proof) {
        Map<String, Object> members = new HashMap<>(proof.key().members());
        members.put("alg", proof.algorithm().word());
        try {
            VerificationKey key = keys.key(members);
            return key != null && proof.jws().verifies(key) ? Proof.HELD : refusals.of(ProofFault.SIGNATURE);
        } catch (KeySetReader.BadKeyException notAKey) {
            return refusals.of(ProofFault.KEY);
        }
    }

    private CompletionStage<Proof> marked(ProofReading.Proof proof) {
        String thumbprint = proof.key().thumbprint();
        // thumbprints are all of one length, so that no two pairs make the same text
        String used = thumbprint + proof.claims().text("jti");
        String mark = Base64Url.encode(Sha256.of(used.getBytes(StandardCharsets.UTF_8)));
        return state.mark(MARKS, thumbprint, mark, markedFor).thenApply(outcome -> switch (outcome) {
            case FRESH -> Proof.HELD;
            case SEEN -> refusals.of(ProofFault.REPLAYED);
            case FULL -> ProofRefusals.CROWDED;
        });
    }
}
