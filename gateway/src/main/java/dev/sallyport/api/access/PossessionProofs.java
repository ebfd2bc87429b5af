package dev.sallyport.api.access;

import dev.sallyport.api.plugin.Services;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Judges proofs that a client holds a key (DPoP, RFC 9449) where it shows no token yet, as where tokens are issued.
public interface PossessionProofs {
    /// What is found of a proof, which is good once. Any thread, without waiting; a failed stage means undecided.
    CompletionStage<Finding> judge(Shown shown);

    /// A proof as it was shown.
    ///
    /// @param proof  the value of the field `DPoP`
    /// @param url    of the request, absolute, as it was configured; never what the client says
    /// @param client bounds on work are kept by its network
    record Shown(String proof, String method, String url, InetAddress client) {}

    /// What became of a proof.
    sealed interface Finding {
        /// It is good.
        ///
        /// @param thumbprint of the key (RFC 7638): what a token bound to it has as `cnf.jkt`
        /// @param nextNonce  to be given along for the next proof, or null
        record Held(String thumbprint, @Nullable String nextNonce) implements Finding {}

        /// It is not.
        ///
        /// @param description one sentence for the client
        record Bad(String description) implements Finding {}

        /// It has to hold this nonce (RFC 9449 §8).
        record NonceWanted(String nonce) implements Finding {}

        /// Nothing could be found out now: there is too much to do, or no room to remember it.
        record Undecided() implements Finding {}
    }

    /// Makes judges.
    @FunctionalInterface
    interface Maker {
        /// One that goes by `rules`.
        PossessionProofs by(DpopRules rules, Services services);
    }

    /// The algorithms that proofs may be signed with, as JOSE names them.
    List<String> algorithms();
}
