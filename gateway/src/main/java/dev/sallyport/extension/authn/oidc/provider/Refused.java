package dev.sallyport.extension.authn.oidc.provider;

import dev.sallyport.api.exchange.PageOrigin;
import dev.sallyport.api.exchange.Refusal;

/// Why a login, a session or a logout is refused.
public final class Refused {
    public static final Refusal HTTPS = Refusal.of(
            403, "https-required", "HTTPS required", "Browsers are logged in over https only; use the https address.");
    public static final Refusal CSRF = PageOrigin.CSRF;
    public static final Refusal SESSION_ENDED =
            Refusal.of(401, "session-ended", "Session ended", "The session has ended; log in again.");
    public static final Refusal SESSION_UNDECIDED = Refusal.of(
            503,
            "session-undecided",
            "Session could not be renewed",
            "The identity provider cannot be asked now; try again.");
    public static final Refusal UNAVAILABLE = Refusal.of(
            503,
            "login-unavailable",
            "Login not possible now",
            "The identity provider cannot be asked now; try again.");
    public static final Refusal BUSY = Refusal.of(
            503, "login-limit", "Too many logins", "Too many logins have been begun; try again in some minutes.");
    public static final Refusal RETURN_TARGET =
            Refusal.of(400, "login-return", "Bad return path", "The path to return to is not one of this site.");
    public static final Refusal CALLBACK =
            Refusal.of(400, "login-callback", "Bad login response", "The response to a login is not well-formed.");
    public static final Refusal STATE = Refusal.of(
            400,
            "login-state",
            "Login not known",
            "The login was begun by another browser, too long ago, or is over already; begin again.");
    public static final Refusal ISSUER = Refusal.of(
            400, "login-issuer", "Login of another provider", "The response to a login is of another provider.");
    public static final Refusal BY_PROVIDER =
            Refusal.of(403, "login-refused", "Login refused", "The identity provider did not log you in.");
    public static final Refusal TOKENS =
            Refusal.of(403, "login-tokens", "Login failed", "What the identity provider answered is not accepted.");
    public static final Refusal STRENGTH = Refusal.of(
            403, "login-strength", "Stronger login needed", "The login is not as strong or as recent as needed here.");
    public static final Refusal IDENTITY =
            Refusal.of(403, "login-identity", "No usable identity", "The login names nobody that can be let in.");
    public static final Refusal LOGOUT_STATE =
            Refusal.of(400, "logout-state", "Logout not known", "No logout was begun that this would end.");

    private Refused() {}
}
