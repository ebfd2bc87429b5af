package dev.sallyport.extension.token.service;

/// A request that gets no token: an error of RFC 6749 §5.2.
final class OAuthException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    OAuthException(int status, String error, String description) {
        super(description, null, false, false);
        this.status = status;
        this.error = error;
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

    static OAuthException unavailable() {
        return new OAuthException(503, "temporarily_unavailable", "Try again later.");
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }

    String description() {
        return String.valueOf(getMessage());
    }
}
