package dev.sallyport.extension.authn.dpop;

import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.access.PossessionProofs;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Proofs by any key, for those who bind tokens to it (RFC 9449 §5), as [ProofJudge] judges them.
public final class DpopProofs implements PossessionProofs {
    private static final Finding UNDECIDED = new Finding.Undecided();

    private final ProofJudge judge;
    private final List<String> algorithms;

    private DpopProofs(DpopRules rules, Services services, VerificationPool pool) {
        this.judge = new ProofJudge(rules, services, pool, new KeySetReader(SignatureProvider.fastest()));
        this.algorithms = rules.algorithms();
    }

    /// Makes judges.
    ///
    /// @param pool shared with all authenticators
    public static Maker with(VerificationPool pool) {
        return (rules, services) -> new DpopProofs(rules, services, pool);
    }

    @Override
    public CompletionStage<Finding> judge(Shown shown) {
        if (shown.proof().length() > ProofReading.LARGEST) {
            return found(new Judgement.Bad(ProofFault.TOO_LARGE));
        }
        TargetUri uri = TargetUri.parse(shown.url());
        if (uri == null) {
            throw new IllegalArgumentException(shown.url() + " (expected: an absolute URL)");
        }
        String publicUrl = uri.scheme() + "://" + uri.authority();
        Occasion occasion =
                new Occasion(shown.method(), publicUrl, uri.path(), null, null, shown.client(), Runnable::run);
        return found(judge.judge(shown.proof(), occasion));
    }

    private static CompletionStage<Finding> found(Judgement judgement) {
        return switch (judgement) {
            case Judgement.Good good -> done(new Finding.Held(good.key().thumbprint(), good.nextNonce()));
            case Judgement.Bad bad -> done(new Finding.Bad(bad.fault().description()));
            case Judgement.NonceWanted wanted -> done(new Finding.NonceWanted(wanted.nonce()));
            case Judgement.Crowded() -> done(UNDECIDED);
            case Judgement.Busy _ -> done(UNDECIDED);
            case Judgement.Await await -> await.judgement().thenCompose(DpopProofs::found);
        };
    }

    private static CompletionStage<Finding> done(Finding finding) {
        return CompletableFuture.completedStage(finding);
    }

    @Override
    public List<String> algorithms() {
        return algorithms;
    }
}
