package dev.sallyport.api.access;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;
import java.util.List;

/// How proofs of possession are judged.
@Doc("How proofs of possession (DPoP, RFC 9449) are judged.")
public record DpopRules(
        @Doc("How old a proof may be. It is remembered for as long, so that it is accepted once.")
        @Default("60s")
        @Range(min = "5s", max = "10m")
        Duration maxAge,

        @Doc("How far the clocks of clients may be off.") @Default("10s") @Range(min = "0s", max = "60s")
        Duration clockSkew,

        @Doc("When a proof has to hold a nonce of this gateway.") @Default("after-restart")
        Nonce nonce,

        @Doc("Algorithms that proofs may be signed with.")
        @Default("[ES256, ES384, ES512, EdDSA, PS256, RS256]")
        @Matches(
                value = "ES256|ES384|ES512|EdDSA|PS256|PS384|PS512|RS256|RS384|RS512",
                expected =
                        "ES256, ES384, ES512, EdDSA, PS256, PS384, PS512, RS256, RS384 or RS512; never a symmetric one")
        List<String> algorithms) {
    public DpopRules {
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("algorithms: none (expected: at least one, such as ES256)");
        }
        algorithms = List.copyOf(algorithms);
    }

    /// When a proof has to hold a nonce.
    public enum Nonce {
        @Doc("Always: proofs cannot be made in advance, and clocks of clients matter less.")
        REQUIRED,
        @Doc("When it may have been used before this gateway was started, which it cannot know: for the first seconds "
                + "after a start. Never where marks are kept outside of the process.")
        AFTER_RESTART,
        @Doc("Never: a proof can be used a second time after a restart, within its age.")
        OFF
    }
}
