package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.http.PublicUrls;
import dev.sallyport.extension.authn.session.Token;
import org.jspecify.annotations.Nullable;

/// The two cookies of one authenticator (RFC 6265bis): a session's id, and what binds a login to the browser that
/// began it.
///
/// @param session    the name of the one
/// @param login      the name of the other
/// @param attributes of both
record Cookies(String session, String login, String attributes) {
    private static final String USUAL = "; Path=/; HttpOnly; SameSite=Lax";
    private static final int LOGIN_SECONDS = 600;

    /// Those of clients that come by https: no other host and no page without TLS can set them.
    static Cookies secure(String authenticator) {
        return new Cookies(
                "__Host-sallyport-session-" + authenticator,
                "__Host-sallyport-login-" + authenticator,
                USUAL + "; Secure");
    }

    /// Those for development on one machine: browsers take no `__Host-` cookies without TLS.
    static Cookies loopback(String authenticator) {
        return new Cookies("sallyport-session-" + authenticator, "sallyport-login-" + authenticator, USUAL);
    }

    /// Sets the session's id, until the browser ends; the gateway decides when it is over.
    String sessionIs(Token id) {
        return session + "=" + id.text() + attributes;
    }

    String sessionIsOver() {
        return session + "=" + attributes + "; Max-Age=0";
    }

    String loginIs(Token binding) {
        return login + "=" + binding.text() + attributes + "; Max-Age=" + LOGIN_SECONDS;
    }

    /// The two sets of names of one authenticator.
    record Choice(Cookies secure, Cookies loopback) {
        static Choice of(String authenticator) {
            return new Choice(Cookies.secure(authenticator), Cookies.loopback(authenticator));
        }

        /// Those for a public URL; null when no cookie may be set there.
        @Nullable
        Cookies at(String publicUrl) {
            if (publicUrl.startsWith("https://")) {
                return secure;
            }
            return PublicUrls.isLoopback(publicUrl) ? loopback : null;
        }
    }
}
