package dev.sallyport.extension.authn.oidc.provider;

import dev.sallyport.api.exchange.Refusal;

/// A login, refresh or logout that does not go on: what the caller is told, and what the log is.
public final class LoginFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    /// @param why for the log, without secrets
    public LoginFailure(Refusal refusal, String why) {
        super(why);
        this.refusal = refusal;
    }

    public LoginFailure(Refusal refusal, String why, Throwable cause) {
        super(why, cause);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }
}
