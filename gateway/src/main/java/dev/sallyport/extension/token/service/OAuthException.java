package dev.sallyport.extension.token.service;

import org.jspecify.annotations.Nullable;

/// A request that gets no token: an error of RFC 6749 §5.2.
final class OAuthException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;
    private final @Nullable String nonce;

    OAuthException(int status, String error, String description) {
        this(status, error, description, null);
    }

    private OAuthException(int status, String error, String description, @Nullable String nonce) {
        super(description, null, false, false);
        this.status = status;
        this.error = error;
        this.nonce = nonce;
    }

    static OAuthException invalidRequest(String description) {
        return new OAuthException(400, "invalid_request", description);
    }

    static OAuthException invalidGrant() {
        return new OAuthException(400, "invalid_grant", "The refresh token is unknown, used, revoked or expired.");
    }

    /// The same for an unknown client as for a wrong secret.
    static OAuthException invalidClient() {
        return new OAuthException(401, "invalid_client", "The client is unknown or its secret is wrong.");
    }

    static OAuthException invalidProof(String description) {
        return new OAuthException(400, "invalid_dpop_proof", description);
    }

    /// The client's proof has to hold this nonce (RFC 9449 §8).
    static OAuthException nonceWanted(String nonce) {
        return new OAuthException(
                400, "use_dpop_nonce", "The proof has to hold the nonce that this response gives.", nonce);
    }

    static OAuthException unavailable() {
        return new OAuthException(503, "temporarily_unavailable", "Try again later.");
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }

    /// What the next proof has to hold, or null.
    @Nullable
    String nonce() {
        return nonce;
    }

    String description() {
        return String.valueOf(getMessage());
    }
}
