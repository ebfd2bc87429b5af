package dev.sallyport.extension.authn.dpop;

/// What is wrong with a proof; constant texts, so that nothing of the proof is repeated to anybody. In the order of
/// RFC 9449 §4.3 as far as it has one.
enum ProofFault {
    DOWNGRADED("proof-scheme", "The token is bound to a key: it has to be shown with the scheme DPoP and a proof."),
    MISSING("proof-missing", "The field DPoP with a proof is missing."),
    REPEATED("proof-repeated", "There is more than one field DPoP."),
    TOO_LARGE("proof-too-large", "The proof is too large."),
    MALFORMED("proof-malformed", "The proof is not a well-formed signed JWT with its public key."),
    CLAIMS("proof-claims", "A claim of the proof is missing or malformed."),
    TYPE("proof-type", "The type of the proof is not dpop+jwt."),
    ALGORITHM("proof-algorithm", "The algorithm of the proof is not accepted."),
    KEY("proof-key", "The key of the proof is not accepted."),
    SIGNATURE("proof-signature", "The signature of the proof does not verify."),
    METHOD("proof-method", "The proof is for another method."),
    TARGET("proof-target", "The proof is for another URI."),
    TIME("proof-time", "The proof was not made just now."),
    TOKEN("proof-token", "The proof is for another token."),
    BINDING("proof-binding", "The token is bound to another key than that of the proof."),
    REPLAYED("proof-replayed", "The proof was used before.");

    private final String code;
    private final String description;

    ProofFault(String code, String description) {
        this.code = code;
        this.description = description;
    }

    /// The stable reason code.
    String code() {
        return code;
    }

    /// One sentence for the caller, without quotes or backslashes.
    String description() {
        return description;
    }

    /// The error of RFC 9449 §7.1 and §7.2.
    String error() {
        return this == DOWNGRADED || this == BINDING ? "invalid_token" : "invalid_dpop_proof";
    }
}
