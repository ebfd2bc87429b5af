package dev.sallyport.extension.authn.dpop;

import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import java.util.List;
import java.util.Map;

/// Whether who shows a token that is bound to a key also shows a proof by that key (RFC 9449 §7), as [ProofJudge]
/// judges it.
public final class DpopCheck implements BoundCheck {
    private static final String SCHEME = "DPoP";
    private static final String CONFIRMATION = "jkt";

    private final ProofJudge judge;
    private final ProofRefusals refusals;

    /// @param keys makes keys of what proofs bring along
    public DpopCheck(DpopRules rules, Services services, VerificationPool pool, KeySetReader keys) {
        this.judge = new ProofJudge(rules, services, pool, keys);
        this.refusals = new ProofRefusals(rules.algorithms());
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
        if (!(confirmation.get(CONFIRMATION) instanceof String thumbprint)) {
            return refusals.of(ProofFault.BINDING);
        }
        Occasion occasion = new Occasion(
                exchange.request().method().name(),
                exchange.publicUrl(),
                exchange.request().path(),
                token,
                thumbprint,
                exchange.clientAddress(),
                exchange::execute);
        return proof(exchange, judge.judge(headers.value(at), occasion));
    }

    /// On the exchange's event loop.
    private Proof proof(Exchange exchange, Judgement judgement) {
        return switch (judgement) {
            case Judgement.Good good -> {
                if (good.nextNonce() != null) {
                    exchange.responseEdits().set(ProofRefusals.NONCE_FIELD, good.nextNonce());
                }
                yield Proof.HELD;
            }
            case Judgement.Bad bad -> refusals.of(bad.fault());
            case Judgement.NonceWanted wanted -> refusals.nonceWanted(wanted.nonce());
            case Judgement.Crowded() -> ProofRefusals.CROWDED;
            case Judgement.Busy busy -> new Proof.Refused(busy.refusal());
            case Judgement.Await await ->
                new Proof.Await(await.judgement().thenApplyAsync(found -> proof(exchange, found), exchange::execute));
        };
    }
}
