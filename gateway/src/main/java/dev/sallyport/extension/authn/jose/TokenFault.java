package dev.sallyport.extension.authn.jose;

/// What is wrong with a token, for logs, metrics and the caller; constant texts, so that nothing of the token is
/// repeated to anybody.
public enum TokenFault {
    OPAQUE("token-opaque", "The token is not a JWT."),
    TOO_LARGE("token-too-large", "The token is too large."),
    MALFORMED("token-malformed", "The token is not well-formed."),
    HEADER("token-header", "The header of the token is not accepted."),
    ALGORITHM("token-algorithm", "The algorithm of the token is not accepted."),
    KEY("token-key", "The token is not signed by a known key."),
    SIGNATURE("token-signature", "The signature of the token does not verify."),
    TYPE("token-type", "The token is of another type."),
    ENCRYPTION("token-encryption", "The encryption of the token is not accepted, or it cannot be decrypted."),
    ISSUER("token-issuer", "The token is of another issuer."),
    AUDIENCE("token-audience", "The token is for another audience."),
    INACTIVE("token-inactive", "The token is not active."),
    EXPIRED("token-expired", "The token has expired."),
    NOT_YET_VALID("token-not-yet-valid", "The token is not valid yet."),
    LIFETIME("token-lifetime", "The token is valid for too long."),
    CLAIMS("token-claims", "A claim of the token is missing or malformed."),
    REPLAYED("token-replayed", "The token was used before."),
    BEFORE_RESTART(
            "token-before-restart",
            "The token was issued before this gateway was started, which cannot know whether it was used then."),
    BINDING("token-binding", "The token is bound to its sender, who did not prove to be it.");

    private final String code;
    private final String description;

    TokenFault(String code, String description) {
        this.code = code;
        this.description = description;
    }

    /// The stable reason code.
    public String code() {
        return code;
    }

    /// One sentence for the caller, without quotes or backslashes.
    public String description() {
        return description;
    }
}
