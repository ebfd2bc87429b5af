package dev.sallyport.extension.authn.dpop;

import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.extension.authn.jose.BoundCheck.Proof;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What is answered to a request whose proof is not accepted (RFC 9449 §7.1 and §9): 401 with a challenge that names
/// the algorithms; one constant for each fault.
final class ProofRefusals {
    /// Marks have no room: neither replayed nor known not to be.
    static final Proof CROWDED = new Proof.Refused(Refusal.of(
                    503,
                    "proof-crowded",
                    "Too many proofs at once",
                    "Too many proofs are remembered to take this one. Try again with another.")
            .with(Headers.of("retry-after", "10")));

    static final String NONCE_FIELD = "dpop-nonce";

    private static final String CHALLENGE_FIELD = "www-authenticate";
    private static final String TITLE = "Authentication failed";
    private static final String NONCE_DETAIL = "The proof has to hold the nonce that this response gives.";

    private final String algorithms;
    private final Map<ProofFault, Proof> byFault = new EnumMap<>(ProofFault.class);

    ProofRefusals(List<String> algorithms) {
        this.algorithms = "algs=\"" + String.join(" ", algorithms) + '"';
        for (ProofFault fault : ProofFault.values()) {
            Headers headers = Headers.of(CHALLENGE_FIELD, challenge(fault.error(), fault.description()));
            Refusal refusal =
                    Refusal.of(401, fault.code(), TITLE, fault.description()).with(headers);
            byFault.put(fault, new Proof.Refused(refusal));
        }
    }

    /// The challenge to a request without credential.
    String challenge() {
        return "DPoP " + algorithms;
    }

    private String challenge(String error, String description) {
        return "DPoP error=\"" + error + "\", error_description=\"" + description + "\", " + algorithms;
    }

    Proof of(ProofFault fault) {
        return byFault.getOrDefault(fault, CROWDED);
    }

    /// Gives the nonce to use.
    Proof nonceWanted(String nonce) {
        Headers headers = Headers.of(CHALLENGE_FIELD, challenge("use_dpop_nonce", NONCE_DETAIL), NONCE_FIELD, nonce);
        return new Proof.Refused(
                Refusal.of(401, "proof-nonce", TITLE, NONCE_DETAIL).with(headers));
    }
}
