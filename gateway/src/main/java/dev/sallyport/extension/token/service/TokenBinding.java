package dev.sallyport.extension.token.service;

import dev.sallyport.api.access.PossessionProofs;
import dev.sallyport.api.access.PossessionProofs.Finding;
import dev.sallyport.api.plugin.OffLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What tokens are bound to: the key that their client proves to hold when it asks for them (RFC 9449 §5). Blocks.
@OffLoop("virtual threads of the token service")
final class TokenBinding {
    private static final Duration JUDGED_WITHIN = Duration.ofSeconds(5);

    private final PossessionProofs proofs;
    private final String endpoint;

    /// @param endpoint the URL of the token endpoint
    TokenBinding(PossessionProofs proofs, String endpoint) {
        this.proofs = proofs;
        this.endpoint = endpoint;
    }

    /// The algorithms that proofs may be signed with.
    List<String> algorithms() {
        return proofs.algorithms();
    }

    /// What the tokens for `client` are bound to, or null for bearer tokens.
    ///
    /// @throws OAuthException the proof is bad, cannot be judged now, or is missing where it must be there
    Finding.@Nullable Held binding(TokenRequest request, Clients.Client client) throws OAuthException {
        String proof = request.proof();
        if (proof == null) {
            if (client.bound()) {
                throw OAuthException.invalidProof(
                        "The client gets tokens that are bound to a key: the field DPoP with a proof is missing.");
            }
            return null;
        }
        return switch (finding(new PossessionProofs.Shown(proof, "POST", endpoint, request.address()))) {
            case Finding.Held held -> held;
            case Finding.Bad bad -> throw OAuthException.invalidProof(bad.description());
            case Finding.NonceWanted wanted -> throw OAuthException.nonceWanted(wanted.nonce());
            case Finding.Undecided() -> throw OAuthException.unavailable();
        };
    }

    private Finding finding(PossessionProofs.Shown shown) throws OAuthException {
        try {
            return proofs.judge(shown).toCompletableFuture().get(JUDGED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            throw OAuthException.unavailable();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw OAuthException.unavailable();
        }
    }
}
